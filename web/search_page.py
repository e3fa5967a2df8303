"""The page of search results: hits to the second, facets as plain links, everything in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from catalogue import EngineError, InputError, UnknownMeeting
from search import FILTERS, Group, Hit, Reason, SearchRequest, SearchResult
from web.addresses import meeting_address, sentence_anchor
from web.conditional import tagged
from web.did_you_mean import did_you_mean
from web.errors import log_engine_down
from web.search_query import USUAL, pairs, search_request
from web.site import Site, site_of
from web.snippet import Piece, snippet

FACETS = {"municipality": "Kommune", "body": "Udvalg", "speaker": "Taler", "party": "Parti"}
LABELS = {**FACETS, "item": "Punkt", "meeting": "Møde", "section": "Punkt"}
SORTS = {"relevance": "Bedste fund først", "newest": "Nyeste først", "oldest": "Ældste først"}
VALUES_SHOWN = 12
LONGEST_TITLE = 180  # characters; some go on with every name behind a bill
MOST_HITS = 1_000  # how deep the engine pages


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as the page shows it."""

    href: str
    speaker: str | None
    start: float
    pieces: list[Piece]
    missing: tuple[str, ...]
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An agenda item, or what was said outside of all, with its hits; `more` of them stand at `all_href`."""

    title: list[Piece]
    number: str
    meeting: list[Piece]
    date: date | None
    body: str
    municipality: str
    hits: list[Found]
    more: int
    all_href: str


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
        asked = search_request(request.query_params, grouped=True)
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
        "hidden": [(name, value) for name in FILTERS if name != "section" for value in getattr(asked, name)],
        "sorts": SORTS,
    }


def _results(asked: SearchRequest, result: SearchResult) -> dict[str, object]:
    facets = {label: _choices(asked, name, result) for name, label in FACETS.items()}
    found = [_item(asked, group) for group in result.groups or _by_item(result.hits)]
    pages = _pages(asked, result)
    return {
        "result": result,
        "found": found,
        "also": [_item(asked, group) for group in _by_item(result.also)],
        "facets": facets | {"År": _years(asked, result)},
        "page": asked.page,
        "pages": pages,
        "more": asked.page < pages
        if pages
        else len(found) == asked.per_page and asked.page < _deepest(asked),
        "pairs": pairs(asked),
        "why_href": _address(replace(asked, why=not asked.why)),
    }


def _pages(asked: SearchRequest, result: SearchResult) -> int | None:
    """How many pages there are to turn; None where the groups are too many to be counted."""
    rows = result.group_total if asked.grouped else result.total
    return None if rows is None else min(-(-rows // asked.per_page), _deepest(asked))


def _deepest(asked: SearchRequest) -> int:
    return MOST_HITS // asked.per_page


def _by_item(hits: Sequence[Hit]) -> list[Group]:
    """Hits in their order, those that follow each other in one item together."""
    runs = [tuple(run) for _, run in groupby(hits, key=lambda hit: hit.passage.section)]
    return [Group(len(run), run) for run in runs]


def _item(asked: SearchRequest, group: Group) -> FoundItem:
    first = group.hits[0]
    passage = first.passage
    return FoundItem(
        title=snippet(passage.item_title or "", first.item_highlights, LONGEST_TITLE),
        number=passage.item or "",
        meeting=snippet(passage.title, first.title_highlights),
        date=passage.date,
        body="" if passage.body.casefold() in passage.title.casefold() else passage.body,
        municipality=passage.municipality,
        hits=[_found(hit) for hit in group.hits],
        more=group.total - len(group.hits),
        all_href=_address(
            replace(asked, section=(passage.section,), grouped=False, per_page=USUAL[False], page=1)
        ),
    )


def _found(hit: Hit) -> Found:
    passage = hit.passage
    return Found(
        href=f"{meeting_address(passage.meeting, hit.start)}#{sentence_anchor(hit.start)}",
        speaker=passage.speaker,
        start=hit.start,
        pieces=snippet(passage.text, hit.highlights),
        missing=hit.missing,
        why=hit.why,
    )


def _address(asked: SearchRequest) -> str:
    return "/soeg?" + urlencode(pairs(asked))


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
            said = NAMED[name](site, value) if name in NAMED else value
            in_force.append(Choice(f"{LABELS[name]}: {said}", None, True, _toggled(asked, name, value)))
    return in_force


def _meeting_title(site: Site, meeting_id: str) -> str:
    try:
        return site.archive.meeting(meeting_id).meeting.title
    except UnknownMeeting:
        return meeting_id


def _section_title(site: Site, section: str) -> str:
    """The title of the item that a section names, as it is public at this moment."""
    meeting_id, _, position = section.rpartition("/")
    try:
        meeting = site.archive.meeting(meeting_id).meeting
    except UnknownMeeting:
        return section
    item = next((i for i in meeting.items if str(i.position + 1) == position), None)
    return f"{item.title} ({meeting.title})" if item else meeting.title


#: What a filter's value is called on the page.
NAMED: Mapping[str, Callable[[Site, str], str]] = {"meeting": _meeting_title, "section": _section_title}


def _toggled(asked: SearchRequest, name: str, value: str) -> str:
    now = pairs(asked)
    left = [pair for pair in now if pair != (name, value)]
    return "/soeg?" + urlencode(left if len(left) < len(now) else [*now, (name, value)])
