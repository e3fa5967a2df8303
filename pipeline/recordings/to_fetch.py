"""Which recordings of a meeting are fetched, heard and played."""

from __future__ import annotations

from catalogue import Meeting, Recording, RecordingKind, closed_clips, closed_items
from pipeline.archive import Archive


def to_fetch(archive: Archive, meeting: Meeting) -> list[Recording]:
    """The recordings that come from somewhere. A clip of a closed item is not fetched, nor missed; nor is what was let
    go of."""
    closed = closed_items(meeting.agenda.items, archive.catalogue.edits(meeting.id))
    shut = closed_clips(meeting, closed)
    return [
        r
        for r in meeting.recordings
        if r.kind is not RecordingKind.NONE and r.retired is None and (r.original or r.id not in shut)
    ]


def let_go(archive: Archive, meeting: Meeting) -> bool:
    """Whether every recording of a meeting was let go of: what is made of files is then made for good."""
    return any(r.retired for r in meeting.recordings) and not to_fetch(archive, meeting)
