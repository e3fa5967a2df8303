"""Where the gallery's bad inputs are made: a folder, and a server on loopback that answers as badly as it is told."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from tests.pipeline.conftest import AGENDA, CAPTIONS, ffmpeg

TONE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=12:sample_rate=44100")
PICTURE = ("-f", "lavfi", "-i", "testsrc=duration=12:size=160x90:rate=5")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "5")

Answer = Callable[["Asked"], None]


class Asked(BaseHTTPRequestHandler):
    """One question to the server, and the few ways that the cases answer it."""

    world: World

    def do_GET(self) -> None:
        answer = self.world.answers.get(self.path.partition("?")[0])
        if answer is None:
            self.say(404)
        else:
            answer(self)

    do_HEAD = do_GET

    def say(self, status: int, data: bytes = b"", type: str = "", **headers: str) -> None:
        """An answer with its right length, unless the headers say another."""
        told = {"Content-Type": type, "Content-Length": str(len(data))}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.send_response(status)
        for name, value in told.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # whoever asked wants no more
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@dataclass
class World:
    """The folder that everything is made in, and the server's answers by their paths."""

    folder: Path
    address: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    over: Event = field(default_factory=Event)

    def file(self, name: str, data: bytes | str = b"") -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    def made(self, name: str, *arguments: str) -> str:
        """A file that ffmpeg makes."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        ffmpeg(*arguments, str(path))
        return str(path)

    def serve(self, path: str, answer: Answer | bytes, type: str = "") -> str:
        """The address at which this is answered."""
        if isinstance(answer, bytes):
            data = answer
            self.answers[path] = lambda asked: asked.say(200, data, type)
        else:
            self.answers[path] = answer
        return self.address + path

    def stream(self, folder: str, *options: str) -> Path:
        """The good recording as an HLS stream in a folder, not yet served."""
        made = self.folder / folder
        made.mkdir()
        ffmpeg("-i", self.good, "-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", *options,
               str(made / "a.m3u8"))  # fmt: skip
        return made

    def serve_folder(self, made: Path) -> str:
        """Serve all in a folder; returns the address of its manifest."""
        for file in made.iterdir():
            self.serve(f"/{made.name}/{file.name}", file.read_bytes())
        return f"{self.address}/{made.name}/a.m3u8"

    @property
    def good(self) -> str:
        """Twelve seconds with picture and sound."""
        path = self.folder / "god.mp4"
        if not path.exists():
            self.made("god.mp4", *TONE, *PICTURE, *H264, "-c:a", "aac", "-movflags", "+faststart")
        return str(path)

    @property
    def sound(self) -> str:
        path = self.folder / "god.mp3"
        return str(path) if path.exists() else self.made("god.mp3", *TONE, "-b:a", "48k")

    @property
    def captions(self) -> str:
        return self.file("god.vtt", CAPTIONS)

    @property
    def agenda(self) -> str:
        return self.file("god.json", json.dumps({"items": AGENDA["items"]}))

    @property
    def open_agenda(self) -> str:
        """The same without its closed item, in doubt about which all would be withheld."""
        return self.file("aaben.json", json.dumps({"items": AGENDA["items"][:2]}))

    def plain(self, text: str) -> str:
        """A line as it would read elsewhere: without this folder and this port."""
        port = self.address.rpartition(":")[2]
        text = text.replace(str(self.folder), "/optagelser").replace(f"127.0.0.1:{port}", "kilde.example")
        return text.replace("\n", "⏎ ")


@contextlib.contextmanager
def world(folder: Path) -> Iterator[World]:
    made = World(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("One", (Asked,), {"world": made}))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
