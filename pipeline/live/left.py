"""Live recordings whose recorder is gone, as they lie there; to look at them changes nothing of what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.live import DamagedJournal, Entries, Taken
from pipeline.archive import Archive
from pipeline.live.recording import JOURNAL, LOCK, folders


@dataclass(frozen=True, slots=True)
class LeftRecording:
    """`segments` wait to become a recording; None: the journal is damaged, so that nobody knows."""

    meeting_id: str
    folder: Path
    segments: int | None


def left_recordings(archive: Archive) -> Iterator[LeftRecording]:
    """What the next run makes a recording of, and what never got a segment. One that was finished keeps its folder for
    a next part, and is not among them; nor is one that is being recorded."""
    for meeting_id, folder in folders(archive).items():
        if found := _looked_at(meeting_id, folder):
            yield found


def _looked_at(meeting_id: str, folder: Path) -> LeftRecording | None:
    try:
        with FileLock(folder / LOCK, timeout=0):
            journal = Entries(folder / JOURNAL)
    except Timeout:
        return None
    except DamagedJournal:
        return LeftRecording(meeting_id, folder, None)
    segments = sum(isinstance(entry, Taken) for entry in journal.part)
    return LeftRecording(meeting_id, folder, segments) if segments or not journal.known else None
