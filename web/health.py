"""`/sundhed`: whether the archive can answer, for whoever watches over it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from catalogue import EngineError
from web.site import Site, site_of


def health(request: Request) -> Response:
    """200 where the catalogue and the search answer, else 503; never cached."""
    site = site_of(request)
    parts = {"catalogue": _catalogue(site), "search": _search(site)}
    well = all(parts.values())
    body = {
        "status": "ok" if well else "down",
        **{name: "ok" if up else "down" for name, up in parts.items()},
    }
    return JSONResponse(body, status_code=200 if well else 503, headers={"cache-control": "no-store"})


def _catalogue(site: Site) -> bool:
    try:
        site.archive.meetings()
    except EngineError:
        return False
    return True


def _search(site: Site) -> bool:
    try:
        site.engine.check()
    except EngineError:
        return False
    return True
