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
- So is all of a recording whose text went with it when it was let go of (`catalogue.retention`).

A person's OPEN of a stretch releases what is withheld in doubt: all of the above but the time between a closed
item's start and its end as placed. That is released by opening the item.

People also say when items were taken (`catalogue.boundaries`). All of the above is then read from the spans as
they have them, and what the machine's own spans withhold stays withheld as well, but for what they said:

- Who says when a closed item began says where it was: what was withheld for where the machine had it is released.
- Who says when an open item began says that no closed item lasted longer: what was withheld for one that began
  before that (for one without a start: that is before it in the agenda) is released from there on.
- Who says that a closed item is not in the recording answers the doubt about one that the machine did not find.
  One that it did find stays withheld, until a person says when the next open item began.
- No end that a person gives, no open item that is moved away or taken out, releases anything. Closed doors,
  redactions and closed stretches stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from catalogue.boundaries import said_boundaries, with_boundaries
from catalogue.catalogue import Catalogue
from catalogue.edits import closed_items, closed_time, opened_time
from catalogue.intervals import FOREVER, Interval, stretch, subtract, union
from catalogue.records import Edit, ItemSpan, Meeting, Recording, Segmentation, SetBy, SpanStatus
from catalogue.serial import agenda_key, digest


@dataclass(frozen=True, slots=True)
class Decision:
    """All that is decided of a meeting: when its items were taken, as people have mended it, and what is withheld.

    `current` is false while the machine has not yet placed the items of the agenda as it is now: nothing is public
    then, and the spans are the old agenda's.
    """

    meeting: Meeting
    edits: tuple[Edit, ...]
    segmentation: Segmentation
    closed: frozenset[int]  # positions of the items that are withheld
    closed_clips: frozenset[str]  # ids of the recordings that are clips of such items
    withheld: tuple[Interval, ...]  # meeting's clock, disjoint, in order
    current: bool
    alone: bool = False  # the agenda is all that is public as yet


def decide(catalogue: Catalogue, meeting: Meeting) -> Decision | None:
    """The one door to a meeting's spans and withheld time; None where its items have not been placed."""
    found = catalogue.segmentation(meeting.id)
    if found is None:
        return None
    items, edits = meeting.agenda.items, catalogue.edits(meeting.id)
    closed = closed_items(items, edits)
    shut, clips = closed_clips(meeting, closed), clip_time(meeting, closed)
    if found.agenda != agenda_key(meeting.agenda):
        withheld = withheld_time(found, closed, edits, clips)
        return Decision(meeting, tuple(edits), found, closed, shut, withheld, False)
    mended = with_boundaries(found, edits, items)
    kept = still_withheld(found, closed, said_boundaries(edits, items)) if mended is not found else ()
    withheld = union(
        [*withheld_time(mended, closed, edits, clips), *subtract(kept, _opened(edits)), *_gone(meeting)]
    )
    return Decision(meeting, tuple(edits), mended, closed, shut, withheld, True)


def agenda_alone(catalogue: Catalogue, meeting: Meeting) -> Decision:
    """Of a meeting nothing but its agenda, as if there were no recording; what is closed in it stays closed."""
    closed = closed_items(meeting.agenda.items, catalogue.edits(meeting.id))
    spans = tuple(
        ItemSpan(n, SpanStatus.CLOSED if n in closed else SpanStatus.NOT_FOUND)
        for n in range(len(meeting.agenda.items))
    )
    unplaced = Segmentation(agenda_key(meeting.agenda), (), spans)
    shown = replace(meeting, recordings=())
    return Decision(shown, (), unplaced, closed, frozenset(), (Interval(0.0, FOREVER),), True, alone=True)


def _gone(meeting: Meeting) -> Iterator[Interval]:
    """The time of the recordings whose text is not public any more: each up to the next, for captions may run over."""
    starts = sorted(r.offset or 0.0 for r in meeting.recordings)
    for recording in meeting.recordings:
        if recording.text_retired:
            offset = recording.offset or 0.0
            begin = 0.0 if offset == starts[0] else offset
            yield Interval(begin, next((start for start in starts if start > offset), FOREVER))


def effective_segmentation(catalogue: Catalogue, meeting_id: str) -> Segmentation | None:
    """When the items of a meeting were taken, as people have mended it. Raises `UnknownMeeting`."""
    decision = decide(catalogue, catalogue.meeting(meeting_id))
    return decision.segmentation if decision else None


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
    decision = decide(catalogue, catalogue.meeting(meeting_id))
    return decision.withheld if decision else (Interval(0.0, FOREVER),)


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
    told = [time for edit in edits if (time := closed_time(edit))]
    return union([*certain, *clips, *subtract(in_doubt, _opened(edits)), *told])


def _opened(edits: Iterable[Edit]) -> list[Interval]:
    return [time for edit in edits if (time := opened_time(edit))]


def still_withheld(
    machine: Segmentation, closed: frozenset[int], said: Mapping[int, Edit]
) -> tuple[Interval, ...]:
    """What the machine's own spans withhold for closed items, less what people's boundaries release of it."""
    begun = {item: edit.start for item, edit in said.items() if item not in closed and edit.start is not None}
    kept: list[Interval] = []
    for span in machine.spans:
        edit = said.get(span.item)
        answered = edit is not None and (edit.start is not None or span.start is None)
        if span.item not in closed or answered:
            continue
        if span.start is None:
            place = _place_of(span, machine, closed)
            ends = [start for item, start in begun.items() if item > span.item and start >= place.start]
        else:
            lasts = max(_end(span), _next_open(machine, closed, span.start))
            place = stretch(span.start, lasts)
            ends = [start for start in begun.values() if start > span.start]
        kept.append(Interval(place.start, min([place.end, *ends])))
    return union(kept)


def closed_not_found(catalogue: Catalogue, meeting_id: str) -> tuple[tuple[str, bool], ...]:
    """The closed items without a start, which a person should look for: the number of each, and whether there
    was a sign (doors, or an opening that no item took) by which time is withheld."""
    decision = decide(catalogue, catalogue.meeting(meeting_id))
    if decision is None:
        return ()
    items, spans = decision.meeting.agenda.items, decision.segmentation.spans
    unplaced = {s.item for s in spans if s.start is None and s.set_by is not SetBy.PERSON}
    doors = bool(decision.segmentation.closed_doors)
    return tuple((items[n].number, doors) for n in sorted(decision.closed & unplaced))


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
        if span.item in closed and span.start is None and span.set_by is not SetBy.PERSON:
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
