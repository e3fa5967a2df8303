"""Bodies and cases for machines: `/api/v1/bodies`, `/api/v1/cases`, `/api/v1/case`."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web.api import item_json, paging
from web.archive import Listed
from web.conditional import tagged
from web.feeds.bodies import bodies_of
from web.feeds.cases import LONGEST_NUMBER, Appearance, case_address, case_asked_for, case_title
from web.references import reference_json
from web.search_query import BadParameter, plain, texts
from web.site import Site, site_of


def bodies(request: Request) -> Response:
    site = site_of(request)
    rows = [
        {
            "municipality": body.municipality,
            "body": body.name,
            "meetings": len(body.meetings),
            "newest": _day(body.meetings[0].date),
            "feed": site.url(body.feed),
            "podcast": site.url(body.podcast) if body.recorded else None,
            "url": site.url(body.list),
        }
        for body in bodies_of(site.archive.meetings())
    ]
    return tagged(request, JSONResponse({"bodies": rows}))


def cases(request: Request) -> Response:
    site, params = site_of(request), request.query_params
    municipalities = texts(params, "municipality")
    page, per_page = paging(params)
    found: defaultdict[tuple[str, str], list[Listed]] = defaultdict(list)
    for meeting in site.archive.with_cases():  # newest first, and so are the cases
        if not municipalities or meeting.municipality in municipalities:
            for number in sorted(meeting.cases):
                found[meeting.municipality, number].append(meeting)
    shown = list(found.items())[(page - 1) * per_page : page * per_page]
    rows = [_listed(site, *about, meetings) for about, meetings in shown]
    return tagged(
        request, JSONResponse({"total": len(found), "page": page, "per_page": per_page, "cases": rows})
    )


def case(request: Request) -> Response:
    site, params = site_of(request), request.query_params
    number, municipality = plain(params.get("nr", "")), plain(params.get("municipality", ""))
    if not params.get("nr") or len(params["nr"]) > LONGEST_NUMBER:
        raise BadParameter("is to be a case number", where="nr", remedy="Write it as nr=25/26257.")
    found = case_asked_for(site, number, municipality)
    if not found:
        raise HTTPException(404, "no such case")
    number = found[0].item.case
    body = {
        "number": number,
        "title": case_title(found),
        "feed": site.url(case_address(number, municipality, "/sag.atom")),
        "appearances": [_appearance(site, one) for one in found],
    }
    return tagged(request, JSONResponse(body))


def _listed(site: Site, municipality: str, number: str, meetings: list[Listed]) -> dict[str, object]:
    return {
        "number": number,
        "municipality": municipality,
        "meetings": len(meetings),
        "newest": _day(max((m.date for m in meetings if m.date), default=None)),
        "url": site.url(case_address(number, municipality)),
    }


def _appearance(site: Site, one: Appearance) -> dict[str, object]:
    return {
        "meeting": reference_json(one.meeting),
        "item": item_json(one.item),
        "said": one.said,
        "url": site.url(one.address),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
