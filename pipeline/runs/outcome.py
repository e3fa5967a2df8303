"""What a run came to."""

from __future__ import annotations

from dataclasses import dataclass

DISK = "disk"  # what a run says it failed at, where no meeting is to blame


@dataclass(frozen=True, slots=True)
class Failure:
    """Work that failed, of a meeting, or (without an id) of many for one reason."""

    meeting_id: str
    step: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to. `waiting` are meetings with work left because the deadline came, or the disk is full;
    `goes_on` those whose recording goes on at its source: a look an hour later may find that it has ended."""

    done: tuple[tuple[str, str], ...]  # (meeting id, step)
    failed: tuple[Failure, ...]
    waiting: tuple[str, ...]
    goes_on: tuple[str, ...] = ()
