"""What was let go of and what is held, in words for staff."""

from __future__ import annotations

from catalogue import Meeting, files_of
from pipeline.archive import Archive


def retention_notes(archive: Archive, meeting: Meeting) -> tuple[str, ...]:
    """A line for every recording of a meeting that has gone, and for everybody who keeps it."""
    gone = [
        f"recording {r.ordinal} was removed on {r.retired}: {r.retired_why}"
        + ("; its text is not public any more" if r.text_retired else "; its text stays")
        + (
            "; some of its files are still on the disk, and the next night deletes them"
            if files_of(r)
            else ""
        )
        for r in meeting.recordings
        if r.retired
    ]
    held = [
        f"kept since {hold.at.astimezone():%Y-%m-%d} by {hold.by}: {hold.why}"
        for hold in archive.catalogue.retention.holds(meeting.id)
    ]
    return (*gone, *held)
