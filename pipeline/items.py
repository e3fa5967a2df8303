"""`talerstol items`: when each item was taken, and a person's word about it.

An item is named by its number; where several have it, as `5@SOURCE-ID` or as `#3`, the third of the list. What is
closed shows its number and its times, for a person must be able to mend them, but neither title nor words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from catalogue import (
    CLOSED_TITLE,
    AgendaItem,
    Decision,
    Edit,
    EditKind,
    Evidence,
    InputError,
    Interval,
    Meeting,
    SetBy,
    SpanStatus,
    decide,
    item_key,
    lost_boundaries,
    published_meeting,
    subtract,
)
from pipeline.archive import Archive
from transcribe import clock

NOT_TAKEN = "none"
_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,7}(?:\.\d{1,3})?)", re.ASCII)


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


@dataclass(frozen=True, slots=True)
class Mended:
    """What a change came to: the time that is public or withheld by it (None: to the end of the meeting)."""

    released: tuple[tuple[float, float | None], ...]
    withheld: tuple[tuple[float, float | None], ...]
    cut: tuple[str, ...]  # ends that could not be as said


def item_lines(archive: Archive, meeting_id: str) -> list[ItemLine]:
    """Every item of a meeting, in agenda order. Raises `InputError` before its items have been placed."""
    decision = _decided(archive, archive.catalogue.meeting(meeting_id))
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
) -> Mended:
    """Keep what a person says, all or nothing: `placed` as `5=1:02:03-1:10:00`, `unset` as `5`.

    Raises `InputError` for what names no item or more than one, and for times that are not in the meeting.
    """
    decision = _decided(archive, archive.catalogue.meeting(meeting_id))
    edits = [_boundary(word, decision, by, why) for word in placed]
    edits += [_unset(word, decision, by, why) for word in unset]
    if len({(edit.item, edit.item_key) for edit in edits}) < len(edits):
        raise InputError("one item is named twice", where=meeting_id, remedy="Say one thing of each item.")
    archive.catalogue.add_edit(meeting_id, *edits)
    after = _decided(archive, decision.meeting)
    released = subtract(decision.withheld, after.withheld)
    closed, length = subtract(after.withheld, decision.withheld), _length(decision.meeting)
    return Mended(_times(released, length), _times(closed, length), _cut(edits, after))


def lost_notes(archive: Archive, meeting: Meeting) -> tuple[str, ...]:
    """What `status` asks about boundaries that no longer find their item."""
    return tuple(
        f"the time that {edit.by} set for item {edit.item} is not used, for it no longer finds exactly one item: "
        f'set it anew, or talerstol items {meeting.id} --unset "{edit.item}"'
        for edit in lost_boundaries(archive.catalogue.edits(meeting.id), meeting.agenda.items)
    )


def parse_time(text: str) -> float:
    """Seconds from `1:02:03`, `62:03` or `3723.5`. Raises `InputError`."""
    found = _TIME.fullmatch(text.strip())
    hours, minutes, seconds = found.groups() if found else (None, None, None)
    if seconds is None or (minutes and float(seconds) >= 60) or (hours and minutes and int(minutes) >= 60):
        raise InputError("is not a time", where=text, remedy="Write it as 1:02:03, 62:03 or 3723.")
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def short_clock(seconds: float) -> str:
    """`1:02:03`: the second in which it lies."""
    return clock(math.floor(seconds), ".")[:-4].removeprefix("0")


def find_item(word: str, items: Sequence[AgendaItem]) -> int:
    """The position of the item that `5`, `5@SOURCE-ID` or `#3` names. Raises `InputError` for none or several."""
    word = word.strip()
    if word.startswith("#"):
        place = int(word[1:]) if re.fullmatch(r"#\d{1,5}", word, re.ASCII) else 0
        if not 1 <= place <= len(items):
            raise InputError(f"the list has places #1 to #{len(items)}", where=word)
        return place - 1
    numbered = [n for n, item in enumerate(items) if item.number.strip() == word]
    if not numbered and "@" in word:
        number, _, source = word.partition("@")
        numbered = [
            n for n, i in enumerate(items) if (i.number.strip(), i.source_id) == (number.strip(), source)
        ]
    if not numbered:
        raise InputError(
            "no item has this number", where=word, remedy="Write it as the list has it, or its place as #3."
        )
    if len(numbered) > 1:
        ways = ", ".join(_ways(n, items[n]) for n in numbered)
        raise InputError(
            f"{len(numbered)} items have this number", where=word, remedy=f"Name the one you mean: {ways}."
        )
    return numbered[0]


def _ways(n: int, item: AgendaItem) -> str:
    return f"#{n + 1}" + (f" ({item.number}@{item.source_id})" if item.source_id else "")


def _decided(archive: Archive, meeting: Meeting) -> Decision:
    decision = decide(archive.catalogue, meeting)
    if decision is None or not decision.current:
        raise InputError(
            "its agenda items have not been placed yet",
            where=meeting.id,
            remedy=f"First: talerstol run {meeting.id}",
        )
    return decision


def _boundary(word: str, decision: Decision, by: str, why: str) -> Edit:
    name, equals, value = word.rpartition("=")
    if not equals:
        raise InputError("is not ITEM=TIME", where=word, remedy=f"Write it as 5=1:02:03 or 5={NOT_TAKEN}.")
    start, end = (None, None) if value.strip().lower() == NOT_TAKEN else _span(value, decision.meeting)
    position = find_item(name, decision.meeting.agenda.items)
    if start is not None:
        start = _as_shown(start, position, decision)
    return _edit(EditKind.BOUNDARY, position, decision, by, why, start, end)


def _span(value: str, meeting: Meeting) -> tuple[float, float | None]:
    first, dash, last = value.partition("-")
    start, end = parse_time(first), parse_time(last) if dash else None
    if end is not None and end <= start:
        raise InputError("ends before it starts", where=value, remedy="Write it as START-END.")
    length = _length(meeting)
    if start >= length or (end is not None and math.floor(end) > length):
        raise InputError(
            f"the meeting ends at {short_clock(length)}",
            where=value,
            remedy="Times count from the start of the meeting.",
        )
    return start, end


def _length(meeting: Meeting) -> float:
    """Where the last recording ends, on the meeting's clock."""
    return max(((r.offset or 0.0) + (r.duration or 0.0) for r in meeting.recordings), default=0.0)


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
        return _edit(EditKind.UNSET, find_item(word, items), decision, by, why)
    except InputError:
        # Of an item that is no longer on the agenda, so that `status` need not ask again.
        lost = [e for e in lost_boundaries(decision.edits, items) if (e.item or "").strip() == word.strip()]
        if not lost:
            raise
        return Edit(
            EditKind.UNSET, by, why, datetime.now(UTC), item=lost[-1].item, item_key=lost[-1].item_key
        )


def _edit(
    kind: EditKind,
    position: int,
    decision: Decision,
    by: str,
    why: str,
    start: float | None = None,
    end: float | None = None,
) -> Edit:
    items = decision.meeting.agenda.items
    item = items[position]
    alike = [n for n, i in enumerate(items) if (i.number, item_key(i)) == (item.number, item_key(item))]
    if len(alike) > 1:
        raise InputError(
            "cannot be told from another item: same number, title and source",
            where=f"#{position + 1}",
            remedy="It can be mended when the agenda tells them apart.",
        )
    return Edit(kind, by, why, datetime.now(UTC), start, end, item.number, item_key=item_key(item))


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


def _times(stretches: Sequence[Interval], length: float) -> tuple[tuple[float, float | None], ...]:
    return tuple((i.start, i.end if i.end < length else None) for i in stretches if i.start < length)


def summary(mended: Mended, meeting_id: str, not_found_yet: str = "") -> list[str]:
    """What a person is told after a change, a line for each thing, with the next command.

    `not_found_yet`: why search does not show it yet.
    """
    told = chain(
        (f"Now public: {_when(each)}." for each in mended.released),
        (f"Now withheld: {_when(each)}." for each in mended.withheld),
        (f"Note: {each}." for each in mended.cut),
    )
    shown = (
        "The pages show it now; search follows by itself" if not_found_yet else "Pages and search show it now"
    )
    return [
        *told,
        *([f"Search does not show it yet: {not_found_yet}"] if not_found_yet else []),
        f"{shown}; chapters in the file and the silenced sound follow at the next run:",
        f"  talerstol run {meeting_id}",
    ]


def _when(time: tuple[float, float | None]) -> str:
    start, end = time
    return f"{short_clock(start)}–{short_clock(end)}" if end is not None else f"from {short_clock(start)} on"
