"""Serving for real: a process that answers, and stops when asked."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from catalogue import EngineError
from web import app as app_module
from web import serve

PROGRAM = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from web import serve

serve(Starlette(routes=[Route("/", lambda request: PlainTextResponse("her"))]), "127.0.0.1", {port})
"""


def test_serves_until_asked_to_stop(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    root = Path(__file__).parents[2]
    with log.open("wb") as handle:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(port=port)],
            cwd=root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(root)])},
            stdout=handle,
            stderr=handle,
        )
    try:
        assert _answer(port) == "her"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
    written = log.read_text(encoding="utf-8")
    assert "serving" in written
    assert "stopped" in written
    assert "hemmelig" not in written
    assert "Traceback" not in written


def _answer(port: int) -> str:
    for _ in range(100):
        try:
            return httpx2.get(f"http://127.0.0.1:{port}/?q=hemmelig", timeout=5).text
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError("no answer within 10 seconds")


def test_an_address_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EngineError, match="already in use") as refused:
            serve(Starlette(), "127.0.0.1", port)
    assert f"127.0.0.1:{port}" in refused.value.sentence


def test_only_the_word_tables_are_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read of an index goes when the index changes; frozen, it would stay for good."""
    done: list[str] = []

    class Engine:
        def warm(self) -> None:
            done.append("engine")
            raise EngineError("away")

    monkeypatch.setattr(app_module, "warm", lambda: done.append("tables"))
    monkeypatch.setattr(gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    app_module._warm(Engine())  # type: ignore[arg-type]
    assert done == ["tables", "collect", "freeze", "engine"]
