"""The command line over one home, as processes that are watched and killed."""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENDED = {"event": "ended"}


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TALERSTOL_")}
    ours = {
        "PYTHONPATH": str(ROOT),
        "TALERSTOL_HOME": str(home),
        "TALERSTOL_ALLOW_PRIVATE_ADDRESSES": "1",
        "TALERSTOL_HTTP_TIMEOUT": "4",
        "TALERSTOL_RATE_LIMITS": "0",
        "TALERSTOL_KEEP_FREE_BYTES": "0",
        "TALERSTOL_LOG_FORMAT": "json",
        "TALERSTOL_LOG_LEVEL": "info",
    }
    return {**kept, **ours, **more}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", *words]


@dataclass
class Watched:
    """A run whose events are heard as they come."""

    process: subprocess.Popen[str]
    events: queue.Queue[dict[str, object]] = field(default_factory=queue.Queue)
    step: str = "starting"  # what it was doing last
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            try:
                event = json.loads(line)
            except ValueError:
                self.complaints.append(line)
                continue
            name = event.get("event", "")
            if name == "step begins":
                self.step = str(event["step"])
            elif name in ("step done", "step failed"):
                self.step = f"after {event['step']}"
            if "unexpectedly" in name or "error" in event:
                self.complaints.append(line)
            self.events.put(event)
        self.events.put(ENDED)

    def until_step(self, step: str, times: int, patience: float) -> bool:
        """Wait until such a step has begun so many times. False: the run ended before, or it took too long."""
        until = time.monotonic() + patience
        while (left := until - time.monotonic()) > 0:
            try:
                event = self.events.get(timeout=left)
            except queue.Empty:
                return False
            if event is ENDED:
                return False
            if event.get("event") == "step begins" and event.get("step") == step:
                times -= 1
                if times <= 0:
                    return True
        return False

    def kill(self) -> bool:
        """`kill -9`. False: it had ended by itself."""
        alive = self.process.poll() is None
        self.process.kill()
        self.process.wait()
        return alive


@contextmanager
def running(home: Path, *words: str, **settings: str) -> Iterator[Watched]:
    process = subprocess.Popen(
        command(*words), env=environment(home, **settings), cwd=ROOT,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    watched = Watched(process)
    listener = threading.Thread(target=watched.listen, daemon=True)
    listener.start()
    try:
        yield watched
    finally:
        process.kill()
        process.wait()
        listener.join(10)
        if process.stderr:
            process.stderr.close()


def said(home: Path, *words: str, **settings: str) -> tuple[int, str]:
    """Run a command to its end: its exit code and what it printed."""
    done = subprocess.run(
        command(*words), env=environment(home, **settings), cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=600,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
