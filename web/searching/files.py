"""`/soeg.csv` and `/soeg.json`: the hits of a search with their surroundings, for a spreadsheet or a program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from threading import BoundedSemaphore

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from catalogue import slug
from search import SearchRequest
from web.addresses import meeting_address
from web.conditional import tagged
from web.moments import clock
from web.references import named_json
from web.search_query import BadParameter, search_request, whole
from web.searching.filters import address
from web.searching.rows import MOST_ROWS, Row, Rows, all_rows
from web.searching.spreadsheet import Cell, written
from web.site import Site, site_of

USUAL_CONTEXT, MOST_CONTEXT = 15, 60  # seconds
AT_ONCE = 2  # files that are made at the same time; each reads meetings by the dozen
PATIENCE = 10.0  # seconds to wait for one's turn
HEADER = (
    "Dato", "Kommune", "Udvalg", "Møde", "Punkt", "Punktets titel", "Taler", "Tidspunkt", "Fra sekund", "Til sekund",
    "Tekst", "Sammenhæng", "Mangler", "Link", "Mødets id",
)  # fmt: skip

_room = BoundedSemaphore(AT_ONCE)


def as_csv(request: Request) -> Response:
    site, asked, context = _asked(request)
    with _turn():
        found = all_rows(site, asked, context)
    text = written(HEADER, (_cells(site, row) for row in found.rows))
    headers = _headers(asked, "csv") | {"x-total-count": str(found.total)}
    return tagged(request, Response(text, media_type="text/csv; charset=utf-8", headers=headers))


def as_json(request: Request) -> Response:
    site, asked, context = _asked(request)
    with _turn():
        found = all_rows(site, asked, context)
    body = _about(site, asked, found, context) | {"hits": [_json(site, row) for row in found.rows]}
    return tagged(request, JSONResponse(body, headers=_headers(asked, "json", "inline")))


def _asked(request: Request) -> tuple[Site, SearchRequest, int]:
    params = request.query_params
    context = whole(params, "context", USUAL_CONTEXT)
    if context > MOST_CONTEXT:
        raise BadParameter(f"goes from 0 to {MOST_CONTEXT} seconds", where="context")
    asked = search_request(
        params.__class__([p for p in params.multi_items() if p[0] not in ("page", "per_page", "why")])
    )
    return site_of(request), asked, context


@contextmanager
def _turn() -> Iterator[None]:
    """Waits for one's turn; 503 where it does not come."""
    if not _room.acquire(timeout=PATIENCE):
        raise HTTPException(503, "many files are being made at the moment", headers={"retry-after": "30"})
    try:
        yield
    finally:
        _room.release()


def _headers(asked: SearchRequest, kind: str, how: str = "attachment") -> dict[str, str]:
    name = "-".join(part for part in ("talerstolen", slug(asked.q)[:60]) if part)
    return {"content-disposition": f'{how}; filename="{name}.{kind}"'}


def _cells(site: Site, row: Row) -> list[Cell]:
    return [
        row.date.isoformat() if row.date else None,
        row.municipality,
        row.body,
        row.title,
        row.number,
        row.item,
        row.speaker,
        clock(row.said.start),
        row.said.start,
        row.said.end,
        row.said.text,
        row.context.text,
        ", ".join(row.missing),
        _link(site, row),
        row.meeting,
    ]


def _about(site: Site, asked: SearchRequest, found: Rows, context: int) -> dict[str, object]:
    return {
        "query": asked.q,
        "url": site.url(address(asked)),
        "total": found.total,
        "rows": len(found.rows),
        "most_rows": MOST_ROWS,
        "complete": found.complete,
        "relaxed": found.relaxed,
        "dropped": list(found.dropped),
        "context": context,
    }


def _json(site: Site, row: Row) -> dict[str, object]:
    return {
        "meeting": named_json(row.meeting, row.title, row.date, row.body, row.municipality),
        "item": {"number": row.number, "title": row.item} if row.item is not None else None,
        "speaker": row.speaker,
        "start": row.said.start,
        "end": row.said.end,
        "text": row.said.text,
        "context": asdict(row.context),
        "missing": list(row.missing),
        "url": _link(site, row),
    }


def _link(site: Site, row: Row) -> str:
    return site.url(meeting_address(row.meeting, row.said.start))
