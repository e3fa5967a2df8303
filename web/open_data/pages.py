"""The open data for people (`/aabne-data`) and its files (`/data/…`)."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from web.conditional import ALWAYS_ASK, tagged, unchanged
from web.open_data.dump import Dump, read_dump
from web.open_data.licence import licence_of
from web.open_data.tables import TABLES
from web.site import Site, site_of

SOON = "600"  # seconds until somebody who was refused may ask again


def open_data_page(request: Request) -> Response:
    """Which files there are, how large, of when, under which licence; or why there are none now."""
    site = site_of(request)
    dump = read_dump(site.settings.export_folder)
    served = dump if dump and dump.fits(site.archive.revisions()) else None
    context = {
        "dump": served,
        "waits": dump is not None and served is None,
        "licence": licence_of(dump.licence if dump else site.settings.data_licence),
        "tables": TABLES,
    }
    return tagged(request, site.page(request, "open_data.html", context))


def data_file(request: Request) -> Response:
    """A file of the dump, a range at a time. 503 while something in it may be public no longer."""
    site, name = site_of(request), request.path_params["name"]
    dump = read_dump(site.settings.export_folder)
    file = dump.file(name) if dump else None
    if dump is None or file is None:
        raise HTTPException(404, "no such file")
    if not dump.fits(site.archive.revisions()):
        raise HTTPException(
            503, "the open data is being made anew: something in it has changed", {"retry-after": SOON}
        )
    headers = {"etag": f'"{file.sha256[:32]}"', "cache-control": ALWAYS_ASK}
    if "range" not in request.headers and unchanged(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return _file(site, dump, file.name, file.media_type, headers)


def _file(site: Site, dump: Dump, name: str, kind: str, headers: dict[str, str]) -> Response:
    path = site.settings.export_folder / dump.folder / name
    try:
        status = path.stat()
    except FileNotFoundError as error:  # made anew at this moment
        raise HTTPException(503, "the open data is being made anew", {"retry-after": "5"}) from error
    return FileResponse(path, media_type=kind, stat_result=status, headers=headers)
