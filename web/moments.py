"""Seconds in addresses and on pages."""

from __future__ import annotations

import math
import re

LONGEST = 1_000_000.0  # seconds; nothing in the archive is longer
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)


def parse_moment(text: str | None) -> float | None:
    """The second that `?t=` asks for; None where it says nothing usable."""
    number = (
        text or ""
    ).strip()  # of more than `float` forgives: \x1f is a space to one and not to the other
    return min(float(number), LONGEST) if _NUMBER.fullmatch(number) else None


def address_seconds(seconds: float) -> str:
    """A second as it stands in an address: `745.2`, at most hundredths, no needless zeros."""
    return f"{seconds:.2f}".rstrip("0").rstrip(".")


def clock(seconds: float) -> str:
    """`2:05` or `1:02:05`, for people."""
    whole = math.floor(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def machine_duration(seconds: float) -> str:
    """A length of time as HTML's `datetime` attribute wants it."""
    return f"PT{math.floor(seconds)}S"
