"""A meeting recorded while it is broadcast: found or registered, recorded by one at a time, and put in the archive.

While it goes on the meeting has no recording: it is like one of which only the agenda is known. What has been recorded
lies in the media store's folder for what is not whole yet, and becomes a recording when it ends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from catalogue import (
    EngineError,
    Gap,
    InputError,
    Meeting,
    Recording,
    RecordingKind,
    SourceError,
    TalerstolError,
    UnknownMeeting,
)
from ingest import Progress, probe
from ingest.live import Asked, End, Finished, Journal, Recorder, State, join
from ingest.live.holes import lay_out
from ingest.live.journal import Taken
from ingest.live.recorder import names_of
from ingest.media import require_sound
from pipeline.archive import Archive

PREFIX = "live-"
ABOUT, LOCK, JOURNAL = "about.json", "recorder.lock", "journal.jsonl"


class AlreadyRecording(EngineError):
    """Another recorder is at work on the stream or the meeting."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "is being recorded already",
            where=where,
            remedy="Let that recorder go on, or stop it first (Ctrl-C).",
        )


@dataclass(frozen=True, slots=True)
class LiveOutcome:
    """What came of it. `recording` is the new recording's id, None where there was nothing new; `ended` is why."""

    meeting_id: str
    recording: str | None
    ended: End | None
    seconds: float
    segments: int
    gaps: tuple[Gap, ...]


@contextmanager
def claimed(archive: Archive, url: str, facts: Callable[[], Meeting]) -> Iterator[tuple[str, Path]]:
    """The meeting and folder of a stream, for one recorder alone: those of an unfinished recording of the same
    address, else of the meeting that `facts` makes. Raises `AlreadyRecording`."""
    with FileLock(archive.settings.home / "record.lock"):
        folder = _folder_of(archive, url)
        if folder is None:
            meeting = facts()
            folder = archive.store.workspace(PREFIX + meeting.id)
            _register(archive, meeting)
        lock = FileLock(folder / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise AlreadyRecording(url) from error
        (folder / ABOUT).write_text(json.dumps({"url": url}), encoding="utf-8")
    try:
        yield folder.name.removeprefix(PREFIX), folder
    finally:
        lock.release()


def _folder_of(archive: Archive, url: str) -> Path | None:
    """Where a recording of that address is unfinished."""
    for folder in _folders(archive):
        with suppress(OSError, ValueError):
            if json.loads((folder / ABOUT).read_text())["url"] == url and _unfinished(folder):
                return folder
    return None


def _folders(archive: Archive) -> list[Path]:
    return sorted(archive.store.workspace_path("live").parent.glob(f"{PREFIX}*"))


def _unfinished(folder: Path) -> bool:
    if _busy(folder):
        return True
    journal = Journal(folder / JOURNAL)
    journal.close()
    return bool(journal.part) or not journal.entries


def _busy(folder: Path) -> bool:
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        with lock:
            return False
    except Timeout:
        return True


def _register(archive: Archive, meeting: Meeting) -> None:
    try:
        archive.catalogue.meeting(meeting.id)
    except UnknownMeeting:
        archive.catalogue.add_meeting(meeting)


def record_live(
    archive: Archive, asked: Asked, meeting_id: str, folder: Path, stop: Event, show: Callable[[State], None]
) -> End:
    """Record until the end. What is there stays for `finish`, also where this raises."""
    parts = urlsplit(asked.url)
    if parts.scheme not in ("http", "https"):
        raise InputError("only http:// and https:// streams can be recorded", where=asked.url)
    recorder = Recorder(asked, folder, archive.settings, archive.now, stop)
    try:
        return recorder.record(show)
    finally:
        recorder.close()


def finish(
    archive: Archive, meeting_id: str, folder: Path, ended: End | None, progress: Progress
) -> LiveOutcome:
    """What lies in the folder becomes the meeting's next recording. Killed and called again, it ends the same."""
    journal = Journal(folder / JOURNAL)
    try:
        part, before = journal.part, journal.before
        taken = [entry for entry in part if isinstance(entry, Taken)]
        if not taken:
            return LiveOutcome(meeting_id, None, ended, 0.0, 0, ())
        joined = join(folder, lay_out(part, before), progress)
        info = probe(joined.file)
        require_sound(info, meeting_id)
        url = json.loads((folder / ABOUT).read_text())["url"]
        source = url if not journal.parts_done else f"{url}#part-{journal.parts_done + 1}"
        known = archive.catalogue.meeting(meeting_id).recordings
        there = next((r for r in known if r.source == source), None)
        ordinal = there.ordinal if there else max((r.ordinal for r in known), default=0) + 1
        name = f"{meeting_id}/{ordinal}-original.mkv"
        archive.store.adopt(joined.file, name)
        recording = Recording(
            f"{meeting_id}-{ordinal}", ordinal, RecordingKind.LIVE, source,
            original=name, has_video=info.video is not None, gaps=joined.gaps,
        )  # fmt: skip
        archive.catalogue.add_recordings(meeting_id, (recording,))
        journal.write(Finished(source))
        for file in names_of(taken):
            (folder / file).unlink(missing_ok=True)
        return LiveOutcome(meeting_id, recording.id, ended, joined.duration, len(taken), joined.gaps)
    finally:
        journal.close()


def finish_left(archive: Archive, progress: Progress) -> list[tuple[str, LiveOutcome | TalerstolError]]:
    """Recordings whose recorder is gone become recordings of what there is; those being recorded are left alone."""
    found: list[tuple[str, LiveOutcome | TalerstolError]] = []
    for folder in _folders(archive):
        meeting_id = folder.name.removeprefix(PREFIX)
        lock = FileLock(folder / LOCK, timeout=0)
        try:
            with lock:
                outcome = finish(archive, meeting_id, folder, None, progress)
                if outcome.recording:
                    found.append((meeting_id, outcome))
        except Timeout:
            continue
        except (SourceError, InputError) as error:
            found.append((meeting_id, error))
    return found
