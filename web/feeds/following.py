"""Atom feeds of new meetings: of all, of one body, and those where one case was an item."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.atom import MEDIA_TYPE, Feed, write_atom
from web.conditional import tagged
from web.feeds.bodies import body_asked_for
from web.feeds.cases import case_address, case_asked_for, case_entries, case_title
from web.feeds.entries import meeting_entries, page_of
from web.search_query import plain
from web.site import Site, site_of


def new_meetings(request: Request) -> Response:
    """`/moeder.atom`: the newest meetings."""
    site = site_of(request)
    page = page_of(site.archive.meetings(), "/moeder.atom", request.query_params)
    return _answer(
        request,
        Feed(
            id=_id(site, "/moeder.atom", "moeder"),
            title=site.settings.site_name,
            itself=_itself(request),
            page=site.url("/moeder"),
            author=site.settings.site_name,
            entries=meeting_entries(site, page.things),
            subtitle="Nye møder",
            next=_url(site, page.next),
            previous=_url(site, page.previous),
        ),
    )


def new_of_body(request: Request) -> Response:
    """`/udvalg.atom`: the newest meetings of one council or committee."""
    site, body = site_of(request), body_asked_for(request)
    page = page_of(body.meetings, "/udvalg.atom", request.query_params, ("municipality", "body"))
    return _answer(
        request,
        Feed(
            id=_id(site, body.feed, f"udvalg:{body.query}"),
            title=body.title,
            itself=_itself(request),
            page=site.url(body.list),
            author=body.municipality or site.settings.site_name,
            entries=meeting_entries(site, page.things),
            subtitle=f"Nye møder i arkivet {site.settings.site_name}",
            next=_url(site, page.next),
            previous=_url(site, page.previous),
        ),
    )


def new_of_case(request: Request) -> Response:
    """`/sag.atom`: every time that a case was an item of a meeting."""
    site, params = site_of(request), request.query_params
    number, municipality = plain(params.get("nr", "")), plain(params.get("municipality", ""))
    found = case_asked_for(site, number, municipality)
    if not found:
        raise HTTPException(404, "no such case")
    number = found[0].item.case
    address = case_address(number, municipality)
    return _answer(
        request,
        Feed(
            id=_id(
                site, case_address(number, municipality, "/sag.atom"), address.replace("/sag?nr=", "sag:")
            ),
            title=f"Sag {number}: {case_title(found)}",
            itself=_itself(request),
            page=site.url(address),
            author=site.settings.site_name,
            entries=case_entries(site, found),
            subtitle=f"Møder i arkivet {site.settings.site_name}, hvor sagen var på dagsordenen",
        ),
    )


def _answer(request: Request, feed: Feed) -> Response:
    return tagged(request, Response(write_atom(feed), media_type=MEDIA_TYPE))


def _id(site: Site, path: str, name: str) -> str:
    """The feed's own address where the archive has one; it is the same on every page of the feed."""
    return site.url(path) if site.settings.base_url else f"urn:talerstolen:{name}"


def _itself(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return site_of(request).url(f"{request.url.path}{query}")


def _url(site: Site, path: str | None) -> str | None:
    return site.url(path) if path else None
