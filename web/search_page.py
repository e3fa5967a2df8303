"""The page of search results: hits to the second, facets as plain links, everything in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from catalogue import EngineError, InputError, UnknownMeeting
from search import FILTERS, Hit, SearchRequest, SearchResult
from web.addresses import meeting_address, sentence_anchor
from web.conditional import tagged
from web.did_you_mean import did_you_mean
from web.errors import log_engine_down
from web.search_query import pairs, search_request
from web.site import Site, site_of
from web.snippet import Piece, snippet

FACETS = {"municipality": "Kommune", "body": "Udvalg", "speaker": "Taler", "party": "Parti"}
LABELS = {**FACETS, "item": "Punkt", "meeting": "Møde", "section": "Punkt"}
SORTS = {"relevance": "Bedste fund først", "newest": "Nyeste først", "oldest": "Ældste først"}
VALUES_SHOWN = 12
MOST_HITS = 1_000  # how deep the engine pages


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as the page shows it."""

    href: str
    title: str
    date: date | None
    body: str
    municipality: str
    item: str
    item_title: str
    speaker: str | None
    start: float
    pieces: list[Piece]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, or a chosen filter; `href` leads to the results with it added, or taken away."""

    label: str
    count: int | None
    chosen: bool
    href: str


def search_page(request: Request) -> Response:
    site = site_of(request)
    try:
        asked = search_request(request.query_params)
        result = site.search(asked) if pairs(asked) else None
    except InputError as error:
        return site.page("search.html", _form(site, SearchRequest()) | {"refused": error.where}, status=422)
    except EngineError as error:
        log_engine_down(request, error)
        context = _form(site, asked) | {"down": True}
        return site.page("search.html", context, status=503, headers={"retry-after": "30"})
    found = _results(asked, result) | {"instead": _instead(site, asked, result)} if result else {}
    return tagged(request, site.page("search.html", _form(site, asked) | found))


def _instead(site: Site, asked: SearchRequest, result: SearchResult) -> tuple[str, str] | None:
    """Another query that finds more, and its address."""
    other = did_you_mean(site, asked, result)
    return (other, "/soeg?" + urlencode(pairs(replace(asked, q=other)))) if other else None


def _form(site: Site, asked: SearchRequest) -> dict[str, object]:
    """What the form shows, whether there are results or not."""
    return {
        "asked": asked,
        "result": None,
        "down": False,
        "refused": None,
        "filters": _filters(site, asked),
        "hidden": [(name, value) for name in FILTERS for value in getattr(asked, name)],
        "sorts": SORTS,
    }


def _results(asked: SearchRequest, result: SearchResult) -> dict[str, object]:
    pages = min(-(-result.total // asked.per_page), MOST_HITS // asked.per_page)
    facets = {label: _choices(asked, name, result) for name, label in FACETS.items()}
    return {
        "result": result,
        "found": [_found(hit) for hit in result.hits],
        "facets": facets | {"År": _years(asked, result)},
        "page": asked.page,
        "pages": pages,
        "pairs": pairs(asked),
    }


def _found(hit: Hit) -> Found:
    passage = hit.passage
    return Found(
        href=f"{meeting_address(passage.meeting, hit.start)}#{sentence_anchor(hit.start)}",
        title=passage.title,
        date=passage.date,
        body=passage.body,
        municipality=passage.municipality,
        item=passage.item or "",
        item_title=passage.item_title or "",
        speaker=passage.speaker,
        start=hit.start,
        pieces=snippet(passage.text, hit.highlights),
        missing=hit.missing,
    )


def _choices(asked: SearchRequest, name: str, result: SearchResult) -> list[Choice]:
    chosen = getattr(asked, name)
    values = [v for v in result.facets.get(name, ()) if v.value][:VALUES_SHOWN]
    return [Choice(v.value, v.count, v.value in chosen, _toggled(asked, name, v.value)) for v in values]


def _years(asked: SearchRequest, result: SearchResult) -> list[Choice]:
    """The years there are, newest first; a year is asked for as its first and last day."""
    left = [pair for pair in pairs(asked) if pair[0] not in ("from", "to")]
    choices = []
    for value in sorted(result.facets.get("year", ()), key=lambda v: v.value, reverse=True)[:VALUES_SHOWN]:
        days = [("from", f"{value.value}-01-01"), ("to", f"{value.value}-12-31")]
        chosen = all(pair in pairs(asked) for pair in days)
        choices.append(
            Choice(value.value, value.count, chosen, "/soeg?" + urlencode(left if chosen else [*left, *days]))
        )
    return choices


def _filters(site: Site, asked: SearchRequest) -> list[Choice]:
    """The filters in force, each with the way out of it."""
    in_force = []
    for name in FILTERS:
        for value in getattr(asked, name):
            said = _meeting_title(site, value) if name == "meeting" else value
            in_force.append(Choice(f"{LABELS[name]}: {said}", None, True, _toggled(asked, name, value)))
    return in_force


def _meeting_title(site: Site, meeting_id: str) -> str:
    try:
        return site.archive.meeting(meeting_id).meeting.title
    except UnknownMeeting:
        return meeting_id


def _toggled(asked: SearchRequest, name: str, value: str) -> str:
    now = pairs(asked)
    left = [pair for pair in now if pair != (name, value)]
    return "/soeg?" + urlencode(left if len(left) < len(now) else [*now, (name, value)])
