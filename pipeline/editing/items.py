"""`talerstol items`: when each item was taken, and a person's word about it.

What is closed shows its number and its times, for a person must be able to mend them, but neither title nor words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from catalogue import (
    CLOSED_TITLE,
    Decision,
    Edit,
    EditKind,
    Evidence,
    InputError,
    Meeting,
    SetBy,
    SpanStatus,
    item_key,
    lost_boundaries,
    published_meeting,
)
from pipeline.archive import Archive
from pipeline.editing.changed import Changed, decided, meeting_length, what_changed
from pipeline.editing.clock import parse_span, past_the_end, short_clock
from pipeline.editing.naming import find_item, item_edit

NOT_TAKEN = "none"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as staff see it. Times are on the meeting's clock; a closed item has neither title nor words."""

    place: int  # in the list, from 1
    number: str
    title: str
    start: float | None
    end: float | None
    status: SpanStatus
    confidence: float
    set_by: SetBy
    evidence: Evidence | None


def item_lines(archive: Archive, meeting_id: str) -> list[ItemLine]:
    """Every item of a meeting, in agenda order. Raises `InputError` before its items have been placed."""
    decision = decided(archive, archive.catalogue.meeting(meeting_id))
    public = published_meeting(archive.catalogue, meeting_id)
    words = {item.position: item.evidence for item in public.items} if public else {}
    spans = {span.item: span for span in decision.segmentation.spans}
    lines = []
    for n, item in enumerate(decision.meeting.agenda.items):
        span, shut = spans[n], n in decision.closed
        lines.append(
            ItemLine(
                place=n + 1,
                number=item.number,
                title=CLOSED_TITLE if shut else item.title,
                start=span.start,
                end=span.end,
                status=SpanStatus.CLOSED if shut else span.status,
                confidence=span.confidence,
                set_by=span.set_by,
                evidence=words.get(n),
            )
        )
    return lines


def mend_items(
    archive: Archive, meeting_id: str, placed: Sequence[str], unset: Sequence[str], by: str, why: str
) -> Changed:
    """Keep what a person says, all or nothing: `placed` as `5=1:02:03-1:10:00`, `unset` as `5`.

    Raises `InputError` for what names no item or more than one, and for times that are not in the meeting.
    """
    decision = decided(archive, archive.catalogue.meeting(meeting_id))
    edits = [_boundary(word, decision, by, why) for word in placed]
    edits += [_unset(word, decision, by, why) for word in unset]
    if len({(edit.item, edit.item_key) for edit in edits}) < len(edits):
        raise InputError("one item is named twice", where=meeting_id, remedy="Say one thing of each item.")
    archive.catalogue.add_edit(meeting_id, *edits)
    after = decided(archive, decision.meeting)
    return what_changed(decision, after, _cut(edits, after))


def lost_notes(archive: Archive, meeting: Meeting) -> tuple[str, ...]:
    """What `status` asks about boundaries that no longer find their item."""
    return tuple(
        f"the time that {edit.by} set for item {edit.item} is not used, for it no longer finds exactly one item: "
        f'set it anew, or talerstol items {meeting.id} --unset "{edit.item}"'
        for edit in lost_boundaries(archive.catalogue.edits(meeting.id), meeting.agenda.items)
    )


def _boundary(word: str, decision: Decision, by: str, why: str) -> Edit:
    name, equals, value = word.rpartition("=")
    if not equals:
        raise InputError("is not ITEM=TIME", where=word, remedy=f"Write it as 5=1:02:03 or 5={NOT_TAKEN}.")
    start, end = (None, None) if value.strip().lower() == NOT_TAKEN else _span(value, decision.meeting)
    position = find_item(name, decision.meeting.agenda.items)
    if start is not None:
        start = _as_shown(start, position, decision)
    return item_edit(EditKind.BOUNDARY, position, decision, by, why, start, end)


def _span(value: str, meeting: Meeting) -> tuple[float, float | None]:
    start, end = parse_span(value)
    if end is not None and end <= start:
        raise InputError("ends before it starts", where=value, remedy="Write it as START-END.")
    length = meeting_length(meeting)
    if start >= length or (end is not None and math.floor(end) > length):
        raise past_the_end(value, length)
    return start, end


def _as_shown(start: float, position: int, decision: Decision) -> float:
    """A whole second in which the list shows another open item to begin means that item's start: taken together."""
    if start != math.floor(start):
        return start
    shown = (
        s.start
        for s in decision.segmentation.spans
        if s.start is not None and s.item != position and s.item not in decision.closed
    )
    return next((other for other in shown if math.floor(other) == start), start)


def _unset(word: str, decision: Decision, by: str, why: str) -> Edit:
    items = decision.meeting.agenda.items
    try:
        return item_edit(EditKind.UNSET, find_item(word, items), decision, by, why)
    except InputError:
        # Of an item that is no longer on the agenda, so that `status` need not ask again.
        lost = [e for e in lost_boundaries(decision.edits, items) if (e.item or "").strip() == word.strip()]
        if not lost:
            raise
        return Edit(
            EditKind.UNSET, by, why, datetime.now(UTC), item=lost[-1].item, item_key=lost[-1].item_key
        )


def _cut(edits: Sequence[Edit], after: Decision) -> tuple[str, ...]:
    """The items whose end is not where a person said, for another begins before that."""
    said = {(edit.item, edit.item_key): edit.end for edit in edits if edit.end is not None}
    found = []
    for span in after.segmentation.spans:
        item = after.meeting.agenda.items[span.item]
        end = said.get((item.number, item_key(item)))
        if end is not None and span.end is not None and span.end < end:
            found.append(
                f"item {item.number or f'#{span.item + 1}'} ends at {short_clock(span.end)}: another begins there"
            )
    return tuple(found)
