"""How long recordings are, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue import Recording


def seconds_in(recordings: Iterable[Recording]) -> float | None:
    """Of these recordings together; None while the length of one of them is not known."""
    known = [recording.duration for recording in recordings]
    return None if None in known else sum(one or 0.0 for one in known)


def hours_in(recordings: Iterable[Recording]) -> float | None:
    seconds = seconds_in(recordings)
    return None if seconds is None else seconds / 3600
