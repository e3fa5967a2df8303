"""A real process: what is under way is finished when it is asked to stop, and nobody holds it up by saying nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

PROGRAM = """
import asyncio
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from web import prompt_http, serve

prompt_http.HEAD_SECONDS = 0.4

async def slow(request):
    await asyncio.sleep(1.0)
    return PlainTextResponse("færdig")

async def quick(request):
    return PlainTextResponse(request.client.host)

serve(Starlette(routes=[Route("/slow", slow), Route("/", quick)]), "127.0.0.1", {port}, max_connections={most})
"""


@contextmanager
def serving(tmp_path: Path, most: int = 1000) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    root = Path(__file__).parents[2]
    with (tmp_path / "log").open("wb") as handle:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(port=port, most=most)],
            cwd=root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(root)])},
            stdout=handle,
            stderr=handle,
        )
    try:
        for _ in range(200):
            try:
                httpx2.get(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except httpx2.TransportError:
                time.sleep(0.05)
        yield port, process
    finally:
        process.kill()
        process.wait()


def test_an_answer_under_way_is_finished(tmp_path: Path) -> None:
    with serving(tmp_path) as (port, process):
        answers: list[str] = []
        asked = threading.Thread(
            target=lambda: answers.append(httpx2.get(f"http://127.0.0.1:{port}/slow", timeout=20).text)
        )
        asked.start()
        time.sleep(0.4)  # the request is there, its answer is not
        process.send_signal(signal.SIGTERM)
        asked.join(20)
        assert answers == ["færdig"]
        assert process.wait(timeout=20) == 0
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"http://127.0.0.1:{port}/", timeout=5)


def test_a_connection_without_a_request_is_closed(tmp_path: Path) -> None:
    with serving(tmp_path) as (port, _), socket.create_connection(("127.0.0.1", port), timeout=10) as silent:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\n")
            begun = time.monotonic()
            try:
                for _ in range(100):  # a header now and then keeps nothing open
                    slow.sendall(b"X-A: b\r\n")
                    time.sleep(0.05)
            except OSError:
                pass
            assert time.monotonic() - begun < 4
        assert silent.recv(100) == b""
        # Who does ask keeps the connection, also after a while.
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            assert client.get("/slow").text == "færdig"
            time.sleep(0.6)
            assert client.get("/").text == "127.0.0.1"


def test_headers_have_a_size_and_connections_a_number(tmp_path: Path) -> None:
    with serving(tmp_path, most=10) as (port, _):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as endless:
            endless.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 40_000)
            assert b" 400 " in endless.recv(100)
        # What a proxy says of a visitor is for us to believe or not, not for the server.
        forged = {"x-forwarded-for": "203.0.113.7"}
        assert httpx2.get(f"http://127.0.0.1:{port}/", headers=forged, timeout=5).text == "127.0.0.1"
        held = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(10)]
        assert httpx2.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 503
        for each in held:
            each.close()
