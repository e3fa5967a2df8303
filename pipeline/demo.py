"""`talerstol demo`: a small archive of an invented municipality, built by the same steps as a real one.

Three meetings come with captions; the newest goes the whole way before the user's eyes: an HLS stream served on
loopback, recorded, heard by the speech model, cut by agenda item, indexed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from catalogue import EngineError, UnknownMeeting, meeting_id
from ingest import make_hls
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive
from pipeline.runs.due import due_steps
from pipeline.runs.outcome import Outcome
from pipeline.runs.runner import Run
from pipeline.terminal.reporter import Reporter

MATERIAL = Path(__file__).parent / "demo_archive"
DEFAULT_HOME = Path("demo-data")
MANIFEST = "stream.m3u8"


@dataclass(frozen=True, slots=True)
class DemoMeeting:
    """One folder of the demo's material. Without captions it is broadcast as HLS and heard by the model."""

    folder: Path
    title: str
    date: date
    body: str
    municipality: str
    recordings: tuple[str, ...]
    captions: tuple[str, ...]
    offsets: tuple[float, ...]
    agenda: str

    @property
    def id(self) -> str:
        return meeting_id(municipality=self.municipality, body=self.body, day=self.date, title=self.title)

    @property
    def live(self) -> bool:
        return not self.captions


def spoken_sample() -> Path:
    """The recording that the demo has heard by the model: speech enough to measure a machine with."""
    live = next(meeting for meeting in read_material() if meeting.live)
    return live.folder / live.recordings[0]


def read_material() -> list[DemoMeeting]:
    return [_read(file) for file in sorted(MATERIAL.glob("*/meeting.json"))]


def _read(file: Path) -> DemoMeeting:
    raw = json.loads(file.read_text(encoding="utf-8"))
    recordings = raw["recordings"]
    return DemoMeeting(
        folder=file.parent,
        title=raw["title"],
        date=date.fromisoformat(raw["date"]),
        body=raw["body"],
        municipality=raw["municipality"],
        recordings=tuple(r["file"] for r in recordings),
        captions=tuple(r["captions"] for r in recordings if r["captions"]),
        offsets=tuple(float(r["offset"]) for r in recordings),
        agenda=raw["agenda"],
    )


def build_demo(archive: Archive, reporter: Reporter) -> Outcome:
    """Add what is not there yet and bring it up to date. A second time there is nothing to do."""
    outcomes = []
    for meeting in read_material():
        if meeting.live and _has_work(archive, meeting):
            with _broadcast(archive, meeting) as address:
                reporter.note(f"A livestream of {meeting.title} is served at {address}")
                outcomes.append(_bring_up_to_date(archive, reporter, meeting, (address,)))
        else:
            sources = tuple(str(meeting.folder / file) for file in meeting.recordings)
            outcomes.append(_bring_up_to_date(archive, reporter, meeting, () if meeting.live else sources))
    return Outcome(
        done=tuple(done for o in outcomes for done in o.done),
        failed=tuple(failed for o in outcomes for failed in o.failed),
        waiting=(),
    )


def _bring_up_to_date(
    archive: Archive, reporter: Reporter, meeting: DemoMeeting, sources: tuple[str, ...]
) -> Outcome:
    if not _is_there(archive, meeting):
        registration = Registration(
            sources=sources,
            agenda=str(meeting.folder / meeting.agenda),
            transcripts=tuple(str(meeting.folder / file) for file in meeting.captions),
            offsets=meeting.offsets,
            title=meeting.title,
            date=meeting.date,
            body=meeting.body,
            municipality=meeting.municipality,
        )
        add_meeting(archive, registration)
    return Run(archive, reporter).bring_up_to_date([meeting.id])


def _is_there(archive: Archive, meeting: DemoMeeting) -> bool:
    try:
        archive.catalogue.meeting(meeting.id)
    except UnknownMeeting:
        return False
    return True


def _has_work(archive: Archive, meeting: DemoMeeting) -> bool:
    return not _is_there(archive, meeting) or bool(due_steps(archive, [meeting.id]))


@contextmanager
def _broadcast(archive: Archive, meeting: DemoMeeting) -> Iterator[str]:
    """The meeting as an HLS stream on loopback; yields the manifest's address."""
    folder = archive.settings.home / "broadcast"
    if not (folder / MANIFEST).is_file():
        make_hls(meeting.folder / meeting.recordings[0], MATERIAL / "card.png", folder / MANIFEST)
    handler = partial(_QuietHandler, directory=str(folder))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", _port_before(archive, meeting)), handler)
    except OSError as error:
        raise EngineError(
            f"the demo's livestream cannot be served again ({error.strerror})",
            where=str(archive.settings.home),
            remedy="Delete that folder and run the demo again.",
        ) from error
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{MANIFEST}"
    finally:
        server.shutdown()
        server.server_close()


def _port_before(archive: Archive, meeting: DemoMeeting) -> int:
    """The port that a demo stopped midway has registered the stream at; 0 (any) the first time."""
    if not _is_there(archive, meeting):
        return 0
    return urlsplit(archive.catalogue.meeting(meeting.id).recordings[0].source).port or 0


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: stderr is for progress."""
