"""The page of search results: hits to the second, facets as plain links, everything in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from catalogue import EngineError, InputError, UnknownMeeting
from search import FILTERS, SearchRequest, SearchResult
from web.conditional import tagged
from web.errors import log_engine_down
from web.language import N_
from web.search_query import USUAL, pairs, search_request
from web.searching.did_you_mean import did_you_mean
from web.searching.filters import Chosen, address, chosen, facets, first_page
from web.searching.found import by_item, found_items
from web.searching.kept import kept_of
from web.searching.ways_on import Way, refusal, ways_on
from web.site import Site, site_of

SORTS = {
    "relevance": N_("Bedste fund først"),
    "newest": N_("Nyeste først"),
    "oldest": N_("Ældste først"),
}
MOST_HITS = 1_000  # how deep the engine pages
NEWEST_SHOWN = 5  # meetings, where the search does not answer


def search_page(request: Request) -> Response:
    site = site_of(request)
    try:
        asked = search_request(request.query_params, grouped=True)
        result = site.search(asked) if pairs(asked) else None
        found = _results(site, asked, result) if result else {}
        if not result:
            found = {"examples": kept_of(request).examples.of(site)}
    except InputError as error:
        context = _form(site, SearchRequest()) | {"refused": refusal(request.query_params, error.where)}
        return site.page(request, "search.html", context, status=422)
    except EngineError as error:
        log_engine_down(request, error)
        context = _form(site, asked) | {"down": True, "newest": site.archive.meetings()[:NEWEST_SHOWN]}
        return site.page(request, "search.html", context, status=503, headers={"retry-after": "30"})
    return tagged(request, site.page(request, "search.html", _form(site, asked) | found))


def _instead(site: Site, asked: SearchRequest, result: SearchResult) -> tuple[str, str] | None:
    """Another query that finds more, and its address."""
    other = did_you_mean(site, asked, result)
    return (other, address(first_page(asked, q=other))) if other else None


def _form(site: Site, asked: SearchRequest) -> dict[str, object]:
    """What the form shows, whether there are results or not."""
    return {
        "asked": asked,
        "result": None,
        "down": False,
        "refused": None,
        "examples": (),
        "filters": _chosen(site, asked),
        "hidden": _hidden(asked),
        "same": _same(asked),
    }


def _hidden(asked: SearchRequest) -> list[tuple[str, str]]:
    """What a new search in the form keeps, besides what stands in its fields."""
    kept = [(name, value) for name in FILTERS if name != "section" for value in getattr(asked, name)]
    return [*kept, ("sort", asked.sort)] if asked.sort != "relevance" else kept


def _same(asked: SearchRequest) -> list[tuple[str, str]]:
    """The query string of the same search as a feed, as files, and over time: nothing of how the page is."""
    return pairs(replace(asked, grouped=False, page=1, per_page=USUAL[False], why=False))


def _results(site: Site, asked: SearchRequest, result: SearchResult) -> dict[str, object]:
    groups, also = list(result.groups or by_item(result.hits)), by_item(result.also)
    outlines = site.archive.outlines(group.hits[0].passage.meeting for group in [*groups, *also])
    found, pages = (
        found_items(groups, outlines, lambda section: _all_of(asked, section)),
        _pages(asked, result),
    )
    return {
        "result": result,
        "found": found,
        "also": found_items(also, outlines, lambda section: _all_of(asked, section)),
        "facets": facets(asked, result.facets),
        "sorts": [
            (label, address(first_page(asked, sort=sort)), sort == asked.sort)
            for sort, label in SORTS.items()
        ],
        "page": asked.page,
        "pages": pages,
        "more": asked.page < pages
        if pages
        else len(found) == asked.per_page and asked.page < _deepest(asked),
        "pairs": pairs(asked),
        "why_href": address(replace(asked, page=1, why=not asked.why)),
        "instead": _instead(site, asked, result),
        "ways": _ways(site, asked, result),
    }


def _ways(site: Site, asked: SearchRequest, result: SearchResult) -> list[Way]:
    """Where the filters leave nothing, or nothing that has all the words: what there is without them."""
    return ways_on(site, asked, _chosen(site, asked)) if result.relaxed or not result.total else []


def _all_of(asked: SearchRequest, section: str) -> str:
    return address(first_page(asked, section=(section,)))


def _pages(asked: SearchRequest, result: SearchResult) -> int | None:
    """How many pages there are to turn; None where the groups are too many to be counted."""
    rows = result.group_total if asked.grouped else result.total
    return None if rows is None else min(-(-rows // asked.per_page), _deepest(asked))


def _deepest(asked: SearchRequest) -> int:
    return MOST_HITS // asked.per_page


def _chosen(site: Site, asked: SearchRequest) -> list[Chosen]:
    """The filters in force, each with the way out of it."""
    return chosen(asked, lambda name, value: NAMED[name](site, value) if name in NAMED else value)


def _meeting_title(site: Site, meeting_id: str) -> str:
    try:
        return site.archive.brief(meeting_id).meeting.title
    except UnknownMeeting:
        return meeting_id


def _section_title(site: Site, section: str) -> str:
    """The title of the item that a section names, as it is public at this moment."""
    meeting_id, _, position = section.rpartition("/")
    try:
        meeting = site.archive.brief(meeting_id).meeting
    except UnknownMeeting:
        return section
    item = next((i for i in meeting.items if str(i.position + 1) == position), None)
    return f"{item.title} ({meeting.title})" if item else meeting.title


#: What a filter's value is called on the page.
NAMED: Mapping[str, Callable[[Site, str], str]] = {"meeting": _meeting_title, "section": _section_title}
