"""The filters of a search as links: those in force, each with the way out of it, and those that can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from search import FILTERS, FacetValue, SearchRequest
from web.language import N_
from web.search_query import USUAL, pairs

FACETS = {
    "municipality": N_("Kommune"),
    "body": N_("Udvalg"),
    "speaker": N_("Taler"),
    "party": N_("Parti"),
}
YEAR = N_("År")
LABELS = {**FACETS, "item": N_("Punkt"), "meeting": N_("Møde"), "section": N_("Punkt")}
NAMES_READ = 8  # values of a filter that are called by their names, for which meetings are read
VALUES_SHOWN = 12
VALUES_AT_ONCE = 5  # the rest can be unfolded


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet; `href` leads to the results with it added, or taken away."""

    label: str
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with the values that stand there at once, those chosen first, and those to unfold."""

    label: str
    choices: list[Choice]
    more: list[Choice]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter in force: `without` is the search without it, `href` its page. A day is `value`, or `day` to be written."""

    label: str
    value: str
    day: date | None
    without: SearchRequest

    @property
    def href(self) -> str:
        return address(self.without)


def address(asked: SearchRequest, page: str = "/soeg") -> str:
    """Where a search stands."""
    query = urlencode(pairs(asked))
    return f"{page}?{query}" if query else page


def first_page(asked: SearchRequest, **changed: Any) -> SearchRequest:
    """The search with these things changed, from its first page; by item where that is how a page is."""
    fresh = replace(asked, **{"page": 1, **changed})
    grouped = not fresh.section
    if grouped == fresh.grouped:
        return fresh
    return replace(fresh, grouped=grouped, per_page=USUAL[grouped])


def chosen(asked: SearchRequest, name_of: Callable[[str, str], str]) -> list[Chosen]:
    """The filters in force; `name_of` says what a value of a filter is called."""
    in_force = []
    for name in FILTERS:
        values = getattr(asked, name)
        for n, value in enumerate(values):
            without = first_page(asked, **{name: tuple(v for v in values if v != value)})
            said = name_of(name, value) if n < NAMES_READ else value
            in_force.append(Chosen(LABELS[name], said, None, without))
    return in_force + _days(asked)


def _days(asked: SearchRequest) -> list[Chosen]:
    year = whole_year(asked)
    if year:
        return [Chosen(YEAR, str(year), None, first_page(asked, from_=None, to=None))]
    days = []
    if asked.from_:
        days.append(Chosen(N_("Fra og med"), "", asked.from_, first_page(asked, from_=None)))
    if asked.to:
        days.append(Chosen(N_("Til og med"), "", asked.to, first_page(asked, to=None)))
    return days


def whole_year(asked: SearchRequest) -> int | None:
    """The year that is asked for, from its first to its last day."""
    first, last = asked.from_, asked.to
    if first is None or last is None or first.year != last.year:
        return None
    return first.year if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) else None


def facets(asked: SearchRequest, counted: Mapping[str, tuple[FacetValue, ...]]) -> list[Facet]:
    """The facets that have values, in their order."""
    made = [_facet(label, _choices(asked, name, counted.get(name, ()))) for name, label in FACETS.items()]
    made.append(_facet(YEAR, _years(asked, counted.get("year", ()))))
    return [facet for facet in made if facet.choices]


def _facet(label: str, choices: list[Choice]) -> Facet:
    in_force = [c for c in choices if c.chosen]
    rest = [c for c in choices if not c.chosen]
    room = max(0, VALUES_AT_ONCE - len(in_force))
    if len(rest) == room + 1:
        room += 1  # a fold that hides one is longer than the one
    return Facet(label, in_force + rest[:room], rest[room:])


def _choices(asked: SearchRequest, name: str, values: tuple[FacetValue, ...]) -> list[Choice]:
    now, base = getattr(asked, name), _base(first_page(asked))
    choices = []
    for value in [v for v in values if v.value][:VALUES_SHOWN]:
        is_chosen = value.value in now
        if is_chosen:
            others = tuple(v for v in now if v != value.value)
            href = address(first_page(asked, **{name: others}))
        else:
            href = base + urlencode([(name, value.value)])
        choices.append(Choice(value.value, value.count, is_chosen, href))
    return choices


def _years(asked: SearchRequest, values: tuple[FacetValue, ...]) -> list[Choice]:
    """The years there are, newest first; a year is asked for as its first and last day."""
    free = first_page(asked, from_=None, to=None)
    base, now, choices = _base(free), whole_year(asked), list[Choice]()
    for value in sorted(values, key=lambda v: v.value, reverse=True)[:VALUES_SHOWN]:
        days = urlencode([("from", f"{value.value}-01-01"), ("to", f"{value.value}-12-31")])
        is_chosen = value.value == str(now)
        choices.append(
            Choice(value.value, value.count, is_chosen, address(free) if is_chosen else base + days)
        )
    return choices


def _base(asked: SearchRequest) -> str:
    """The address of a search, to which another pair can be added: written once for all values of a facet."""
    said = address(asked)
    return said + ("&" if "?" in said else "?")


def without_any(asked: SearchRequest) -> SearchRequest:
    """The words alone."""
    nothing: dict[str, Any] = {name: () for name in FILTERS}
    return first_page(asked, from_=None, to=None, **nothing)
