"""A meeting's items as chapters: where to jump to in a recording, and what begins there.

Only what the public knows: an item that is closed, not found, or wholly in withheld time is no chapter. Items
taken together are one. A chapter ends where the next one begins, or where its item ends before that; it begins and
ends with time that may be heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from catalogue.catalogue import Catalogue
from catalogue.intervals import Interval, subtract
from catalogue.published import PublishedItem, public_items
from catalogue.records import Meeting, Recording, SpanStatus
from catalogue.withholding import decide

LONGEST_TITLE = 160  # characters; players show a chapter's title on one line
SHORTEST = 0.002  # s; the clocks of chapters count milliseconds, and no two may begin at the same
_PLACED = (SpanStatus.DISCUSSED, SpanStatus.JOINT, SpanStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ItemChapter:
    """One chapter, in seconds. `title` is one line: the items' numbers and titles."""

    start: float
    end: float
    title: str
    items: tuple[int, ...]  # positions in the agenda


def chapters_of(
    items: Sequence[PublishedItem], withheld: Sequence[Interval], duration: float
) -> tuple[ItemChapter, ...]:
    """The chapters of a meeting of `duration` seconds, in order, on its own clock."""
    placed = [i for i in items if i.open and i.start is not None and i.status in _PLACED]
    starts = sorted({i.start for i in placed if i.start is not None and i.start < duration})
    found: list[ItemChapter] = []
    for start, following in pairwise([*starts, duration]):
        together = [i for i in placed if i.start == start]
        ends = [i.end for i in together if i.end is not None]
        last = min(following, max(ends) if len(ends) == len(together) else following)
        heard = subtract((Interval(start, last),), withheld)
        if heard and heard[-1].end - heard[0].start >= SHORTEST:
            title, positions = _title(together), tuple(i.position for i in together)
            found.append(ItemChapter(heard[0].start, heard[-1].end, title, positions))
    return tuple(found)


def chapters_in(catalogue: Catalogue, meeting: Meeting, recording: Recording) -> tuple[ItemChapter, ...]:
    """The chapters of one recording on its own clock; also of a meeting that is not public yet."""
    decision = decide(catalogue, meeting)
    if decision is None or not decision.current:
        return ()
    ends = [(r.offset or 0.0) + r.duration for r in meeting.recordings if r.duration]
    chapters = chapters_of(public_items(decision), decision.withheld, max(ends, default=0.0))
    return chapters_on(chapters, decision.withheld, recording.offset or 0.0, recording.duration)


def chapters_on(
    chapters: Iterable[ItemChapter], withheld: Sequence[Interval], offset: float, duration: float | None
) -> tuple[ItemChapter, ...]:
    """What of the meeting's chapters lies in a recording and may be heard there, counted from its start."""
    end = float("inf") if duration is None else offset + duration
    found = []
    for chapter in chapters:
        heard = subtract((Interval(max(chapter.start, offset), min(chapter.end, end)),), withheld)
        if heard and heard[-1].end - heard[0].start >= SHORTEST:
            start, last = heard[0].start - offset, heard[-1].end - offset
            found.append(ItemChapter(start, last, chapter.title, chapter.items))
    return tuple(found)


def _title(items: Sequence[PublishedItem]) -> str:
    numbers = _numbers(items)
    titles = " · ".join(" ".join(item.title.split()) for item in items)
    line = f"{numbers}: {titles}" if numbers else titles
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def _numbers(items: Sequence[PublishedItem]) -> str:
    """`5`, `3–7` for items that follow each other, else `3, 5`."""
    numbers = [" ".join(item.number.split()) for item in items if item.number.strip()]
    follow = all(b.position - a.position == 1 for a, b in zip(items, items[1:], strict=False))
    if len(numbers) > 2 and follow and len(numbers) == len(items):
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(numbers)
