"""What the public is told of a recording that is not whole: no more than is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalogue.arrivals import SAME_SECONDS, Arrival
from catalogue.records import Recording


class Lack(StrEnum):
    """Why a recording is not whole, or may not be."""

    GROWING = "growing"  # it was still getting longer at its source when that was last looked at
    SHORT = "short"  # its source announces more than there is
    PARTS = "parts"  # something of it is missing; how much, is not known


@dataclass(frozen=True, slots=True)
class Incomplete:
    """`announced` are the seconds that its source says it has, of a short one alone."""

    lack: Lack
    announced: float | None = None


def incomplete(recording: Recording, arrival: Arrival | None) -> Incomplete | None:
    """What is known to be missing, by what is on record of its source; None where nothing is."""
    if arrival is not None and arrival.growing:
        return Incomplete(Lack.GROWING)
    if not recording.incomplete:
        return None
    announced, duration = recording.announced, recording.duration
    if announced is not None and duration is not None and announced - duration > SAME_SECONDS:
        return Incomplete(Lack.SHORT, announced)
    return Incomplete(Lack.PARTS)
