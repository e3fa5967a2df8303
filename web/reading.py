"""A public meeting laid out for reading: sections by agenda item, turns by speaker, sentences with anchors."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalogue import Interval, PublishedItem, PublishedMeeting, PublishedRecording, Sentence, SpanStatus
from web.addresses import sentence_anchor
from web.moments import address_seconds

UNENDING = 1e8  # seconds; a withheld stretch that goes on this long has no known end
PARAGRAPH = 700  # characters after which a long turn goes on in a new paragraph
SLACK = 0.01  # seconds that an address loses by rounding


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and its place on the page; `anchor` begins with its second."""

    anchor: str
    at: str
    text: str
    corrected: bool
    doubtful: bool


@dataclass(slots=True)
class Turn:
    """Sentences in a row by one speaker; a long speech is several, of which the later ones are `continued`."""

    speaker: str | None
    start: float
    continued: bool = False
    length: int = 0
    lines: list[Line] = field(default_factory=list)
    kind: str = "turn"


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that is withheld; `end` is None where it has no known end."""

    start: float
    end: float | None
    kind: str = "gap"


@dataclass(frozen=True, slots=True)
class Change:
    """Here another recording begins."""

    ordinal: int
    start: float
    kind: str = "change"


@dataclass(slots=True)
class Section:
    """What was said under one item (with those taken together with it), or outside all items."""

    item: PublishedItem | None
    joint: tuple[PublishedItem, ...]
    anchor: str | None
    start: float
    blocks: list[Turn | Gap | Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole text of a meeting in order, and where each of its moments is on the page."""

    sections: tuple[Section, ...]
    anchors: tuple[str, ...]  # one a sentence, in the sentences' order
    item_anchors: dict[int, str]  # by the item's position


def item_anchor(item: PublishedItem) -> str:
    return f"punkt-{item.position + 1}"


def lay_out(meeting: PublishedMeeting) -> Reading:
    """Sections, turns and anchors of a meeting."""
    anchors = tuple(_anchors(meeting.sentences))
    sections: list[Section] = []
    seen: dict[int, str] = {}
    marks: list[Gap | Change] = [*_gaps(meeting.withheld), *_changes(meeting)]
    marks.sort(key=lambda mark: mark.start)
    for sentence, anchor in zip(meeting.sentences, anchors, strict=True):
        while marks and marks[0].start <= sentence.start:
            _place(marks.pop(0), sections)
        if not sections or _position(sections[-1]) != sentence.item:
            sections.append(_section(meeting, sentence, seen))
        _say(sections[-1], sentence, anchor)
    for mark in marks:
        _place(mark, sections)
    return Reading(tuple(sections), anchors, seen)


def sentence_at(meeting: PublishedMeeting, moment: float) -> int | None:
    """The index of the sentence being said at a moment, or the one just before; None in withheld time."""
    if any(gap.start <= moment + SLACK and moment < gap.end for gap in meeting.withheld):
        return None
    found = bisect_right(meeting.sentences, moment + SLACK, key=lambda s: s.start) - 1
    return found if found >= 0 else None


def recording_at(meeting: PublishedMeeting, moment: float) -> PublishedRecording | None:
    """The recording to play at a moment: the one it lies in, else the first that can be played."""
    playable = [r for r in meeting.recordings if r.playable is not None]
    begun = [r for r in playable if r.offset <= moment + SLACK]
    return max(begun, key=lambda r: r.offset) if begun else next(iter(playable), None)


def _anchors(sentences: tuple[Sentence, ...]) -> Iterator[str]:
    taken: dict[str, int] = {}
    for sentence in sentences:
        anchor = sentence_anchor(sentence.start)
        taken[anchor] = taken.get(anchor, 0) + 1
        yield anchor if taken[anchor] == 1 else f"{anchor}-{taken[anchor]}"


def _gaps(withheld: tuple[Interval, ...]) -> list[Gap]:
    return [Gap(i.start, i.end if i.end < UNENDING else None) for i in withheld]


def _changes(meeting: PublishedMeeting) -> list[Change]:
    return [Change(r.ordinal, r.offset) for r in meeting.recordings[1:]]


def _position(section: Section) -> int | None:
    return section.item.position if section.item else None


def _place(mark: Gap | Change, sections: list[Section]) -> None:
    if not sections:
        sections.append(Section(item=None, joint=(), anchor=None, start=mark.start))
    sections[-1].blocks.append(mark)


def _section(meeting: PublishedMeeting, sentence: Sentence, seen: dict[int, str]) -> Section:
    if sentence.item is None:
        return Section(item=None, joint=(), anchor=None, start=sentence.start)
    item = meeting.items[sentence.item]
    joint = _joint(meeting, item)
    anchor = None if item.position in seen else item_anchor(item)
    for each in (item, *joint):
        seen.setdefault(each.position, item_anchor(item))
    return Section(item=item, joint=joint, anchor=anchor, start=sentence.start)


def _joint(meeting: PublishedMeeting, item: PublishedItem) -> tuple[PublishedItem, ...]:
    if item.status is not SpanStatus.JOINT:
        return ()
    return tuple(
        other
        for other in meeting.items
        if other.status is SpanStatus.JOINT and other.start == item.start and other.position != item.position
    )


def _say(section: Section, sentence: Sentence, anchor: str) -> None:
    last = section.blocks[-1] if section.blocks else None
    same = isinstance(last, Turn) and last.speaker == sentence.speaker
    if not isinstance(last, Turn) or not same or last.length > PARAGRAPH:
        last = Turn(sentence.speaker, sentence.start, continued=same)
        section.blocks.append(last)
    last.length += len(sentence.text)
    last.lines.append(
        Line(anchor, address_seconds(sentence.start), sentence.text, sentence.corrected, bool(sentence.doubt))
    )
