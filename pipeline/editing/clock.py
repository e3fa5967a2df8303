"""Times as people write and read them: `1:02:03` on the meeting's clock."""

from __future__ import annotations

import math
import re

from catalogue import InputError
from transcribe import clock

_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,7}(?:\.\d{1,3})?)", re.ASCII)


def parse_time(text: str) -> float:
    """Seconds from `1:02:03`, `62:03` or `3723.5`. Raises `InputError`."""
    found = _TIME.fullmatch(text.strip())
    hours, minutes, seconds = found.groups() if found else (None, None, None)
    if seconds is None or (minutes and float(seconds) >= 60) or (hours and minutes and int(minutes) >= 60):
        raise InputError("is not a time", where=text, remedy="Write it as 1:02:03, 62:03 or 3723.")
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def parse_span(text: str) -> tuple[float, float | None]:
    """The seconds of `1:02:03-1:10:00`, in whatever order; of `1:02:03` alone there is no end. Raises `InputError`."""
    first, dash, last = text.partition("-")
    return parse_time(first), parse_time(last) if dash else None


def past_the_end(text: str, length: float) -> InputError:
    """Of a time that was written, where the meeting has so many seconds."""
    return InputError(
        f"the meeting ends at {short_clock(length)}",
        where=text,
        remedy="Times count from the start of the meeting.",
    )


def short_clock(seconds: float) -> str:
    """`1:02:03`: the second in which it lies."""
    return clock(math.floor(seconds), ".")[:-4].removeprefix("0")
