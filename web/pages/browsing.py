"""The front page and the list of meetings."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from web.archive import Listed
from web.conditional import tagged
from web.search_query import plain
from web.site import site_of

NEWEST = 6
MOST = 24  # municipalities that the front page names
PER_PAGE = 50
FILTERS = ("municipality", "body", "year")


def front(request: Request) -> Response:
    """What the archive is, a search field, the newest meetings."""
    site = site_of(request)
    meetings = site.archive.meetings()
    counted = Counter(m.municipality for m in meetings if m.municipality)
    context = {
        "newest": meetings[:NEWEST],
        "total": len(meetings),
        "municipalities": sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])),
        "most": MOST,
        "hours": round(sum(m.duration or 0.0 for m in meetings) / 3600),
    }
    return tagged(request, site.page(request, "front.html", context))


def meetings(request: Request) -> Response:
    """All meetings, or those of one municipality, body or year."""
    site = site_of(request)
    everything = site.archive.meetings()
    chosen = _chosen(request.query_params)
    found = [m for m in everything if _fits(m, chosen)]
    pages = max(1, -(-len(found) // PER_PAGE))
    page = _page(request.query_params.get("page", ""), pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    pairs = [(name, value) for name, value in chosen.items() if value]
    context = {
        "meetings": shown,
        "by_year": [(year, list(those)) for year, those in groupby(shown, _year)],
        "total": len(found),
        "everything": len(everything),
        "chosen": chosen,
        "filters": [(value, [pair for pair in pairs if pair[0] != name]) for name, value in pairs],
        "municipalities": sorted({m.municipality for m in everything if m.municipality}),
        "bodies": _bodies(everything, chosen["municipality"]),
        "years": sorted({_year(m) for m in everything} - {""}, reverse=True),
        "page": page,
        "pages": pages,
        "pairs": pairs,
        "followed": [pair for pair in pairs if pair[0] != "year"],
    }
    return tagged(request, site.page(request, "meetings.html", context))


def _chosen(params: QueryParams) -> dict[str, str]:
    return {name: plain(params.get(name, "")) for name in FILTERS}


def _fits(meeting: Listed, chosen: dict[str, str]) -> bool:
    is_ = {"municipality": meeting.municipality, "body": meeting.body, "year": _year(meeting)}
    return all(not value or is_[name] == value for name, value in chosen.items())


def _year(meeting: Listed) -> str:
    return str(meeting.date.year) if meeting.date else ""


def _bodies(meetings: tuple[Listed, ...], municipality: str) -> list[str]:
    """The bodies to choose from: of one municipality where one is chosen."""
    those = (m for m in meetings if not municipality or m.municipality == municipality)
    return sorted({m.body for m in those if m.body})


def _page(text: str, pages: int) -> int:
    """The page asked for, as near as there is one."""
    return min(max(1, int(text)), pages) if text.isascii() and text.isdigit() and len(text) < 9 else 1
