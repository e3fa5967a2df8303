"""What has to be done by which day: fetched before the source deletes it, captioned, let go of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.archive import Archive


class DeadlineKind(StrEnum):
    FETCH = "fetch"  # the source deletes the recording
    CAPTIONS = "captions"  # the text has to be public
    VIDEO = "video"  # the recording goes here


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which something of a meeting may still be undone."""

    meeting_id: str
    kind: DeadlineKind
    day: date


def deadlines(archive: Archive, today: date) -> tuple[Deadline, ...]:
    """What is ahead (or overdue) and not done yet, soonest first."""
    return ()
