"""A piece of work in a process of its own: its memory goes with it, and a crash in it is a failed piece of work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: its exit status, what it wrote on stdout, and in a few words what went wrong."""

    code: int
    said: str
    complaint: str


def run_apart(module: str, *words: str, **environment: str) -> Outcome:
    """Run `python -m MODULE WORDS`. It ends with this process, however that ends (see `end_with_parent`)."""
    # The places that this process imports from, and not the folder that a person happens to be in.
    paths = os.pathsep.join(path for path in sys.path if path)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *words],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
            env={**os.environ, "PYTHONPATH": paths, **environment},
        )
        try:
            code = process.wait()
        finally:
            process.kill()
            process.communicate()
        said, complaint = (_read(file) for file in (out, err))
    return Outcome(code, said, _killed(code) or (complaint.splitlines() or ["no reason given"])[-1])


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").strip()


def end_with_parent() -> None:
    """In such a process: end it when the one that started it is gone, even if that was killed."""
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever written: it returns when the other end is closed
    os._exit(1)


def _killed(code: int) -> str:
    if code >= 0:
        return ""
    name = signal.Signals(-code).name
    return "it was killed, probably for want of memory" if name == "SIGKILL" else f"it crashed with {name}"
