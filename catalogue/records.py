"""The archive's words as frozen records (see the design's list of words).

All times are seconds as floats. A transcript's times are on its recording's clock; everything a reader
meets is on the meeting's clock, which is the recording's clock plus the recording's offset.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word. `probability` is the model's own (0–1), never made up."""

    start: float
    end: float
    word: str
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or so of speech, by one speaker where the speaker is known.

    `doubt` says why the model is not to be trusted here (`transcribe.Doubt`); empty where nothing speaks
    against it.
    """

    start: float
    end: float
    text: str
    speaker: str | None = None
    words: tuple[Word, ...] = ()
    doubt: str = ""


class TranscriptOrigin(StrEnum):
    """Where a text came from; shown to every reader."""

    CAPTIONS = "captions"  # the publisher's captions or transcript
    MODEL = "model"  # a model heard it


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a transcript came to be, complete enough to make it again."""

    origin: TranscriptOrigin
    source: str  # the captions' file name or address, or the model's name
    revision: str = ""  # the model's revision or the sha256 of its weights
    options: str = ""  # JSON of the decoding options
    audio_sha256: str = ""
    tools: str = ""  # JSON of tool names and versions


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a recording that a person should listen to, and why: a gap, or text that is doubtful."""

    start: float
    end: float
    reason: str


@dataclass(frozen=True, slots=True)
class TranscriptQuality:
    """How well a recording was heard. Times are seconds; parts are on the recording's clock."""

    duration: float  # of the recording
    speech: float  # of it with speech, as the voice detector has it
    gaps: tuple[Part, ...]  # speech without text
    doubtful: tuple[Part, ...]  # text that is not to be trusted
    windows: int  # that the model was shown
    decoded_again: tuple[tuple[str, int], ...]  # for what reason, how many windows
    names: int  # windows in which a name was mended by the list of names
    busy: float  # that the machine worked on it

    @property
    def covered(self) -> float:
        """The share of speech that has text, 0–1; 1 where there was no speech."""
        missing = sum(gap.end - gap.start for gap in self.gaps)
        return max(0.0, 1 - missing / self.speech) if self.speech else 1.0

    @property
    def speed(self) -> float:
        """Seconds of recording for each second of work; 0 where nothing had to be done."""
        return self.duration / self.busy if self.busy else 0.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """An immutable version of what was said in one recording (or in a meeting without a recording).

    `id` is made from the content, so the same text made the same way is the same transcript; how well
    it was heard is no part of that.
    """

    id: str
    language: str
    segments: tuple[Segment, ...]
    provenance: Provenance
    quality: TranscriptQuality | None = None  # of one that a model heard


@dataclass(frozen=True, slots=True)
class TranscriptVersion:
    """That there is a transcript with this id, and since when."""

    id: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that belongs to an item. `url` is an http(s) address, or empty where none is known."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item as published. `number` is a string: numbers may run through the year, or be "12 a".

    `outcome` is the decision, when the minutes have come; `url` is the publisher's own page of the item;
    `audio` are addresses of clips of this item alone; `begins` is the second on the meeting's clock at which
    the publisher says that it begins.
    """

    number: str
    title: str
    case: str = ""
    open: bool = True
    source_id: str = ""
    outcome: str = ""
    attachments: tuple[Attachment, ...] = ()
    url: str = ""
    audio: tuple[str, ...] = ()
    begins: float | None = None


class AgendaKind(StrEnum):
    """Which of a meeting's papers an agenda was read from."""

    AGENDA = "agenda"
    SUPPLEMENT = "supplement"  # items added later, with numbers of their own or going on
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Agenda:
    """The published agenda of one meeting; the meeting's own facts are there where the source gave them."""

    items: tuple[AgendaItem, ...]
    title: str = ""
    date: date | None = None
    body: str = ""
    municipality: str = ""
    source: str = ""
    kind: AgendaKind = AgendaKind.AGENDA


class RecordingKind(StrEnum):
    """How the source is fetched."""

    FILE = "file"  # a file on this machine
    HTTP = "http"  # a media file at an address
    HLS = "hls"  # an HLS manifest
    PAGE = "page"  # a page that yt-dlp knows
    LIVE = "live"  # recorded here while it was broadcast: there is nothing to fetch it from again
    NONE = "none"  # nothing to fetch: only a transcript was given


@dataclass(frozen=True, slots=True)
class Chapter:
    """A point that the publisher set in a recording: the second it begins (recording's clock), and its title."""

    start: float
    title: str


class GapReason(StrEnum):
    """Why a part of a live meeting is not in its recording."""

    CONNECTION = "connection"  # the sender could not be reached, or not in time
    SENDER = "sender"  # the sender left it out itself
    RESTARTED = "restarted"  # the sender began anew
    PAUSED = "paused"  # the sender stood still
    STOPPED = "stopped"  # nothing was being recorded here
    DAMAGED = "damaged"  # it arrived, and nothing could be made of it


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where some of the meeting is missing from its recording. The hole is cut out: `at` is the second on
    the recording's clock before and after which other times of the meeting are heard; `lost` is how many seconds of
    the meeting are missing there, None where that is not known."""

    at: float
    lost: float | None
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of a meeting, 1–n per meeting.

    `offset` (seconds on the meeting's clock) is None until known: it then begins where the one before
    ended. The other facts are filled in by the steps: `duration` in seconds; `original`, `audio` and
    `playable` are names in the media store; `playable_without` is the digest of the withheld time ranges
    that were silenced in the playable file, None of one that may not be played as it is; `transcript` is the id
    of the current transcript; `item` is the source id (or, without one, the number) of the only item that this is
    a clip of; `chapters` are the publisher's own. `announced` are the seconds that the source says it has (a playlist's total, a page's or the
    file's own duration), None where it does not say; `incomplete` is what is missing, empty of one that is whole.
    `retired` is the day since which the recording itself is not kept any more, and `retired_why` the rule that said
    so; with `text_retired` its text is withheld from the public as well.
    `gaps` are where a live recording misses something, in order.
    """

    id: str
    ordinal: int
    kind: RecordingKind
    source: str
    offset: float | None = None
    duration: float | None = None
    original: str | None = None
    audio: str | None = None
    playable: str | None = None
    playable_without: str | None = None
    has_video: bool = False
    transcript: str | None = None
    item: str = ""
    chapters: tuple[Chapter, ...] = ()
    announced: float | None = None
    incomplete: str = ""
    retired: date | None = None
    retired_why: str = ""
    text_retired: bool = False
    gaps: tuple[Gap, ...] = ()


class SpanStatus(StrEnum):
    """What became of an agenda item in the recording."""

    DISCUSSED = "discussed"
    JOINT = "joint"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    NOT_FOUND = "not_found"


class SetBy(StrEnum):
    """Who said when an item was taken."""

    MACHINE = "machine"  # read from the transcript
    PUBLISHER = "publisher"  # index points, chapters or clips of the source
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that placed an item, and the second they were said (meeting's clock)."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """Which time an agenda item took, on the meeting's clock. `start` is None where it was not found.

    `confidence` is the machine's own; where a person said the time it is 0, for nothing measured it.
    """

    item: int  # the item's place in the agenda, from 0
    status: SpanStatus
    start: float | None = None
    end: float | None = None
    confidence: float = 0.0
    evidence: Evidence | None = None
    set_by: SetBy = SetBy.MACHINE


@dataclass(frozen=True, slots=True)
class ClosedDoors:
    """A stretch of the meeting that was recorded after the doors were closed (meeting's clock)."""

    start: float
    end: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Segmentation:
    """One decision about a whole meeting: made from these transcripts and this agenda, a span for every item."""

    agenda: str  # `agenda_key` of the agenda it was made for
    transcripts: tuple[str, ...]  # transcript ids, in the recordings' order
    spans: tuple[ItemSpan, ...]
    closed_doors: tuple[ClosedDoors, ...] = ()


class EditKind(StrEnum):
    CORRECTION = "correction"  # the sentence there reads otherwise
    REDACTION = "redaction"  # what was said there is withheld
    OPEN = "open"  # an item, or a stretch recorded behind closed doors, is released by a person
    CLOSE = "close"  # an item or a stretch is withheld by a person
    BOUNDARY = "boundary"  # an item was taken at this time; without times: it is not in the recording
    UNSET = "unset"  # the machine decides again when an item was taken


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person laid over the transcript: who, when, why. Anchored in time, so it survives a new transcript.

    Corrections and redactions cover `start`–`end`; `item` (the agenda number) names the item that is opened,
    closed or given a time, and where one opens or closes without an item, `start`–`end` is. Of a boundary only
    `start` is needed. Numbers move with the agenda: `item_key` is what the item is known by as well
    (`catalogue.item_key`); the catalogue fills it in.
    """

    kind: EditKind
    by: str
    why: str
    at: datetime
    start: float | None = None
    end: float | None = None
    item: str | None = None
    text: str = ""
    item_key: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of a body of a municipality. With `captions_first` nothing but its agenda is public before every
    recording has its text."""

    id: str
    title: str
    date: date | None
    body: str
    municipality: str
    recordings: tuple[Recording, ...] = ()
    agenda: Agenda = field(default_factory=lambda: Agenda(items=()))
    captions_first: bool = False


@dataclass(frozen=True, slots=True)
class PaperLink:
    """A paper at a portal (agenda, supplement or minutes) that a meeting was made from, by the portal's own id."""

    portal: str
    source_id: str


class StepState(StrEnum):
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepResult:
    """What is on record of one step for one meeting.

    A step runs again when its fingerprint (of inputs, settings and the step's own version) differs.
    """

    meeting_id: str
    step: str
    state: StepState
    fingerprint: str
    finished: datetime
    seconds: float
    message: str = ""
