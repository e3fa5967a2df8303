"""What a case of the gallery is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catalogue import RecordingKind
from tests.pipeline.gallery.world import World


class Ends(StrEnum):
    """How a case ends."""

    FINE = "fine"  # all steps are done, and nothing is to be said
    REVIEW = "review"  # all steps are done, and a person is told what to look at
    WAITS = "waits"  # nothing is wrong, and a later run has it
    FAILED = "failed"  # a step fails with one line, every night until it is mended
    REFUSED = "refused"  # `talerstol add` takes nothing of it and says why


@dataclass(frozen=True, slots=True)
class Given:
    """What a case gives to `talerstol add`. `then` happens between that and the run; where `add` refuses a recording,
    the run meets it nevertheless, as `kind`: it may have been fine when it was added."""

    source: str
    agenda: str = ""
    transcript: str = ""
    kind: RecordingKind = RecordingKind.FILE
    title: str = ""
    day: date | None = None
    then: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A bad input: its name, how it is made, how it ends."""

    name: str
    how: str
    make: Callable[[World], Given]
    ends: Ends
    slow: bool = False  # takes more than some seconds


def recording(make: Callable[[World], str]) -> Callable[[World], Given]:
    """A recording in a file, with good captions."""
    return lambda world: Given(make(world), agenda=world.agenda, transcript=world.captions)


def address(
    make: Callable[[World], str], kind: RecordingKind = RecordingKind.HTTP
) -> Callable[[World], Given]:
    """A recording at an address, with good captions."""
    return lambda world: Given(make(world), agenda=world.agenda, transcript=world.captions, kind=kind)


def stream(make: Callable[[World], str]) -> Callable[[World], Given]:
    return address(make, RecordingKind.HLS)


def captions(make: Callable[[World], str]) -> Callable[[World], Given]:
    """Captions to a good recording."""
    return lambda world: Given(world.sound, agenda=world.open_agenda, transcript=make(world))


def agenda(make: Callable[[World], str]) -> Callable[[World], Given]:
    """The agenda of a good recording with good captions."""
    return lambda world: Given(world.sound, agenda=make(world), transcript=world.captions)
