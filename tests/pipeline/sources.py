"""Where recordings come from, as servers of ours that a test changes under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


@dataclass
class Source:
    """A server with one recording that a test changes; it heeds neither ranges nor conditions."""

    address: str = ""
    data: bytes = b""
    modified: str = ""
    tag: str = ""
    gone: bool = False
    silent: bool = False  # it hangs up without an answer
    asked: list[str] = field(default_factory=list)  # methods


@contextmanager
def one_recording() -> Iterator[Source]:
    """A source for as long as the block lasts."""
    found = Source()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.command)
            if found.silent:
                self.close_connection = True
                return
            self.send_response(404 if found.gone else 200)
            data = b"" if found.gone else found.data
            for name, value in (("ETag", found.tag), ("Last-Modified", found.modified)):
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Type", "audio/mpeg")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with listening(Handler) as address:
        found.address = f"{address}/moede.mp3"
        yield found


@contextmanager
def files_of(folder: Path) -> Iterator[str]:
    """The address of a server of these files, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = folder / Path(self.path).name
            data = file.read_bytes() if file.exists() else b""
            self.send_response(200 if data else 404)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with listening(Handler) as address:
        yield address


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server's address, for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
