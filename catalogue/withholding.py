"""Which time of a meeting nobody may read or hear, and of which agenda items. In doubt, closed.

The times at which items begin are evidence; the times at which they end are not. Words like "thanks for tonight"
or "the doors are open again" are said inside closed items too, captions stop before the sound does, and an
opening may be missed. So it is decided:

- A closed item lasts until the next *open* item begins, and without one for ever: no closing words, doors or
  last caption end it. Only a positive sign that the public part goes on does.
- A closed item without a start (not found, or said to be postponed) lies somewhere after the open item before it
  in the agenda. Where that one ends, as placed, the closed one may begin, so everything from there to the next
  open item is withheld; without an open item before it, from the meeting's first second. Where the two open
  items adjoin no time is left for it and none is withheld: to withhold the whole item before would hide much of
  every meeting whose closed items were never recorded. The status then asks a person to look (`closed_not_found`).
- What was recorded after the doors closed is withheld. So is what follows words that sound like an opening that
  no item took, where a closed item was not found: the placing of items counts it among the closed doors.
- A recording that is a clip of one item only is withheld whole where that item is closed, or is not in the agenda.
- Redacted and closed stretches are withheld whatever else is said.

A person's OPEN of a stretch releases what is withheld in doubt: all of the above but the time between a closed
item's start and its end as placed. That is released by opening the item.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from catalogue.catalogue import Catalogue
from catalogue.edits import closed_time, named_items, opened_time
from catalogue.intervals import FOREVER, Interval, stretch, subtract, union
from catalogue.records import AgendaItem, Edit, EditKind, ItemSpan, Meeting, Recording, Segmentation
from catalogue.serial import digest

_SAYS_CLOSED = re.compile(r"\blukket\b|\blukkede?\s+(punkt|sag|del|dør|møde)", re.IGNORECASE)


def closed_items(items: Sequence[AgendaItem], edits: Iterable[Edit]) -> frozenset[int]:
    """The positions of the items that are withheld: in doubt, closed; the last word is a person's."""
    closed = {n for n, item in enumerate(items) if not item.open or _SAYS_CLOSED.search(item.title)}
    for edit in edits:
        if edit.kind is EditKind.OPEN:
            closed -= named_items(edit, items)
        elif edit.kind is EditKind.CLOSE:
            closed |= named_items(edit, items)
    return frozenset(closed)


def closed_clips(meeting: Meeting, closed: frozenset[int]) -> frozenset[str]:
    """The ids of the recordings that are clips of closed items, or of items that the agenda does not have."""
    items = list(enumerate(meeting.agenda.items))
    open_ids = {item.source_id for n, item in items if n not in closed and item.source_id}
    open_numbers = {item.number for n, item in items if n not in closed and not item.source_id}
    shut_ids = {item.source_id for n, item in items if n in closed}
    shut_numbers = {item.number for n, item in items if n in closed and not item.source_id}
    known = (open_ids | open_numbers) - shut_ids - shut_numbers
    return frozenset(r.id for r in meeting.recordings if r.item and r.item not in known)


def clip_time(meeting: Meeting, closed: frozenset[int]) -> tuple[Interval, ...]:
    """The time of those recordings on the meeting's clock."""
    shut = closed_clips(meeting, closed)
    return tuple(
        stretch(r.offset or 0.0, (r.offset or 0.0) + (r.duration or 0.0))
        for r in meeting.recordings
        if r.id in shut and r.duration
    )


def withheld_in(catalogue: Catalogue, meeting_id: str) -> tuple[Interval, ...]:
    """The time of a meeting that nobody may read or hear; also of one that is not public yet."""
    segmentation = catalogue.segmentation(meeting_id)
    if segmentation is None:
        return (Interval(0.0, FOREVER),)
    meeting, edits = catalogue.meeting(meeting_id), catalogue.edits(meeting_id)
    closed = closed_items(meeting.agenda.items, edits)
    return withheld_time(segmentation, closed, edits, clip_time(meeting, closed))


def withheld_time(
    segmentation: Segmentation,
    closed: frozenset[int],
    edits: Iterable[Edit],
    clips: Iterable[Interval] = (),
) -> tuple[Interval, ...]:
    """The time that nobody may read or hear, on the meeting's clock; `clips` is that of closed items' clips."""
    edits = list(edits)
    placed = [s for s in segmentation.spans if s.item in closed and s.start is not None]
    certain = [stretch(s.start or 0.0, _end(s)) for s in placed]
    in_doubt = [
        *(stretch(s.start or 0.0, _next_open(segmentation, closed, s.start or 0.0)) for s in placed),
        *_where_unplaced(segmentation, closed),
        *(stretch(doors.start, doors.end) for doors in segmentation.closed_doors),
    ]
    opened = [time for edit in edits if (time := opened_time(edit))]
    told = [time for edit in edits if (time := closed_time(edit))]
    return union([*certain, *clips, *subtract(in_doubt, opened), *told])


def closed_not_found(catalogue: Catalogue, meeting_id: str) -> tuple[tuple[str, bool], ...]:
    """The closed items without a start, which a person should look for: the number of each, and whether there
    was a sign (doors, or an opening that no item took) by which time is withheld."""
    segmentation = catalogue.segmentation(meeting_id)
    if segmentation is None:
        return ()
    items = catalogue.meeting(meeting_id).agenda.items
    closed = closed_items(items, catalogue.edits(meeting_id))
    unplaced = {span.item for span in segmentation.spans if span.start is None}
    return tuple((items[n].number, bool(segmentation.closed_doors)) for n in sorted(closed & unplaced))


def withheld_digest(withheld: tuple[Interval, ...], recording: Recording) -> str:
    """A fingerprint of the withheld time of one recording, on the recording's own clock."""
    return digest([(i.start, i.end) for i in on_recording_clock(withheld, recording)])


def on_recording_clock(withheld: tuple[Interval, ...], recording: Recording) -> tuple[Interval, ...]:
    """The part of the withheld time that lies in a recording, counted from the recording's start.

    A stretch that reaches the end of the sound goes on for ever: the picture may be longer.
    """
    offset, length = recording.offset or 0.0, recording.duration or FOREVER
    moved = (Interval(max(0.0, i.start - offset), i.end - offset) for i in withheld)
    return tuple(
        Interval(i.start, i.end if i.end < length else FOREVER)
        for i in moved
        if i.start < length and i.end > i.start
    )


def _where_unplaced(segmentation: Segmentation, closed: frozenset[int]) -> Iterator[Interval]:
    for span in segmentation.spans:
        if span.item in closed and span.start is None:
            yield _place_of(span, segmentation, closed)


def _place_of(span: ItemSpan, segmentation: Segmentation, closed: frozenset[int]) -> Interval:
    """Where a closed item without a start may have been: from the end of the open item before it (may be empty)."""
    before = [
        s for s in segmentation.spans if s.item < span.item and s.item not in closed and s.start is not None
    ]
    begin = _end(max(before, key=lambda s: s.item)) if before else 0.0
    starts = _open_starts(segmentation, closed)
    return Interval(begin, min((s for s in starts if s >= begin), default=FOREVER))


def _next_open(segmentation: Segmentation, closed: frozenset[int], after: float) -> float:
    return min((s for s in _open_starts(segmentation, closed) if s > after), default=FOREVER)


def _open_starts(segmentation: Segmentation, closed: frozenset[int]) -> list[float]:
    return [s.start for s in segmentation.spans if s.item not in closed and s.start is not None]


def _end(span: ItemSpan) -> float:
    return FOREVER if span.end is None else span.end
