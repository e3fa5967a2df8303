"""A real server on loopback that answers as FirstAgenda Publication does, and as badly as a test asks."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LIST = "/api/agenda/udvalgsliste"
PAPER = "/api/agenda/dagsorden/"


@dataclass(frozen=True)
class Fault:
    """How one answer goes wrong: another status, other bytes, cut off after so many, or late (seconds)."""

    status: int = 200
    data: bytes | None = None
    cut_after: int | None = None
    late: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    path: str
    conditional: bool
    status: int
    at: float


def item(number: int, title: str, *, open_: bool | None = True, **more: Any) -> dict[str, Any]:
    told = {"Id": guid(f"{number} {title}"), "Punktnummer": str(number), "Navn": title, "Sorting": number}
    return told | ({} if open_ is None else {"IsOpen": open_}) | more


def guid(text: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


@dataclass
class PortalSite:
    """What is published. `cookie` is what the host wants first: nothing, a redirect, or a visit to its front page."""

    address: str = ""
    bodies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    papers: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    cookie: str = "none"
    etags: bool = True
    dates: bool = False  # Last-Modified instead of ETag
    pause: float = 0.0  # s that every answer takes
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def publish(
        self, day: str, items: list[dict[str, Any]], *, name: str = "Dagsorden", body: str = "Byrådet",
        hour: str = "16:00:00", key: str = "", **more: Any,
    ) -> str:  # fmt: skip
        """A paper of a meeting; the same name, body and day again is the same paper."""
        identity = guid(key or f"{body} {day} {hour} {name}")
        when = f"{day}T{hour}+01:00"
        entry = {
            "Id": identity, "Dato": when, "MeetingBeginUtc": when, "ReleasedDate": f"{day}T09:00:00+01:00",
            "Navn": name, "IsSupplementaryAgenda": name.startswith("Till"), "Afsluttet": name == "Referat",
        }  # fmt: skip
        entries = self.bodies.setdefault(body, [])
        entries[:] = [e for e in entries if e["Id"] != identity] + [entry]
        self.papers[identity] = {
            "Id": identity, "Udvalg": {"Id": guid(body), "Navn": body}, "Moede": {"Dato": when, "Navn": None},
            "TillaegsDagsorden": False, "Lydfiler": None, "Dagsordenpunkter": items, **more,
        }  # fmt: skip
        return identity

    def withdraw(self, identity: str) -> None:
        self.papers.pop(identity, None)
        for entries in self.bodies.values():
            entries[:] = [e for e in entries if e["Id"] != identity]

    def fail(self, path: str, *faults: Fault) -> None:
        self.faults.setdefault(path, []).extend(faults)

    def document(self, path: str) -> bytes | None:
        if path == LIST:
            committees = [{"Id": guid(b), "Navn": b, "Moeder": m} for b, m in self.bodies.items()]
            return json.dumps({"Udvalg": {"Udvalg 2026-2029": committees}}, ensure_ascii=False).encode()
        if path.startswith(PAPER):
            paper = self.papers.get(path.removeprefix(PAPER))
            return json.dumps(paper, ensure_ascii=False).encode() if paper else None
        return self.files.get(path)

    def count(self, prefix: str = "/api/", status: int | None = None) -> int:
        return sum(a.path.startswith(prefix) and status in (None, a.status) for a in self.asked)

    def forget(self) -> None:
        self.asked.clear()


class _Handler(BaseHTTPRequestHandler):
    site: PortalSite
    lock: threading.Lock

    def do_GET(self) -> None:
        with self.lock:
            self.site.at_once += 1
            self.site.most_at_once = max(self.site.most_at_once, self.site.at_once)
        try:
            time.sleep(self.site.pause)
            self._answer(self.path.partition("?")[0])
        finally:
            with self.lock:
                self.site.at_once -= 1

    def _answer(self, path: str) -> None:
        faults = self.site.faults.get(path)
        if faults:
            self._go_wrong(path, faults.pop(0))
            return
        if path == "/" or path.startswith("/Home/"):
            back = {"Location": self.path.partition("callback=")[2]} if path != "/" else {}
            self._send(path, 302 if back else 200, b"", {"Set-Cookie": "who=somebody; path=/", **back})
            return
        if (
            path.startswith("/api/")
            and self.site.cookie != "none"
            and "who=" not in self.headers.get("Cookie", "")
        ):
            self._without_cookie(path)
            return
        data = self.site.document(path)
        if data is None:
            self._send(path, 404, b"", {})
            return
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        headers = {"ETag": tag} if self.site.etags else {}
        if self.site.dates:
            headers = {"Last-Modified": "Tue, 03 Mar 2026 10:00:00 GMT"}
        same = self.headers.get("If-None-Match") == tag if self.site.etags else False
        same = same or (self.site.dates and self.headers.get("If-Modified-Since") == headers["Last-Modified"])
        self._send(path, 304 if same else 200, b"" if same else data, headers)

    def _without_cookie(self, path: str) -> None:
        if self.site.cookie == "redirect":
            self._send(path, 302, b"", {"Location": "/Home/AnonymousAuthentication?callback=" + path})
        else:
            self._send(path, 200, b"<!doctype html><title>Dagsordener</title>", {"Content-Type": "text/html"})

    def _go_wrong(self, path: str, fault: Fault) -> None:
        time.sleep(fault.late)
        data = fault.data if fault.data is not None else self.site.document(path) or b""
        self._send(path, fault.status, data, dict(fault.headers), fault.cut_after)

    def _send(
        self, path: str, status: int, data: bytes, headers: dict[str, str], cut_after: int | None = None
    ) -> None:
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        self.site.asked.append(Asked(path, conditional, status, time.monotonic()))
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:cut_after])
        if cut_after is not None:
            self.close_connection = True

    def handle(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def portal_site() -> Iterator[PortalSite]:
    site = PortalSite()
    handler = type("One", (_Handler,), {"site": site, "lock": threading.Lock()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
