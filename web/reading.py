"""A public meeting laid out for reading: sections by agenda item, turns by speaker, sentences with anchors."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalogue import Interval, PublishedItem, PublishedMeeting, PublishedRecording, Sentence, SpanStatus
from web.addresses import sentence_anchor
from web.moments import address_seconds

Ranges = tuple[tuple[int, int], ...]

UNENDING = 1e8  # seconds; a withheld stretch that goes on this long has no known end
PARAGRAPH = 700  # characters after which a long turn goes on in a new paragraph
MISSED = 2.0  # seconds of speech without text that the text says are missing: about a short sentence
SURE = 0.5  # below this probability the model itself gives its word less than an even chance
SLACK = 0.01  # seconds that an address loses by rounding


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and its place on the page; `anchor` begins with its second. `at` and `end` are as in addresses;
    `unsure` are the words that the model is unsure of, as character ranges of the text."""

    anchor: str
    at: str
    text: str
    corrected: bool
    doubtful: bool
    end: str = ""
    unsure: Ranges = ()


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


@dataclass(frozen=True, slots=True)
class Unheard:
    """Speech without text, and why (`transcribe.Doubt`)."""

    start: float
    end: float
    reason: str
    kind: str = "unheard"


@dataclass(frozen=True, slots=True)
class Missing:
    """Here some of the meeting is not in the recording; `lost` in seconds, None where that is not known."""

    start: float
    lost: float | None
    reason: str
    kind: str = "missing"


Mark = Gap | Change | Unheard | Missing


@dataclass(slots=True)
class Section:
    """What was said under one item (with those taken together with it), or outside all items."""

    item: PublishedItem | None
    joint: tuple[PublishedItem, ...]
    anchor: str | None
    start: float
    blocks: list[Turn | Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole text of a meeting in order, and where each of its moments is on the page."""

    sections: tuple[Section, ...]
    anchors: tuple[str, ...]  # one a sentence, in the sentences' order
    item_anchors: dict[int, str]  # by the item's position

    @property
    def lines(self) -> Iterator[Line]:
        """The sentences in the order that they stand on the page."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Turn):
                    yield from block.lines


def item_anchor(item: PublishedItem) -> str:
    return f"punkt-{item.position + 1}"


def lay_out(meeting: PublishedMeeting) -> Reading:
    """Sections, turns and anchors of a meeting."""
    anchors = tuple(_anchors(meeting.sentences))
    sections: list[Section] = []
    seen: dict[int, str] = {}
    marks: list[Mark] = [*_gaps(meeting.withheld), *_changes(meeting), *_unheard(meeting), *_missing(meeting)]
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


def _unheard(meeting: PublishedMeeting) -> list[Unheard]:
    """The gaps of every recording that a reader would miss something by; the shorter ones are listed elsewhere."""
    gaps = (gap for r in meeting.recordings if r.quality for gap in r.quality.gaps)
    return [Unheard(gap.start, gap.end, gap.reason) for gap in gaps if gap.end - gap.start >= MISSED]


def _missing(meeting: PublishedMeeting) -> list[Missing]:
    return [Missing(gap.at, gap.lost, gap.reason.value) for r in meeting.recordings for gap in r.gaps]


def _position(section: Section) -> int | None:
    return section.item.position if section.item else None


def _place(mark: Mark, sections: list[Section]) -> None:
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
    # What was not heard does not end a speech.
    spoke = next((b for b in reversed(section.blocks) if not isinstance(b, Unheard)), None)
    same = isinstance(spoke, Turn) and spoke.speaker == sentence.speaker
    if not isinstance(last, Turn) or not same or last.length > PARAGRAPH:
        last = Turn(sentence.speaker, sentence.start, continued=same)
        section.blocks.append(last)
    last.length += len(sentence.text)
    last.lines.append(_line(sentence, anchor))


def _line(sentence: Sentence, anchor: str) -> Line:
    doubtful = bool(sentence.doubt)
    return Line(
        anchor=anchor,
        at=address_seconds(sentence.start),
        text=sentence.text,
        corrected=sentence.corrected,
        doubtful=doubtful,
        end=address_seconds(sentence.end),
        unsure=() if doubtful else unsure_words(sentence),  # of a doubtful sentence all words are in doubt
    )


def unsure_words(sentence: Sentence) -> Ranges:
    """The words of a sentence that the model is unsure of, as character ranges; neighbours are one."""
    found: list[tuple[int, int]] = []
    at = 0
    for word in sentence.words:
        said = word.word.strip()
        start = sentence.text.find(said, at) if said else -1
        if start < 0:
            continue  # the text was spelled otherwise than it was heard
        end = start + len(said)
        if word.probability < SURE:
            if found and not sentence.text[found[-1][1] : start].strip():
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        at = end
    return tuple(found)
