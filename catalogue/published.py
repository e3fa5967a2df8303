"""What the public sees of a meeting: the one function that pages, API, index and captions read.

It lays people's edits over the transcript and withholds what is closed, redacted, or in doubt:

- of an item that the source marks closed, whose title says so, or that a person closed: its title, case and
  outcome;
- all that was said in withheld time (`catalogue.withholding` decides which that is);
- a correction that reaches into withheld time, with the sentences it corrects: its text may be what is withheld;
- words that placed an item, unless they still stand in the public text.

A meeting is public once it is whole: segmented, and every recording of it ready to play, or let go of since. It is
then as the segmentation's transcripts have it, so a new transcription becomes visible in one move with its items.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogue.catalogue import Catalogue
from catalogue.edits import edit_time
from catalogue.intervals import Interval, touches
from catalogue.published_edits import PublishedEdit, published_edits
from catalogue.published_quality import PublishedQuality, published_quality
from catalogue.published_wholeness import Incomplete, incomplete
from catalogue.records import (
    AgendaItem,
    Attachment,
    Edit,
    EditKind,
    Evidence,
    Gap,
    Meeting,
    Provenance,
    Recording,
    Segment,
    SetBy,
    SpanStatus,
    Transcript,
    Word,
)
from catalogue.serial import digest
from catalogue.titles import spoken_title
from catalogue.whole import public_decision
from catalogue.withholding import Decision, withheld_digest

CLOSED_TITLE = "Lukket punkt"
Day = date  # a meeting has a field of that name


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """An agenda item as the public may know it. A closed one keeps its number and shows `CLOSED_TITLE`."""

    position: int
    number: str
    title: str
    case: str
    open: bool
    outcome: str
    status: SpanStatus
    start: float | None
    end: float | None
    confidence: float
    evidence: Evidence | None
    set_by: SetBy
    url: str = ""  # the publisher's own page of it, as the source has it: not yet a link
    attachments: tuple[Attachment, ...] = ()
    spoken_title: str = ""

    @property
    def known(self) -> bool:
        """Whether it has a time, or is known to have none (withdrawn, closed, or a person says so)."""
        return self.status is not SpanStatus.NOT_FOUND or self.set_by is SetBy.PERSON


@dataclass(frozen=True, slots=True)
class Sentence:
    """A public segment on the meeting's clock, in the item with that position (None: before the first)."""

    start: float
    end: float
    text: str
    speaker: str | None
    item: int | None
    recording: int  # the recording's ordinal
    words: tuple[Word, ...] = ()
    corrected: bool = False
    doubt: str = ""  # why the model is not to be trusted here; empty where nothing speaks against it


@dataclass(frozen=True, slots=True)
class PublishedRecording:
    """A recording on the meeting's clock. `playable` is a name in the media store, or None: nothing to play. `awaited`:
    its file is there, and is made anew because other time is withheld now, or for the titles in it."""

    id: str
    ordinal: int
    offset: float
    duration: float | None
    playable: str | None
    has_video: bool
    provenance: Provenance | None
    quality: PublishedQuality | None = None  # of one that a model heard
    transcript: str = ""  # the id of the version shown; empty where there is no text
    awaited: bool = (
        False  # there is a file, which is being made anew without what nobody may hear or read now
    )
    retired: date | None = None  # since when the recording itself is not kept any more
    text_retired: bool = False  # its text went with it
    gaps: tuple[Gap, ...] = ()  # where the recording misses some of the meeting; `at` on the meeting's clock
    incomplete: Incomplete | None = None  # what else it lacks, as far as that is known


@dataclass(frozen=True, slots=True)
class Correction:
    """Where a person corrected the text (meeting's clock), and a `mark` that only this correction has."""

    start: float
    end: float
    mark: str


@dataclass(frozen=True, slots=True)
class PublishedMeeting:
    id: str
    title: str
    date: date | None
    body: str
    municipality: str
    items: tuple[PublishedItem, ...]
    sentences: tuple[Sentence, ...]
    recordings: tuple[PublishedRecording, ...]
    withheld: tuple[Interval, ...]  # meeting's clock, disjoint, in order
    corrections: tuple[Correction, ...] = ()  # in the order they were made
    edits: tuple[PublishedEdit, ...] = ()  # what people changed, in the order they did
    waits_for_captions: bool = False  # there are recordings, of which nothing is public before their text is

    @property
    def duration(self) -> float:
        """The end of the last recording or sentence, in seconds."""
        ends = [r.offset + r.duration for r in self.recordings if r.duration]
        return max([*ends, *(s.end for s in self.sentences[-1:])], default=0.0)

    @property
    def retired(self) -> Day | None:
        """Since when nothing of it can be played, because its recordings were let go of; None where that is not so."""
        days = [r.retired for r in self.recordings if r.retired]
        return max(days) if days and not any(r.playable or r.awaited for r in self.recordings) else None

    @property
    def text_retired(self) -> bool:
        """Whether its text went with its recordings."""
        return any(r.text_retired for r in self.recordings)

    @property
    def placed(self) -> int:
        """How many agenda items have a time, or are known to have none."""
        return sum(item.known for item in self.items)


def published_meeting(
    catalogue: Catalogue, meeting_id: str, *, words: bool = True, instead: Sequence[str] = ()
) -> PublishedMeeting | None:
    """The public view of a meeting; None while nothing of it is public. Raises `UnknownMeeting`.

    Without the times of its `words` it is read in a fraction of the time. With ids of other transcripts of its
    recordings, `instead`, it is what these say under today's edits, with all withheld that is withheld today.
    """
    source = catalogue.meeting(meeting_id)
    decision = public_decision(catalogue, source)
    if decision is None:
        return None
    if decision.alone:
        return _outline(source, decision)
    meeting, withheld = decision.meeting, decision.withheld

    sentences: list[Sentence] = []
    recordings: list[PublishedRecording] = []
    # Not a recording's current transcript: that of one of them may be newer than the items' times.
    transcripts = catalogue.transcripts(decision.segmentation.transcripts, words=words)
    transcripts |= catalogue.transcripts(instead, words=words) if instead else {}
    arrivals = catalogue.arrivals.of(meeting.id)
    for recording in meeting.recordings:
        transcript = transcripts.get(recording.id)
        said = _sentences(transcript.segments, recording, withheld) if transcript else []
        lacks = incomplete(recording, arrivals.get(recording.id))
        recordings.append(_recording(recording, withheld, transcript, said, lacks))
        sentences += said
    sentences = _corrected(sorted(sentences, key=lambda s: (s.start, s.end)), decision.edits, withheld)
    items = public_items(decision, sentences)
    return PublishedMeeting(
        id=meeting.id,
        title=meeting.title,
        date=meeting.date,
        body=meeting.body,
        municipality=meeting.municipality,
        items=items,
        sentences=tuple(_with_items(sentences, items)),
        recordings=tuple(recordings),
        withheld=withheld,
        corrections=tuple(_correction(e) for e in decision.edits if e.kind is EditKind.CORRECTION),
        edits=published_edits(decision),
    )


def _correction(edit: Edit) -> Correction:
    time = edit_time(edit)
    return Correction(time.start, time.end, digest([time.start, time.end, edit.text, edit.at])[:16])


def published_outline(catalogue: Catalogue, meeting_id: str) -> PublishedMeeting | None:
    """The public view of a meeting without reading its text, for lists of many: there are no sentences, no item has
    its evidence, and of no recording is it told where the text is from, nor what is missing. Raises `UnknownMeeting`."""
    source = catalogue.meeting(meeting_id)
    decision = public_decision(catalogue, source)
    return _outline(source, decision) if decision else None


def _outline(source: Meeting, decision: Decision) -> PublishedMeeting:
    """What a decision makes public without any text; of a meeting whose agenda stands alone, there is no more."""
    withheld = () if decision.alone else decision.withheld
    return PublishedMeeting(
        id=source.id,
        title=source.title,
        date=source.date,
        body=source.body,
        municipality=source.municipality,
        items=public_items(decision),
        sentences=(),
        recordings=tuple(_recording(r, withheld, None, ()) for r in decision.meeting.recordings),
        withheld=withheld,
        waits_for_captions=decision.alone and bool(source.recordings),
    )


def published_meetings(catalogue: Catalogue) -> list[Meeting]:
    """The meetings of which something is public, newest first; agendas with closed titles withheld."""
    public = []
    for meeting in catalogue.meetings():
        decision = public_decision(catalogue, meeting)
        if decision is None:
            continue
        items = tuple(_public_item(item, n in decision.closed) for n, item in enumerate(meeting.agenda.items))
        public.append(replace(decision.meeting, agenda=replace(meeting.agenda, items=items)))
    return public


def published_without(catalogue: Catalogue, meeting_id: str) -> tuple[Interval, ...] | None:
    """What is withheld of a meeting, without reading its text; None while nothing of it is public."""
    decision = public_decision(catalogue, catalogue.meeting(meeting_id))
    return decision.withheld if decision else None


def published_provenances(catalogue: Catalogue, meeting_id: str) -> tuple[Provenance, ...]:
    """How the text of each recording of a meeting came to be; none while nothing of it is public.

    Raises `UnknownMeeting`.
    """
    decision = public_decision(catalogue, catalogue.meeting(meeting_id))
    transcripts = decision.segmentation.transcripts if decision else ()
    return tuple(catalogue.provenance(transcript) for transcript in transcripts)


def published_agenda(
    catalogue: Catalogue, meeting_id: str
) -> tuple[Meeting, tuple[PublishedItem, ...]] | None:
    """A meeting and its items as the public may know them, without reading its text; so no item has its evidence.
    None while nothing of it is public. Raises `UnknownMeeting`."""
    decision = public_decision(catalogue, catalogue.meeting(meeting_id))
    return (decision.meeting, public_items(decision)) if decision else None


def _public_item(item: AgendaItem, closed: bool) -> AgendaItem:
    return AgendaItem(number=item.number, title=CLOSED_TITLE, open=False) if closed else item


def public_items(decision: Decision, sentences: Iterable[Sentence] = ()) -> tuple[PublishedItem, ...]:
    """The items of a meeting; words that placed one are shown where they are still among the `sentences`."""
    closed = decision.closed
    spans = {span.item: span for span in decision.segmentation.spans}
    said = {(s.start, s.text) for s in sentences if not s.corrected}
    items = []
    for position, source in enumerate(decision.meeting.agenda.items):
        span, item = spans[position], _public_item(source, position in closed)
        status = SpanStatus.CLOSED if position in closed else span.status
        evidence = span.evidence
        shown = position not in closed and evidence is not None and (evidence.at, evidence.text) in said
        items.append(
            PublishedItem(
                position=position,
                number=item.number,
                title=item.title,
                case=item.case,
                open=item.open,
                outcome=item.outcome,
                status=status,
                start=None if position in closed else span.start,
                end=None if position in closed else span.end,
                confidence=0.0 if position in closed else span.confidence,
                evidence=evidence if shown else None,
                set_by=SetBy.MACHINE if position in closed else span.set_by,
                url=item.url,
                attachments=item.attachments,
                spoken_title=spoken_title(item.title),
            )
        )
    return tuple(items)


def _recording(
    recording: Recording,
    withheld: tuple[Interval, ...],
    transcript: Transcript | None,
    said: Iterable[Sentence],
    lacks: Incomplete | None = None,
) -> PublishedRecording:
    # A file in which other time was silenced than is withheld now may not be played.
    fits = recording.playable_without == withheld_digest(withheld, recording)
    offset = recording.offset or 0.0
    heard = transcript.quality if transcript else None
    spoken = sum(sentence.end - sentence.start for sentence in said)
    return PublishedRecording(
        id=recording.id,
        ordinal=recording.ordinal,
        offset=offset,
        duration=recording.duration,
        playable=recording.playable if fits and recording.retired is None else None,
        has_video=recording.has_video,
        provenance=transcript.provenance if transcript else None,
        quality=published_quality(heard, offset, withheld, spoken) if heard else None,
        transcript=transcript.id if transcript else "",
        awaited=recording.playable is not None and recording.retired is None and not fits,
        retired=recording.retired,
        text_retired=recording.text_retired,
        gaps=tuple(
            replace(g, at=offset + g.at) for g in recording.gaps if not _hidden(offset + g.at, withheld)
        ),
        incomplete=lacks,
    )


def _hidden(moment: float, withheld: Iterable[Interval]) -> bool:
    return any(stretch.start < moment < stretch.end for stretch in withheld)


def _sentences(
    segments: Iterable[Segment], recording: Recording, withheld: tuple[Interval, ...]
) -> list[Sentence]:
    offset = recording.offset or 0.0
    return [
        Sentence(
            start=s.start + offset,
            end=s.end + offset,
            text=s.text,
            speaker=s.speaker,
            item=None,
            recording=recording.ordinal,
            words=tuple(Word(w.start + offset, w.end + offset, w.word, w.probability) for w in s.words),
            doubt=s.doubt,
        )
        for s in segments
        if not touches(withheld, s.start + offset, s.end + offset)
    ]


def _corrected(
    sentences: list[Sentence], edits: Iterable[Edit], withheld: tuple[Interval, ...]
) -> list[Sentence]:
    """Corrections replace what was said in their time: the first sentence there takes the text, others go.

    The text of one that reaches into withheld time may hold what is withheld: then all of them go.
    """
    for edit in edits:
        if edit.kind is not EditKind.CORRECTION:
            continue
        time = edit_time(edit)
        hit = [n for n, s in enumerate(sentences) if touches((time,), s.start, s.end)]
        merged: list[Sentence] = []
        if hit and not touches(withheld, time.start, time.end):
            end = max(sentences[n].end for n in hit)
            merged = [replace(sentences[hit[0]], end=end, text=edit.text, words=(), corrected=True, doubt="")]
        before, gone = (sentences[: hit[0]] if hit else sentences), set(hit)
        after = [s for n, s in enumerate(sentences) if n > hit[0] and n not in gone] if hit else []
        sentences = [*before, *merged, *after]
    return sentences


def _with_items(sentences: Iterable[Sentence], items: tuple[PublishedItem, ...]) -> Iterable[Sentence]:
    """Each sentence with the open item it was said under: the last one begun that has not ended."""
    begun = sorted((i.start, i.position, i.end) for i in items if i.start is not None)
    place = -1
    for sentence in sentences:
        middle = (sentence.start + sentence.end) / 2
        while place + 1 < len(begun) and begun[place + 1][0] <= middle:
            place += 1
        # Items taken together share a start: the sentence belongs to the first of them.
        first = next((b for b in begun if b[0] == begun[place][0]), None) if place >= 0 else None
        inside = first is not None and (first[2] is None or middle < first[2])
        yield replace(sentence, item=first[1] if inside and first else None)
