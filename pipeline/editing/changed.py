"""What a person's change needs before it, and comes to after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from catalogue import Decision, InputError, Interval, Meeting, decide, subtract
from pipeline.archive import Archive
from pipeline.editing.clock import short_clock


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change came to: the time that is public or withheld by it (None: to the end of the meeting)."""

    released: tuple[tuple[float, float | None], ...]
    withheld: tuple[tuple[float, float | None], ...]
    notes: tuple[str, ...]  # what else there is to tell, as an end that could not be as said


def decided(archive: Archive, meeting: Meeting) -> Decision:
    """What is decided of a meeting. Raises `InputError` before its items have been placed."""
    decision = decide(archive.catalogue, meeting)
    if decision is None or not decision.current:
        raise InputError(
            "its agenda items have not been placed yet",
            where=meeting.id,
            remedy=f"First: talerstol run {meeting.id}",
        )
    return decision


def meeting_length(meeting: Meeting) -> float:
    """Where the last recording ends, in seconds on the meeting's clock."""
    return max(((r.offset or 0.0) + (r.duration or 0.0) for r in meeting.recordings), default=0.0)


def what_changed(before: Decision, after: Decision, notes: tuple[str, ...] = ()) -> Changed:
    """What the public may read and hear now that it could not before, and the other way round."""
    length = meeting_length(after.meeting)
    return Changed(
        released=_open_ended(subtract(before.withheld, after.withheld), length),
        withheld=_open_ended(subtract(after.withheld, before.withheld), length),
        notes=notes,
    )


def _open_ended(stretches: Sequence[Interval], length: float) -> tuple[tuple[float, float | None], ...]:
    return tuple((i.start, i.end if i.end < length else None) for i in stretches if i.start < length)


def summary(changed: Changed, meeting_id: str, not_found_yet: str = "", *, follows: str) -> list[str]:
    """What a person is told after a change, a line for each thing, with the next command.

    `not_found_yet`: why search does not show it yet. `follows`: what only the next run brings; empty where nothing is.
    """
    told = chain(
        (f"Now public: {_when(each)}." for each in changed.released),
        (f"Now withheld: {_when(each)}." for each in changed.withheld),
        (f"Note: {each}." for each in changed.notes),
    )
    shown = (
        "The pages show it now; search follows by itself" if not_found_yet else "Pages and search show it now"
    )
    return [
        *told,
        *([f"Search does not show it yet: {not_found_yet}"] if not_found_yet else []),
        *([f"{shown}; {follows}:", f"  talerstol run {meeting_id}"] if follows else [f"{shown}."]),
    ]


def _when(time: tuple[float, float | None]) -> str:
    start, end = time
    return f"{short_clock(start)}–{short_clock(end)}" if end is not None else f"from {short_clock(start)} on"
