"""The source of the recordings, and the network before it: a proxy that cuts, slows and corrupts what passes.

What it corrupts can be noticed: an answer that is no HTTP, or a page instead of a recording. Bits that are turned over
inside sound or picture cannot: neither HTTP nor HLS has a checksum of what is sent, and TLS sees to them elsewhere.
"""

from __future__ import annotations

import hashlib
import random
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CHUNK = 4096
SLOWEST = 2.0  # s that a slow answer is held up in all
PAGE = b"<!doctype html><title>Fejl</title><p>Tjenesten er midlertidigt utilg\xc3\xa6ngelig."
PAGE_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
    % (len(PAGE), PAGE)
)
FAULTS = ("refused", "cut", "slow", "no HTTP", "a page")


@dataclass
class Network:
    """The way to the source. `badness` is the share of connections with which something happens."""

    address: str
    badness: float = 0.0
    happened: dict[str, int] = field(default_factory=dict)
    chance: random.Random = field(default_factory=random.Random)

    def weather(self) -> str:
        fault = self.chance.choice(FAULTS) if self.chance.random() < self.badness else ""
        if fault:
            self.happened[fault] = self.happened.get(fault, 0) + 1
        return fault


@contextmanager
def network(served: Path, seed: int) -> Iterator[Network]:
    with _source(served) as port, socket.create_server(("127.0.0.1", 0)) as listening:
        there = Network(f"http://127.0.0.1:{listening.getsockname()[1]}", chance=random.Random(seed))
        threading.Thread(target=_accept, args=(listening, port, there), daemon=True).start()
        yield there


def _accept(listening: socket.socket, upstream: int, net: Network) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:  # closed: the test is over
            return
        threading.Thread(target=_relay, args=(client, upstream, net), daemon=True).start()


def _relay(client: socket.socket, upstream: int, net: Network) -> None:
    """One request and its answer; the connection ends with it."""
    with suppress(OSError), client:
        client.settimeout(10)
        request = b""
        while b"\r\n\r\n" not in request:
            arrived = client.recv(CHUNK)
            if not arrived:
                return
            request += arrived
        match net.weather():
            case "refused":
                return
            case "no HTTP":
                client.sendall(net.chance.randbytes(200))
                return
            case "a page":
                client.sendall(PAGE_ANSWER)
                return
            case fault:
                _pass_on(client, request, upstream, fault, net.chance)


def _pass_on(client: socket.socket, request: bytes, upstream: int, fault: str, chance: random.Random) -> None:
    left = chance.randrange(1, 60_000) if fault == "cut" else 1 << 40
    held_up = 0.0
    with socket.create_connection(("127.0.0.1", upstream), timeout=10) as server:
        server.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        while left > 0 and (arrived := server.recv(CHUNK)):
            client.sendall(arrived[:left])
            left -= len(arrived)
            if fault == "slow" and held_up < SLOWEST:
                time.sleep(0.1)
                held_up += 0.1


class _Files(BaseHTTPRequestHandler):
    """Files with their names (`ETag`) and ranges, as a web server gives them."""

    protocol_version = "HTTP/1.1"
    root: Path

    def do_GET(self) -> None:
        file = self.root / self.path.lstrip("/")
        if not file.is_file():
            self.send_error(404)
            return
        data = file.read_bytes()
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if asked and self.headers.get("if-range", tag) == tag:
            first, last = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
            if first >= len(data):
                self._answer(416, b"", tag, f"bytes */{len(data)}")
                return
            self._answer(206, data[first : last + 1], tag, f"bytes {first}-{last}/{len(data)}")
        else:
            self._answer(200, data, tag)

    def _answer(self, status: int, data: bytes, tag: str, content_range: str = "") -> None:
        self.send_response(status)
        ending = Path(self.path).suffix
        types = {".mp4": "video/mp4", ".mp3": "audio/mpeg", ".m3u8": "application/vnd.apple.mpegurl"}
        self.send_header("content-type", types.get(ending, "video/mp2t"))
        self.send_header("etag", tag)
        self.send_header("content-length", str(len(data)))
        if content_range:
            self.send_header("content-range", content_range)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Who asked was killed in the middle of it: that is what this is for."""


@contextmanager
def _source(served: Path) -> Iterator[int]:
    server = _Server(("127.0.0.1", 0), type("Served", (_Files,), {"root": served}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
