"""Seconds and moments in addresses and on pages."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST = 1_000_000.0  # seconds; nothing in the archive is longer
_CLOCKS = (
    re.compile(r"(?:(\d{1,3}):)?(\d{1,5}):([0-5]?\d(?:[.,]\d{1,3})?)", re.ASCII),
    re.compile(r"(\d{1,3})\.(\d{1,2})\.([0-5]?\d(?:,\d{1,3})?)", re.ASCII),
)
_MINUTES = re.compile(r"\d{1,5}\.[0-5]\d", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)


def parse_moment(text: str | None) -> float | None:
    """The second that `?t=` asks for; None where it says nothing usable."""
    number = (
        text or ""
    ).strip()  # of more than `float` forgives: \x1f is a space to one and not to the other
    return min(float(number), LONGEST) if _NUMBER.fullmatch(number) else None


def parse_clock(text: str | None) -> float | None:
    """Seconds of a time as people write it (`1:02:05`, `62:05`, `1.02.05`, `3725`); None where it is none.

    A number alone is seconds, as in addresses. Minutes may be more than 59 where no hours stand before them.
    """
    typed = (text or "").strip()
    if _NUMBER.fullmatch(typed.replace(",", ".")):
        return parse_moment(typed.replace(",", "."))
    found = next((match for clock in _CLOCKS if (match := clock.fullmatch(typed))), None)
    if found is None:
        return None
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), float(found[3].replace(",", "."))
    if found[1] is not None and minutes > 59:
        return None
    return min(hours * 3600 + minutes * 60 + seconds, LONGEST)


def parse_typed(text: str | None) -> float | None:
    """The same of what somebody writes in a field, where `2.30` is two minutes and a half."""
    typed = (text or "").strip()
    return parse_clock(typed.replace(".", ":") if _MINUTES.fullmatch(typed) else typed)


def exact_clock(seconds: float) -> str:
    """The same as `clock` with hundredths where there are some: what `parse_clock` reads as this second again."""
    hundredths = round(seconds * 100)
    whole, rest = divmod(hundredths, 100)
    return clock(whole) + (f".{rest:02}".rstrip("0") if rest else "")


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


def danish_day(at: datetime) -> date:
    """The day in Denmark on which a moment was: what was done at half past midnight there was done on that day."""
    try:
        return at.astimezone(ZoneInfo("Europe/Copenhagen")).date()
    except ZoneInfoNotFoundError:  # a machine without time zones knows its own alone
        return at.astimezone().date()


def moment_json(at: datetime) -> str:
    """A moment for machines, to the second (RFC 3339)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
