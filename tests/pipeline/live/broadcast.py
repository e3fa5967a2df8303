"""A sender of a live stream on loopback: a playlist that slides in time, and all that goes wrong with one.

Its clock is a count of ticks, one a segment, and runs faster than a real sender's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FACTS = ("--body", "Byrådet", "--municipality", "Tranevig", "--date", "2026-03-04")
MEETING = "tranevig-byraadet-2026-03-04"  # what those say
BEGAN = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Sent:
    """A segment of the broadcast: `second` is when it was filmed, by the sender's clock."""

    number: int
    name: str
    second: float
    seconds: float
    discontinuity: bool = False


@dataclass
class Sender:
    """Segments come out one a tick; `window` of them are named. What is in `faults` answers as it says, so often. With
    `tokens` every answer names its segments under a token of its own, and those of earlier answers lead nowhere."""

    files: dict[str, bytes]
    order: list[Sent]
    window: int = 15
    dates: bool = True
    ended: bool = True
    tokens: bool = False
    answers: int = 0
    tick: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)
    down: set[int] = field(default_factory=set)  # ticks at which nothing is answered
    seen: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)  # set by every request
    address: str = ""

    def may_begin_anew(self) -> bool:
        """Whether all that the next tick would take out of the playlist was asked for: no recorder is quicker than that."""
        if not 0 < self.tick < len(self.order) or self.order[self.tick].number:
            return True
        return self.order[self.tick - 1].name in self.seen

    def playlist(self) -> bytes:
        self.answers += 1
        out = self.order[: self.tick]
        if out:
            first = max(n for n, one in enumerate(out) if n == 0 or one.number <= out[n - 1].number)
            out = out[first:][-self.window :]
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2"]
        lines.append(f"#EXT-X-MEDIA-SEQUENCE:{out[0].number if out else 0}")
        for one in out:
            lines += ["#EXT-X-DISCONTINUITY"] if one.discontinuity else []
            if self.dates:
                lines.append(
                    f"#EXT-X-PROGRAM-DATE-TIME:{(BEGAN + timedelta(seconds=one.second)).isoformat()}"
                )
            lines += [
                f"#EXTINF:{one.seconds:.3f},",
                f"{one.name}?{self.answers}" if self.tokens else one.name,
            ]
        if self.ended and self.tick >= len(self.order):
            lines.append("#EXT-X-ENDLIST")
        return "\n".join([*lines, ""]).encode()


class _Handler(BaseHTTPRequestHandler):
    sender: Sender

    def do_GET(self) -> None:
        sender, (name, _, token) = self.sender, self.path.lstrip("/").partition("?")
        sender.seen.append(name)
        sender.asked.set()
        fault = sender.faults[name].pop(0) if sender.faults.get(name) else ""
        if fault == "503" or sender.tick in sender.down:
            self._answer(503, b"")
        elif name == "live.m3u8":
            self._answer(200, sender.playlist())
        elif token and int(token) != sender.answers:
            self._answer(403, b"")
        elif name not in sender.files or fault == "404":
            self._answer(404, b"")
        elif fault == "half":  # the connection breaks off in the middle
            whole = sender.files[name]
            self.send_response(200)
            self.send_header("Content-Length", str(len(whole)))
            self.end_headers()
            self.wfile.write(whole[: len(whole) // 2])
        elif fault == "growing":  # the sender is still writing it
            self._answer(200, sender.files[name][:1000])
        else:
            self._answer(200, sender.files[name])

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def on_air(sender: Sender, every: float | None) -> Iterator[Sender]:
    """Serve it, and let a tick pass `every` so many seconds (None: the test moves the clock)."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("One", (_Handler,), {"sender": sender}))
    sender.address = f"http://127.0.0.1:{server.server_port}/live.m3u8"
    over = threading.Event()

    def tick() -> None:
        while every is not None and not over.wait(every) and sender.tick < len(sender.order):
            sender.tick += sender.may_begin_anew()

    threads = [threading.Thread(target=tick), threading.Thread(target=server.serve_forever, args=(0.02,))]
    for thread in threads:
        thread.start()
    try:
        yield sender
    finally:
        over.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()


def segments_in(folder: Path, prefix: str) -> tuple[dict[str, bytes], list[tuple[str, float]]]:
    """The files of a VOD playlist `a.m3u8` that ffmpeg made, under names of their own, with their lengths in order."""
    files, lengths, seconds = {}, [], 0.0
    for line in (folder / "a.m3u8").read_text().splitlines():
        if line.startswith("#EXTINF:"):
            seconds = float(line[8:].rstrip(","))
        elif line and not line.startswith("#"):
            files[f"{prefix}{line}"] = (folder / line).read_bytes()
            lengths.append((f"{prefix}{line}", seconds))
    return files, lengths
