"""How a passage is stored in an index: whole as JSON, beside the fields that are searched and filtered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from search.analyser import Terms, all_terms
from search.contract import Passage

DAY = 10_000_000  # a day's share of the sorting key: tenths of a second fit in it many times
KINDS = {"norm": "n:", "lemma": "l:", "parts": "p:"}  # marks of terms where the kinds stand together
APART = " . "


def dump_passage(passage: Passage) -> str:
    row = {name: getattr(passage, name) for name in Passage.__slots__}
    row["date"] = passage.date.isoformat() if passage.date else None
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


def start_of(oldest: int) -> float:
    """The second that a passage with this `oldest_key` begins, to a tenth."""
    return oldest % DAY / 10


def _tenths(passage: Passage) -> int:
    return min(DAY - 1, max(0, round(passage.start * 10)))


def facet_values(passage: Passage) -> dict[str, str]:
    """The values a passage is counted and filtered by; what is not known is left out."""
    values = {
        "meeting": passage.meeting,
        "section": passage.section,
        "municipality": passage.municipality,
        "body": passage.body,
        "year": str(passage.date.year) if passage.date else "",
        "speaker": passage.speaker,
        "party": passage.party,
        "item": passage.item,
    }
    return {name: value for name, value in values.items() if value}


def heading(passage: Passage) -> tuple[str, ...]:
    """The titles a passage is found by though it does not say them: those that it opens."""
    meeting = (passage.title, passage.body, passage.municipality) if passage.opens == "meeting" else ()
    item = (passage.item_title or "",) if passage.opens else ()
    return (*item, *meeting)


def context(passage: Passage) -> tuple[str, ...]:
    """All that is said of where a passage stands and who speaks: it has the words that its text need not repeat."""
    titles = (passage.item_title or "", passage.title, passage.body, passage.municipality)
    return (*titles, passage.speaker or "")


def norms(titles: Iterable[str]) -> str:
    """The norms of titles in order, with something between two titles that is no norm: no phrase goes over it."""
    return APART.join(" ".join(found.norm for found in all_terms(title)) for title in titles)


def marked(titles: Iterable[str]) -> list[str]:
    """The terms of titles, each once and with the mark of its kind."""
    return sorted(frozenset[str]().union(*map(_marked, titles)))


@lru_cache(maxsize=4096)  # a passage's neighbours have the same
def _marked(title: str) -> frozenset[str]:
    return frozenset(term for found in all_terms(title) for term in marked_terms(found))


def marked_terms(found: Terms) -> Iterator[str]:
    yield KINDS["norm"] + found.norm
    yield from (KINDS["lemma"] + lemma for lemma in found.lemmas)
    yield from (KINDS["parts"] + part for part in found.parts)


def unmarked(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Marked terms with their counts, by kind."""
    return {
        kind: {term.removeprefix(mark): n for term, n in counts.items() if term.startswith(mark)}
        for kind, mark in KINDS.items()
    }
