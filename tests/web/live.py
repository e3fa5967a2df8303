"""The application served by uvicorn as in use, and requests written byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from web.server import configuration

MOST_CONNECTIONS = 1000
PATIENCE = 10.0  # seconds that an answer may take here


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The application's address on a free port; it stops with the block."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    server = uvicorn.Server(configuration(app, MOST_CONNECTIONS))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """`status` is 0 where the connection was closed without an answer; `answers` counts the status lines."""

    status: int
    headers: dict[str, str]
    body: bytes
    answers: int


def connect(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def send(address: str, request: bytes, patience: float = PATIENCE) -> RawAnswer:
    """What comes back until the server closes, which what is sent should ask for, or nothing more comes."""
    with connect(address) as wire:
        wire.settimeout(patience)
        received = b""
        try:
            wire.sendall(request)
            while chunk := wire.recv(65536):
                received += chunk
        except (ConnectionResetError, BrokenPipeError, TimeoutError):
            pass  # refused in the middle of it, or waited for the rest
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ")[1]) if lines[0].startswith("HTTP/") else 0
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
    }
    return RawAnswer(status, headers, body, received.count(b"HTTP/1.1 "))


def get(address: str, target: bytes, *headers: bytes, method: bytes = b"GET") -> RawAnswer:
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: arkiv.example", b"Connection: close", *headers]
    return send(address, b"\r\n".join(lines) + b"\r\n\r\n")
