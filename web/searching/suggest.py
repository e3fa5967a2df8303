"""`/api/v1/suggest`: what somebody may mean who has typed so much."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from search import EntitledItem
from web.addresses import meeting_address
from web.references import named_json
from web.search_query import as_typed
from web.site import Site, site_of

# For who goes back a letter. Not for long: what is withheld now must not be suggested a minute later.
CACHED = "private, max-age=10"


def suggest(request: Request) -> Response:
    site = site_of(request)
    found = site.suggest(as_typed(request.query_params.get("q", "")))
    body = {
        "query": found.typed,
        "words": list(found.words),
        "people": [{"name": person.name, "passages": person.passages} for person in found.people],
        "items": [_item(site, item) for item in found.items],
    }
    return JSONResponse(body, headers={"cache-control": CACHED})


def _item(site: Site, item: EntitledItem) -> dict[str, object]:
    meeting = named_json(item.meeting, item.meeting_title, item.date, item.body, item.municipality)
    address = site.url(meeting_address(item.meeting, item.start))
    return {"title": item.title, "number": item.number, "meeting": meeting, "url": address}
