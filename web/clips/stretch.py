"""Which stretch of a meeting a clip may be of, and why another one may not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from catalogue import PublishedMeeting, PublishedRecording, touches
from ingest import ClipForm
from web.language import N_
from web.moments import address_seconds, parse_moment

LONGEST = 300.0  # seconds
SHORTEST = 1.0
USUAL = 60.0  # what is proposed
SLACK = 0.05  # seconds that a recording may be shorter than what is asked for

_NAME = re.compile(
    r"(?P<start>[\d.]{1,12})-(?P<end>[\d.]{1,12})-(?P<form>[a-z]{1,12})\.(?P<suffix>[a-z0-9]{3})", re.ASCII
)

# What a clip is called on pages and in addresses.
FORMS = {"indbraendt": ClipForm.BURNED, "spor": ClipForm.TRACK, "lyd": ClipForm.SOUND}
DANISH = {form: name for name, form in FORMS.items()}


class Why(StrEnum):
    """Why a stretch cannot be cut, in words for the reader."""

    ORDER = N_("Klippet skal slutte, efter at det er begyndt, og vare mindst et sekund.")
    LONG = N_("Et klip kan højst vare fem minutter.")
    NOWHERE = N_("Der er ingen optagelse at klippe i på det sted.")
    ACROSS = N_("Klippet går ud over optagelsens slutning. Vælg et stykke, der ligger i én optagelse.")
    WITHHELD = N_(
        "I det stykke er tekst og lyd udeladt (lukket behandling eller fortrolige oplysninger). Det kan ikke klippes."
    )


class Refused(Exception):
    """This stretch is not cut."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From `start` to `end` on the meeting's clock, in whole hundredths of a second."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return round(self.end - self.start, 2)


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch and a form: what the name of a clip's file says. The same of every revision of the meeting."""

    stretch: Stretch
    form: ClipForm

    @property
    def stem(self) -> str:
        start, end = address_seconds(self.stretch.start), address_seconds(self.stretch.end)
        return f"{start}-{end}-{DANISH[self.form]}"

    @property
    def file(self) -> str:
        return self.stem + self.form.suffix


def stretch(start: float, end: float) -> Stretch:
    """The stretch, to the hundredth that addresses have."""
    return Stretch(round(start, 2), round(end, 2))


def named(file: str) -> tuple[Named, str] | None:
    """What a file name of ours says, and its ending; None for every other name."""
    found = _NAME.fullmatch(file)
    if found is None:
        return None
    start, end, form = parse_moment(found["start"]), parse_moment(found["end"]), FORMS.get(found["form"])
    if start is None or end is None or form is None:
        return None
    name = Named(stretch(start, end), form)
    # One file has one name: `007` is no second of ours.
    return (name, found["suffix"]) if f"{name.stem}.{found['suffix']}" == file else None


def recording_of(meeting: PublishedMeeting, cut: Stretch) -> PublishedRecording:
    """The recording that a clip is cut from. Raises `Refused`."""
    if cut.seconds < SHORTEST:
        raise Refused(Why.ORDER)
    if cut.seconds > LONGEST:
        raise Refused(Why.LONG)
    if touches(meeting.withheld, cut.start, cut.end):
        raise Refused(Why.WITHHELD)
    found = recording_at(meeting, cut.start)
    if found is None:
        raise Refused(Why.NOWHERE)
    if cut.end > ending(meeting, found) + SLACK:
        raise Refused(Why.ACROSS)
    return found


def recording_at(meeting: PublishedMeeting, second: float) -> PublishedRecording | None:
    """The recording that can be played at a second, and that the second lies in."""
    begun = [r for r in meeting.recordings if r.offset <= second + SLACK]
    last = max(begun, key=lambda r: r.offset, default=None)
    if last is None or last.playable is None or second >= ending(meeting, last):
        return None
    return last


def ending(meeting: PublishedMeeting, recording: PublishedRecording) -> float:
    """Where a recording ends on the meeting's clock: at its own end, or where the next one begins."""
    after = [r.offset for r in meeting.recordings if r.offset > recording.offset]
    own = recording.offset + recording.duration if recording.duration is not None else float("inf")
    return min([own, *after])
