"""How a passage is stored in an index: whole as JSON, beside the fields that are searched and filtered."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from search.analyser import Terms, analyse
from search.contract import Passage

DAY = 10_000_000  # a day's share of the sorting key: tenths of a second fit in it many times


def dump_passage(passage: Passage) -> str:
    row = asdict(passage) | {"date": passage.date.isoformat() if passage.date else None}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def load_passage(text: str) -> Passage:
    row: dict[str, Any] = json.loads(text)
    day = date.fromisoformat(row["date"]) if row["date"] else None
    sentences = tuple((int(place), start, end) for place, start, end in row["sentences"])
    return Passage(**(row | {"date": day, "sentences": sentences}))


def day_number(day: date | None) -> int:
    """Days since the year 1; 0 for a meeting without a date."""
    return day.toordinal() if day else 0


def oldest_key(passage: Passage) -> int:
    """Ascending: oldest meeting first, and each from its beginning."""
    return day_number(passage.date) * DAY + _tenths(passage)


def newest_key(passage: Passage) -> int:
    """Descending: newest meeting first, and each from its beginning."""
    return day_number(passage.date) * DAY + DAY - 1 - _tenths(passage)


def _tenths(passage: Passage) -> int:
    return min(DAY - 1, max(0, round(passage.start * 10)))


def facet_values(passage: Passage) -> dict[str, str]:
    """The values a passage is counted and filtered by; what is not known is left out."""
    values = {
        "meeting": passage.meeting,
        "municipality": passage.municipality,
        "body": passage.body,
        "year": str(passage.date.year) if passage.date else "",
        "speaker": passage.speaker,
        "party": passage.party,
        "item": passage.item,
    }
    return {name: value for name, value in values.items() if value}


def analysed(passage: Passage) -> list[Terms]:
    return [found for _, found in analyse(passage.text)]


def all_parts(found: Iterable[Terms]) -> list[str]:
    return [part for terms in found for part in terms.parts]
