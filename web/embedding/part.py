"""Which part of a meeting is embedded: all of it, from a second on, a stretch, or an agenda item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from catalogue import PublishedItem, PublishedMeeting
from web.addresses import meeting_address
from web.moments import address_seconds, parse_clock, parse_typed
from web.reading import UNENDING, item_anchor

UNASKED = 180.0  # seconds of text shown from a second on, where no end is said
_NUMBER = re.compile(r"\d{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """`start` and `end` are on the meeting's clock; None: from its beginning, to its end."""

    start: float | None = None
    end: float | None = None
    item: PublishedItem | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The part as it stands in an address."""
        if self.item is not None:
            return [("punkt", str(self.item.position + 1))]
        if self.start is None:
            return []
        if self.end is None:
            return [("t", address_seconds(self.start))]
        return [("fra", address_seconds(self.start)), ("til", address_seconds(self.end))]

    @property
    def until(self) -> float:
        """How far text is shown."""
        if self.end is not None:
            return self.end
        return self.start + UNASKED if self.start is not None else 0.0


def part_of(meeting: PublishedMeeting, fields: Mapping[str, str]) -> Part:
    """What an address asks for; what cannot be read, or is not there, is as if it was not asked for."""
    item = _item(meeting, fields.get("punkt", ""))
    if item is not None and item.start is not None:
        return Part(item.start, item.end if item.end is not None and item.end < UNENDING else None, item)
    start = _time(fields, "begynder", "fra")
    end = _time(fields, "slutter", "til")
    if start is not None and end is not None and end > start:
        return Part(round(start, 2), round(end, 2))
    moment = parse_clock(fields.get("t")) if start is None else start
    return Part(round(moment, 2)) if moment is not None else Part()


def embedded_address(meeting: str, part: Part) -> str:
    return _with(f"/indlejret/{meeting}", part.pairs)


def embed_page_address(meeting: str, part: Part) -> str:
    """The page with the code to copy."""
    return _with(f"/moeder/{meeting}/indlejr", part.pairs)


def full_address(meeting: str, part: Part) -> str:
    """The same place on the meeting's own page."""
    anchor = f"#{item_anchor(part.item)}" if part.item else ""
    return meeting_address(meeting, part.start) + anchor


def _time(fields: Mapping[str, str], typed: str, address: str) -> float | None:
    """A time typed in a form, else one of an address."""
    return parse_typed(fields[typed]) if fields.get(typed) else parse_clock(fields.get(address))


def _item(meeting: PublishedMeeting, number: str) -> PublishedItem | None:
    place = int(number) if _NUMBER.fullmatch(number) else 0
    return meeting.items[place - 1] if 1 <= place <= len(meeting.items) else None


def _with(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
