"""The front page, the list of meetings, and the page about the archive."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from web.archive import Listed
from web.conditional import tagged
from web.search_query import plain
from web.site import site_of

NEWEST = 6
PER_PAGE = 50


def front(request: Request) -> Response:
    """What the archive is, a search field, the newest meetings."""
    site = site_of(request)
    meetings = site.archive.meetings()
    context = {
        "newest": meetings[:NEWEST],
        "total": len(meetings),
        "municipalities": len({m.municipality for m in meetings if m.municipality}),
        "duration": sum(m.duration or 0.0 for m in meetings),
    }
    return tagged(request, site.page("front.html", context))


def meetings(request: Request) -> Response:
    """All meetings, or those of one municipality, body or year."""
    site = site_of(request)
    everything = site.archive.meetings()
    chosen = {name: plain(request.query_params.get(name, "")) for name in ("municipality", "body", "year")}
    found = [m for m in everything if _fits(m, chosen)]
    pages = max(1, -(-len(found) // PER_PAGE))
    page = _page(request.query_params.get("page", ""), pages)
    context = {
        "meetings": found[(page - 1) * PER_PAGE : page * PER_PAGE],
        "total": len(found),
        "everything": len(everything),
        "chosen": chosen,
        "municipalities": sorted({m.municipality for m in everything if m.municipality}),
        "bodies": sorted({m.body for m in everything if m.body}),
        "years": sorted({str(m.date.year) for m in everything if m.date}, reverse=True),
        "page": page,
        "pages": pages,
        "pairs": [(name, value) for name, value in chosen.items() if value],
    }
    return tagged(request, site.page("meetings.html", context))


def about(request: Request) -> Response:
    return tagged(request, site_of(request).page("about.html", {}))


def _fits(meeting: Listed, chosen: dict[str, str]) -> bool:
    year = str(meeting.date.year) if meeting.date else ""
    is_ = {"municipality": meeting.municipality, "body": meeting.body, "year": year}
    return all(not value or is_[name] == value for name, value in chosen.items())


def _page(text: str, pages: int) -> int:
    """The page asked for, as near as there is one."""
    return min(max(1, int(text)), pages) if text.isascii() and text.isdigit() and len(text) < 9 else 1
