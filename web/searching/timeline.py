"""Where in a meeting hits lie, as a strip to be drawn: marks in percent of the meeting's length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from catalogue import Interval, PublishedMeeting
from web.addresses import meeting_address
from web.reading import UNENDING

COLUMNS = 10  # fields to point at: on the narrowest phone each is wider than 24 px
LONGEST_PASSAGE = 90.0  # seconds; what begins so long before withheld time may reach into it
SLACK = 0.06  # seconds; beginnings may be rounded to tenths


@dataclass(frozen=True, slots=True)
class Mark:
    """A hit; `shown` where the page has its words. `x` in percent."""

    x: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the meeting, in percent."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Field:
    """A tenth of the strip with hits in it: a link to the first of them, at second `at`."""

    x: str
    width: str
    at: float
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A meeting of `length` seconds. `first` and `last` are the seconds of the first and the last mark."""

    length: float
    marks: tuple[Mark, ...]
    fields: tuple[Field, ...]
    item: Stretch | None
    withheld: tuple[Stretch, ...]
    first: float
    last: float


def timeline(
    outline: PublishedMeeting, position: int | None, shown: Iterable[float], others: Iterable[float]
) -> Timeline | None:
    """The strip of a meeting; None where it cannot be drawn: its length is unknown, or nothing is to be marked.

    `position` is that of the agenda item; `shown` are the seconds of the hits on the page, `others` those at which other
    passages begin, of which any that may reach into withheld time are left out.
    """
    length = _length(outline)
    near = [each for each in others if not _near_withheld(outline.withheld, each)]
    seconds = {second: False for second in near} | {second: True for second in shown}
    within = sorted(second for second in seconds if 0 <= second <= length)
    if length <= 0 or not within:
        return None
    return Timeline(
        length=length,
        marks=tuple(Mark(_percent(second, length), seconds[second]) for second in within),
        fields=tuple(_fields(outline.id, within, length)),
        item=_item(outline, position, length),
        withheld=tuple(
            _stretch(gap.start, gap.end, length) for gap in outline.withheld if gap.start < length
        ),
        first=within[0],
        last=within[-1],
    )


def _length(outline: PublishedMeeting) -> float:
    ends = [r.offset + r.duration for r in outline.recordings if r.duration]
    ends += [item.end for item in outline.items if item.end is not None and item.end < UNENDING]
    return max(ends, default=0.0)


def _fields(meeting: str, seconds: list[float], length: float) -> Iterable[Field]:
    of_field = defaultdict[int, list[float]](list)
    for second in seconds:
        of_field[min(COLUMNS - 1, int(COLUMNS * second / length))].append(second)
    for field, found in of_field.items():
        first = found[0]
        x = _percent(field * length / COLUMNS, length)
        yield Field(x, f"{100 / COLUMNS:g}%", first, len(found), meeting_address(meeting, first))


def _item(outline: PublishedMeeting, position: int | None, length: float) -> Stretch | None:
    item = next((i for i in outline.items if i.position == position), None)
    if item is None or item.start is None or item.start >= length:
        return None
    return _stretch(item.start, length if item.end is None else item.end, length)


def _near_withheld(withheld: tuple[Interval, ...], second: float) -> bool:
    return any(gap.start - LONGEST_PASSAGE <= second < gap.end + SLACK for gap in withheld)


def _stretch(start: float, end: float, length: float) -> Stretch:
    begin, end = max(0.0, start), min(length, end)
    return Stretch(_percent(begin, length), _percent(max(0.0, end - begin), length))


def _percent(second: float, length: float) -> str:
    return f"{100 * second / length:.2f}%"


def apart(starts: Iterable[float], shown: Iterable[float]) -> list[float]:
    """The beginnings of passages, without those of passages that are shown; each once."""
    known = sorted({round(second, 1) for second in shown})
    unique = [second for second, _ in groupby(sorted(starts))]
    return [second for second in unique if not any(abs(second - each) < SLACK for each in known)]
