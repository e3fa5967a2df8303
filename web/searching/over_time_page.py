"""`/soeg/over-tid` and `/api/v1/frequency`: how often something was said, and in what share of the time, by month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from catalogue import EngineError, InputError
from search import SearchRequest
from web.conditional import tagged
from web.errors import log_engine_down
from web.search_query import USUAL, pairs, search_request
from web.searching.chart import Chart, chart
from web.searching.filters import address, first_page
from web.searching.frequency import Frequency, Month
from web.searching.kept import kept_of
from web.searching.ways_on import refusal
from web.site import site_of


@dataclass(frozen=True, slots=True)
class Row:
    """A month of the table, and the page of its places."""

    month: Month
    href: str


def over_time_page(request: Request) -> Response:
    site = site_of(request)
    context: dict[str, object] = {"asked": SearchRequest(), "refused": None, "down": False, "found": None}
    try:
        asked = _asked(request)
        context |= {"asked": asked, "back": address(first_page(asked)), "same": pairs(asked)}
        if asked.q:
            context |= _drawn(asked, kept_of(request).over_time.of(site, asked))
    except InputError as error:
        context |= {"refused": refusal(request.query_params, error.where), "back": "/soeg"}
        return site.page(request, "over_time.html", context, status=422)
    except EngineError as error:
        log_engine_down(request, error)
        context["down"] = True
        return site.page(request, "over_time.html", context, status=503, headers={"retry-after": "30"})
    return tagged(request, site.page(request, "over_time.html", context))


def frequency_api(request: Request) -> Response:
    """The same for machines."""
    site, asked = site_of(request), _asked(request)
    found = kept_of(request).over_time.of(site, asked)
    months = [
        {
            "month": f"{m.first:%Y-%m}",
            "places": m.places,
            "seconds": round(m.seconds, 2),
            "spoken": round(m.spoken, 2),
            "share": round(m.share, 8),
            "meetings": m.meetings,
        }
        for m in found.months
    ]
    whole = {name: value for name, value in asdict(found).items() if name != "months"}
    sums = {
        "seconds": round(found.seconds, 2),
        "spoken": round(found.spoken, 2),
        "share": round(found.share, 8),
    }
    body = {
        "query": asked.q,
        **whole,
        **sums,
        "months": months,
        "url": site.url(address(asked, "/soeg/over-tid")),
    }
    return tagged(request, JSONResponse(body))


def _asked(request: Request) -> SearchRequest:
    params = request.query_params
    unused = ("page", "per_page", "sort", "why")
    return search_request(params.__class__([p for p in params.multi_items() if p[0] not in unused]))


def _drawn(asked: SearchRequest, found: Frequency) -> dict[str, object]:
    return {
        "found": found,
        "places": _chart(found, lambda m: float(m.places)),
        "shares": _chart(found, lambda m: m.share),
        "rows": [Row(m, _month_address(asked, m.first)) for m in reversed(found.months)],
    }


def _chart(found: Frequency, value: Callable[[Month], float]) -> Chart | None:
    return chart([(m.first, value(m) if m.meetings else None) for m in found.months])


def _month_address(asked: SearchRequest, first: date) -> str:
    """The places of one month, within the days that were asked for."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    begin, end = max(first, asked.from_ or first), min(last, asked.to or last)
    return address(first_page(replace(asked, per_page=USUAL[False]), from_=begin, to=end))
