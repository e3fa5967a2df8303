"""A hub on loopback that answers as the Hugging Face hub does, and breaks off when it is told to."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = (".bin", ".safetensors")  # kept apart, and so with a sha256


@dataclass
class Hub:
    """What the hub has, what it has been asked for, and where it breaks off."""

    files: dict[str, bytes]
    id: str = "someone/tiny"
    error: tuple[int, str, str] | None = None  # status, code and message for whatever is asked
    says_sha256: str = ""  # instead of the true one
    ranges: bool = True  # whether it can go on in the middle of a file
    stalls: bool = False  # it falls silent instead of closing the connection
    cuts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # after so many bytes
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # path, Range, Authorization
    agents: set[str] = field(default_factory=set)
    port: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def ranges_of(self, name: str) -> list[str]:
        """The ranges that were asked of one file, where it is kept."""
        return [wanted for path, wanted, _ in self.asked if path == f"/kept/{name}"]

    def description(self) -> dict[str, object]:
        siblings = []
        for name, content in self.files.items():
            entry: dict[str, object] = {"rfilename": name, "size": len(content)}
            if name.endswith(LARGE):
                sha256 = self.says_sha256 or hashlib.sha256(content).hexdigest()
                entry["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 134}
            siblings.append(entry)
        return {"id": self.id, "modelId": self.id, "sha": COMMIT, "siblings": siblings}


def hub_of(folder: Path) -> Hub:
    return Hub({file.name: file.read_bytes() for file in sorted(folder.iterdir())})


class HubServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.hub, hub.port = hub, self.server_port

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has gone, which is what some tests are about."""


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HubServer

    def do_GET(self) -> None:
        hub, path = self.server.hub, unquote(urlsplit(self.path).path)
        hub.asked.append((path, self.headers.get("Range", ""), self.headers.get("Authorization", "")))
        hub.agents.add(self.headers.get("User-Agent", ""))
        if hub.error:
            status, code, message = hub.error
            self._send(status, headers={"X-Error-Code": code, "X-Error-Message": message})
        elif path.startswith("/api/"):
            self._describe(hub, path.removeprefix(f"/api/models/{hub.id}"))
        else:
            self._give(hub, path, path.rpartition("/")[2])

    def _describe(self, hub: Hub, rest: str) -> None:
        if rest in ("", f"/revision/{COMMIT}", "/revision/main"):
            self._send(200, json.dumps(hub.description()).encode(), {"Content-Type": "application/json"})
        else:
            code = "RevisionNotFound" if rest.startswith("/revision/") else "RepoNotFound"
            self._send(404, headers={"X-Error-Code": code})

    def _give(self, hub: Hub, path: str, name: str) -> None:
        resolve = path == f"/{hub.id}/resolve/{COMMIT}/{name}"
        if name not in hub.files or not (resolve or path == f"/kept/{name}"):
            self._send(404, headers={"X-Error-Code": "EntryNotFound"})
        elif resolve and name.endswith(LARGE):
            # Another host than 127.0.0.1: what the hub may know, its store shall not.
            self._send(302, headers={"Location": f"http://localhost:{hub.port}/kept/{name}"})
        else:
            self._content(hub, name)

    def _content(self, hub: Hub, name: str) -> None:
        content, wanted = hub.files[name], self.headers.get("Range", "")
        first = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and hub.ranges else 0
        headers = {"Content-Range": f"bytes {first}-{len(content) - 1}/{len(content)}"} if first else {}
        cut = hub.cuts[name].pop(0) if hub.cuts[name] else None
        self._send(206 if first else 200, content[first:], headers, cut)
        if cut is not None:
            self.close_connection = True
            if hub.stalls:
                hub.released.wait(60)

    def _send(
        self, status: int, body: bytes = b"", headers: dict[str, str] | None = None, cut: int | None = None
    ) -> None:
        self.send_response(status)
        for key, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body[:cut])
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def serving(hub: Hub) -> Iterator[str]:
    """The hub's address, while it answers."""
    server = HubServer(hub)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{hub.port}"
    finally:
        hub.released.set()
        server.shutdown()
        server.server_close()
