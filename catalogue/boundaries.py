"""When items were taken, as people say it, laid over what the machine (or the publisher) decided.

A boundary places one item, or says that it is not in the recording; the last one said of an item holds, until it
is unset. It is found again by the item's key in any later agenda and segmentation (`catalogue.edits`). Then:

- An item that ended because the next one began ends where the next one begins now. One that ended by itself
  (closing words, doors, the last sentence) still ends there, or where another begins before that.
- Nothing overlaps but items that share a start: the end that a person gives is cut where the next item begins.
- Items that shared the start of one that is moved keep it. Open items that come to share a start were taken together.
- What a person set shows no evidence and no confidence: those are the machine's, and it had none for this time.

What is withheld follows from these spans, and is never less for their sake than a person said: see
`catalogue.withholding`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.edits import closed_items, named_items
from catalogue.records import AgendaItem, Edit, EditKind, ItemSpan, Segmentation, SetBy, SpanStatus

_OF_TIMES = (EditKind.BOUNDARY, EditKind.UNSET)
_TOGETHER = (SpanStatus.DISCUSSED, SpanStatus.JOINT)


def said_boundaries(edits: Sequence[Edit], items: Sequence[AgendaItem]) -> dict[int, Edit]:
    """The boundary that holds for each item that has one, by the item's position."""
    said: dict[int, Edit] = {}
    for edit in edits:
        for position in named_items(edit, items) if edit.kind in _OF_TIMES else ():
            said.pop(position, None)
            if edit.kind is EditKind.BOUNDARY:
                said[position] = edit
    return said


def lost_boundaries(edits: Sequence[Edit], items: Sequence[AgendaItem]) -> tuple[Edit, ...]:
    """The boundaries that no longer find exactly one item, and of which nobody has said anything since."""
    about = [edit for edit in edits if edit.kind in _OF_TIMES]
    return tuple(
        edit
        for n, edit in enumerate(about)
        if edit.kind is EditKind.BOUNDARY
        and not named_items(edit, items)
        and not any(later.item == edit.item or later.item_key == edit.item_key for later in about[n + 1 :])
    )


def with_boundaries(
    segmentation: Segmentation, edits: Sequence[Edit], items: Sequence[AgendaItem]
) -> Segmentation:
    """The segmentation as people have mended it; `items` are of the agenda that it was made for."""
    said = said_boundaries(edits, items)
    if not said:
        return segmentation
    closed = closed_items(items, edits)
    moved = [_said(span, said[span.item]) if span.item in said else span for span in segmentation.spans]
    walls = _Walls.of(segmentation, moved, closed)
    ended = [_ended(span, said.get(span.item), walls) for span in moved]
    return replace(segmentation, spans=tuple(_together(ended, segmentation.spans, said, closed)))


def _said(span: ItemSpan, edit: Edit) -> ItemSpan:
    """The span as a person has it, with the end they gave."""
    status = span.status
    if status is not SpanStatus.CLOSED and edit.start is not None:
        kept = status is SpanStatus.WITHDRAWN and span.start is not None
        status = status if kept else SpanStatus.DISCUSSED
    elif status in _TOGETHER:
        status = SpanStatus.NOT_FOUND
    return ItemSpan(span.item, status, edit.start, edit.end, set_by=SetBy.PERSON)


@dataclass(frozen=True, slots=True)
class _Walls:
    """Where an item must end: another begins, the doors close. `last` is where the last one ended."""

    begin: tuple[float, ...]  # in order
    before: frozenset[float]  # where items began as the machine had it
    last: float

    @classmethod
    def of(cls, before: Segmentation, moved: Sequence[ItemSpan], closed: frozenset[int]) -> _Walls:
        begin = {span.start for span in moved if span.start is not None}
        begin |= {doors.start for doors in before.closed_doors}
        # What is withheld of a closed item that is said not to be there is not the item's before it.
        unplaced = {span.item for span in moved if span.start is None}
        begin |= {s.start for s in before.spans if s.item in closed & unplaced and s.start is not None}
        starts = frozenset(span.start for span in before.spans if span.start is not None)
        last = max((span.end for span in before.spans if span.end is not None), default=0.0)
        return cls(tuple(sorted(begin)), starts, last)

    def after(self, start: float) -> float | None:
        """Where something begins after `start`; None if nothing does."""
        place = bisect_right(self.begin, start)
        return self.begin[place] if place < len(self.begin) else None


def _ended(span: ItemSpan, edit: Edit | None, walls: _Walls) -> ItemSpan:
    if span.start is None:
        return span
    wall = walls.after(span.start)
    adjoins = edit is None and span.end in walls.before
    if span.end is None or adjoins:
        otherwise = walls.last if walls.last > span.start and (adjoins or edit) else None
        return replace(span, end=wall if wall is not None else otherwise)
    return replace(span, end=span.end if wall is None else min(span.end, wall))


def _together(
    spans: Sequence[ItemSpan], before: Sequence[ItemSpan], said: Mapping[int, Edit], closed: frozenset[int]
) -> list[ItemSpan]:
    """The spans, joint where open ones share a start; only where a person's word changed who does."""
    now = Counter(s.start for s in spans if s.item not in closed and s.status in _TOGETHER)
    touched = {s.start for s in (*spans, *before) if s.item in said and s.start is not None}
    return [
        replace(s, status=SpanStatus.JOINT if now[s.start] > 1 else SpanStatus.DISCUSSED)
        if s.start in touched and s.item not in closed and s.status in _TOGETHER
        else s
        for s in spans
    ]
