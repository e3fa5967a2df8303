"""In which order meetings are brought up to date: what can still be saved first, then what people wait for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Haste(IntEnum):
    """What hurries a meeting, the most pressing first."""

    DELETED = 0  # its source deletes the recording on a day ahead
    CAPTIONS = 1  # its text has to be public by a day ahead
    MISSED = 2  # its source was to delete the recording, a short while ago: it may be there still
    NONE = 3  # nothing, or what is late already


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is known of a meeting that the order goes by. None means: not known."""

    meeting_id: str
    due: date | None = (
        None  # the day that its haste goes by; where there is none, the first day that was missed
    )
    reported: bool = False  # readers say that something is wrong in it
    day: date | None = None  # of the meeting
    hours: float | None = None  # of its recordings
    haste: Haste = Haste.NONE


def in_order(waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """What is deleted soonest; then whose text is due soonest; then what may be there still, the latest missed first;
    then with open reports from readers; then the newest; then the shortest.

    What is late already comes behind what can still be in time. What is known comes before what would have to be
    guessed. The order is the same whatever order they come in.
    """
    return tuple(sorted(waiting, key=_place))


def _place(one: Waiting) -> tuple[object, ...]:
    hours = one.hours if one.hours is not None else 0.0
    return (
        one.haste, _by_day(one),
        not one.reported,
        one.day is None, -one.day.toordinal() if one.day else 0,
        one.hours is None, hours,
        one.meeting_id,
    )  # fmt: skip


def _by_day(one: Waiting) -> int:
    if one.haste is Haste.NONE or one.due is None:
        return 0
    return -one.due.toordinal() if one.haste is Haste.MISSED else one.due.toordinal()
