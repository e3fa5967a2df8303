"""Real media made by ffmpeg, and small servers on loopback that behave as badly as a test asks."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import imageio_ffmpeg
import pytest
import stamina

from catalogue import Settings
from ingest import Web

TONE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=10:sample_rate=44100")
PICTURE = ("-f", "lavfi", "-i", "testsrc=duration=10:size=320x180:rate=10")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10")


FFMPEG = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()


def ffmpeg(*arguments: str) -> None:
    subprocess.run([FFMPEG, "-hide_banner", "-loglevel", "error", "-y", *arguments], check=True, timeout=120)


def nothing(_: float, __: float | None) -> None:
    """A progress that nobody watches."""


@dataclass(frozen=True)
class Media:
    """Ten seconds of a tone, with and without a picture."""

    folder: Path
    video: Path
    sound: Path
    wav: Path
    silent_film: Path


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Media:
    folder = tmp_path_factory.mktemp("media")
    made = Media(folder, *(folder / name for name in ("video.mp4", "sound.mp3", "sound.wav", "stum.mp4")))
    ffmpeg(*TONE, *PICTURE, *H264, "-c:a", "aac", "-movflags", "+faststart", str(made.video))
    ffmpeg(*TONE, "-c:a", "libmp3lame", str(made.sound))
    ffmpeg(*TONE, str(made.wav))
    ffmpeg(*PICTURE, *H264, str(made.silent_film))
    return made


@dataclass
class Site:
    """What a server serves, and how: `cut_after` bytes of a body it hangs up, that many times."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    ranges: bool = True
    etag: str = '"one"'
    cut_after: int = 0
    cuts: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, Range
    statuses: dict[str, int] = field(default_factory=dict)  # answered in place of the file
    made: dict[str, Callable[[], bytes]] = field(default_factory=dict)  # made anew at each question
    signed_for: int = 0  # questions with `?s=` that one signature is good for
    good: dict[str, int] = field(default_factory=dict)
    if_range: bool = True  # whether it heeds that header

    def add_folder(self, folder: Path) -> None:
        for file in folder.rglob("*"):
            if file.is_file():
                self.files["/" + file.relative_to(folder).as_posix()] = file.read_bytes()


class Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.site.asked.append((path, self.headers.get("Range", "")))
        if path in self.site.redirects:
            self._begin(302, {"Location": self.site.redirects[path], "Content-Length": "0"})
            return
        if path in self.site.made:
            self.site.files[path] = self.site.made[path]()
        if path in self.site.statuses or self._is_expired():
            self._begin(self.site.statuses.get(path, 403), {"Content-Length": "0"})
            return
        if path not in self.site.files:
            self._begin(404, {"Content-Length": "0"})
            return
        self._send(path, self.site.files[path])

    do_HEAD = do_GET

    def _is_expired(self) -> bool:
        """Whether the signature was used up, or is not the newest."""
        _, _, signature = self.path.partition("?s=")
        if not self.site.signed_for or not signature:
            return False
        left = self.site.good.get(signature, self.site.signed_for)
        self.site.good = {signature: left - 1}
        return left <= 0

    def _send(self, path: str, data: bytes) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        same = not self.site.if_range or self.headers.get("If-Range", self.site.etag) == self.site.etag
        headers = {"Content-Type": self.site.types.get(path, ""), **self.site.headers.get(path, {})}
        if self.site.ranges and self.site.etag:
            headers["ETag"] = self.site.etag
        status, body = 200, data
        if wanted and same and self.site.ranges:
            start = int(wanted[1])
            if start >= len(data):
                self._begin(416, {"Content-Range": f"bytes */{len(data)}", "Content-Length": "0"})
                return
            body = data[start : int(wanted[2]) + 1 if wanted[2] else None]
            headers["Content-Range"] = f"bytes {start}-{start + len(body) - 1}/{len(data)}"
            status = 206
        self._begin(status, {"Content-Length": str(len(body)), **headers})
        if self.command == "HEAD":
            return
        if self.site.cuts and len(body) > self.site.cut_after:
            self.site.cuts -= 1
            self.wfile.write(body[: self.site.cut_after])
            self.wfile.flush()
            self.close_connection = True
            return
        self.wfile.write(body)

    def _begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()

    def handle(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it read as much as it wanted
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def new_site() -> Iterator[Callable[[], Site]]:
    """Start a server on loopback; any number in one test."""
    running: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start() -> Site:
        site = Site()
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("One", (Handler,), {"site": site}))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))
        site.address = f"http://127.0.0.1:{server.server_port}"
        return site

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(new_site: Callable[[], Site]) -> Site:
    return new_site()


@pytest.fixture
def web(settings: Settings) -> Web:
    return Web(settings)


@pytest.fixture
def guarded(settings: Settings) -> Web:
    """As it is by default: private addresses are refused."""
    return Web(settings.model_copy(update={"allow_private_addresses": False}))


@pytest.fixture(autouse=True)
def _without_waiting() -> Iterator[None]:
    """Tries follow each other at once."""
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)
