"""What staff are told in the morning: records only. How it reads is `danish.py`'s; how it looks, the writers'.

Nothing withheld is in it: a meeting is named by body and day, a closed item by its number, and no words of any
transcript are quoted. Times are seconds on the meeting's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """How the night stands. One that stays at `begun` was cut off (killed, the power went)."""

    BEGUN = "begun"
    ENDED = "ended"
    BROKEN = "broken"  # it ended before its time, by a fault or by hand
    NEVER_BEGAN = "never_began"


class NoteKind(StrEnum):
    """What a person should look at in a meeting."""

    CLOSED = "closed"  # closed items of which there is no sign in the recording; `numbers`
    DOORS = "doors"  # closed items in whose place time is withheld, by a sign that is not theirs; `numbers`
    ITEMS = "items"  # items that were not placed; `numbers`
    DOUBTFUL = "doubtful"  # minutes where the text is doubtful; `places`
    GAPS = "gaps"  # speech without text; `places`
    SPEAKERS = "speakers"  # sentences without a name where others have one; `count` of `of`
    INCOMPLETE = "incomplete"  # a recording that is not whole; `places` where something is missing, `detail`
    LATE_CAPTIONS = "late_captions"  # `places`: from the end of a recording to that of its captions
    SHORTER = "shorter"  # the source has a much shorter recording by now; the archive keeps its own
    NEVER_ENDED = "never_ended"  # the source never said that the broadcast was over
    NO_AGENDA = "no_agenda"
    NO_TEXT = "no_text"
    LOST = "lost"  # times set by people that no longer find their item; `numbers`


CAN_WAIT = frozenset(
    {NoteKind.DOORS, NoteKind.SPEAKERS, NoteKind.NEVER_ENDED}
)  # nothing wrong is public, and nothing is missing


@dataclass(frozen=True, slots=True)
class Place:
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Note:
    kind: NoteKind
    numbers: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    count: int = 0
    of: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A meeting that was brought up to date since the report before. `heard` are hours that a model heard; `covered` is
    the share of speech that has text, `speed` seconds heard in a second of work; None where no model heard it."""

    meeting_id: str
    name: str
    public: bool
    hours: float
    heard: float
    covered: float | None
    speed: float | None


@dataclass(frozen=True, slots=True)
class GoingOn:
    """Work left at the deadline. `heard` of `hours` are done; `hours` is None while the length is not known. `source`:
    the recording goes on there (`pipeline.recordings.looking.GoesOn`), and that is what is waited for."""

    meeting_id: str
    name: str
    step: str
    heard: float
    hours: float | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that failed. `message` is the command line's; `then` is the next command."""

    subject: str  # a meeting's id, a municipality, or empty
    name: str
    step: str
    message: str
    then: str


@dataclass(frozen=True, slots=True)
class Review:
    """What a person should look at in one meeting; `pressing` where it cannot wait till there is time."""

    meeting_id: str
    name: str
    notes: tuple[Note, ...]

    @property
    def pressing(self) -> bool:
        return any(note.kind not in CAN_WAIT for note in self.notes)

    @property
    def may_leak(self) -> bool:
        """Whether something that is closed may be public."""
        return any(note.kind is NoteKind.CLOSED for note in self.notes)


@dataclass(frozen=True, slots=True)
class Items:
    meeting_id: str
    name: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Portal:
    """What one municipality's portal had. Meetings by name, except where only their number is told."""

    name: str
    new: tuple[str, ...]
    changed: int
    recorded: tuple[str, ...]
    waiting: tuple[str, ...]
    gone: tuple[str, ...]
    closed: tuple[Items, ...]
    opened: tuple[Items, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A deadline; `kind` is `pipeline.retention.DeadlineKind`'s."""

    meeting_id: str
    name: str
    kind: str
    day: date
    overdue: bool


@dataclass(frozen=True, slots=True)
class Speech:
    """What was heard since the report before: hours, the share of speech that has text, and seconds heard in a second of work."""

    hours: float
    covered: float
    speed: float


@dataclass(frozen=True, slots=True)
class Disk:
    free: int  # bytes
    kept: int
    little: bool


@dataclass(frozen=True, slots=True)
class NightReport:
    """One night, and what was finished since the report before. `morning` is the day of its deadline, which names its
    files; `told` is up to when the archive's work is in it, None where the catalogue could not be looked at;
    `older_reviews` are meetings of earlier nights with items that were not placed, `names_missing` municipalities that
    were heard without a list of names."""

    morning: date
    began: datetime
    until: datetime
    state: State
    ended: datetime | None = None
    told: datetime | None = None
    meetings: int = 0
    done: tuple[Done, ...] = ()
    going_on: tuple[GoingOn, ...] = ()
    failed: tuple[Problem, ...] = ()
    review: tuple[Review, ...] = ()
    older_reviews: int = 0
    portals: tuple[Portal, ...] = ()
    not_asked: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()  # meetings whose recordings went; their text is public still
    retired_whole: tuple[str, ...] = ()  # meetings of which the text is not public any more either
    deadlines: tuple[Ahead, ...] = ()
    names_missing: tuple[str, ...] = ()
    reports_open: int = 0
    reports_private: int = 0
    speech: Speech | None = None
    disk: Disk | None = None

    @property
    def exit_code(self) -> int:
        """1 something failed, else 3 stopped at the deadline with work left, else 0: a failure needs a person, what
        is left goes on by itself."""
        if self.failed or self.state is not State.ENDED:
            return 1
        return 3 if self.going_on or self.not_asked else 0
