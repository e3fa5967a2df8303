"""Stretches of time: joining them, and asking whether one touches another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FOREVER = 1e9  # seconds; the end of what has no known end
MOMENT = 1e-3  # seconds; what has no length still happened


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` up to `end`, in seconds."""

    start: float
    end: float


def stretch(a: float, b: float) -> Interval:
    """The time between two moments, whichever was said first; never empty, for what happened there counts."""
    return Interval(min(a, b), max(a, b, min(a, b) + MOMENT))


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time as disjoint intervals in order; empty and backward ones are left out."""
    joined: list[Interval] = []
    for interval in sorted(i for i in intervals if i.end > i.start):
        if joined and interval.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return tuple(joined)


def subtract(intervals: Sequence[Interval], removed: Iterable[Interval]) -> tuple[Interval, ...]:
    """What is left of `intervals` without the time of `removed`."""
    left = list(union(intervals))
    for cut in union(removed):
        pieces: list[Interval] = []
        for i in left:
            pieces += [Interval(i.start, min(i.end, cut.start)), Interval(max(i.start, cut.end), i.end)]
        left = [i for i in pieces if i.end > i.start]
    return tuple(left)


def touches(disjoint: Sequence[Interval], start: float, end: float) -> bool:
    """Whether the time from `start` to `end` shares any moment with the intervals (disjoint, in order)."""
    end = max(end, start + 1e-9)
    place = bisect_right(disjoint, Interval(end, float("inf")))
    return any(i.start < end and i.end > start for i in disjoint[max(0, place - 2) : place + 1])
