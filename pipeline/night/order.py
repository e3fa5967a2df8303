"""In which order meetings are brought up to date: what is due first, then what people wait for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is known of a meeting that the order goes by. None means: not known."""

    meeting_id: str
    due: date | None = None  # the first day on which something of it is lost, or a text is late
    reported: bool = False  # readers say that something is wrong in it
    day: date | None = None  # of the meeting
    hours: float | None = None  # of its recordings


def in_order(waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Soonest due; then with open reports from readers; then the newest; then the shortest.

    What is known comes before what would have to be guessed. The order is the same whatever order they come in.
    """
    return tuple(sorted(waiting, key=_place))


def _place(one: Waiting) -> tuple[object, ...]:
    newest_first = -one.day.toordinal() if one.day else 0
    hours = one.hours if one.hours is not None else 0.0
    return (
        one.due is None, one.due or date.max,
        not one.reported,
        one.day is None, newest_first,
        one.hours is None, hours,
        one.meeting_id,
    )  # fmt: skip
