"""`/api/v1`: clips for machines. `GET` tells how far one is, `POST` asks for it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ingest import ClipForm
from web.archive import Revised
from web.clips.asked import address
from web.clips.cutting import Ready, State, TooMany, clips_of, forms
from web.clips.stretch import DANISH, Named, Refused, recording_of, stretch
from web.clips.waiting import Full, Queued, Working
from web.errors import error_body
from web.moments import parse_moment
from web.search_query import BadParameter
from web.site import Site, site_of

RETRY = 60  # seconds


async def clip_state(request: Request) -> Response:
    return await run_in_threadpool(_clips, request)


def _clips(request: Request) -> Response:
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    clip = _clip(request, revised)
    try:
        if request.method == "POST":
            clips_of(request).ask(revised, clip, site.visitor(request))
        state = clips_of(request).look(revised, clip)
    except Refused as refused:
        raise BadParameter(
            "this stretch cannot be cut", where="start, end", remedy=refused.why.value
        ) from refused
    except Full:
        return _later(503, "unavailable", "all places in the queue are taken", RETRY)
    except TooMany as many:
        return _later(429, "too_many_requests", "enough clips for one hour", many.wait)
    status = 202 if isinstance(state, Queued | Working) and request.method == "POST" else 200
    return JSONResponse(
        _body(site, revised, clip, state), status_code=status, headers={"cache-control": "no-store"}
    )


def _clip(request: Request, revised: Revised) -> Named:
    """Raises `BadParameter`."""
    params = request.query_params
    start, end = parse_moment(params.get("start")), parse_moment(params.get("end"))
    if start is None or end is None:
        raise BadParameter(
            "not seconds", where="start, end", remedy="Seconds on the meeting's clock, as 745.2."
        )
    try:
        recording = recording_of(revised.meeting, stretch(start, end))
    except Refused as refused:
        raise BadParameter(
            "this stretch cannot be cut", where="start, end", remedy=refused.why.value
        ) from refused
    offered = forms(recording.has_video)
    form = params.get("form") or offered[0].value
    if form not in [each.value for each in offered]:
        raise BadParameter("no such form", where="form", remedy="One of: " + ", ".join(offered) + ".")
    return Named(stretch(start, end), ClipForm(form))


def _body(site: Site, revised: Revised, clip: Named, state: State) -> dict[str, object]:
    page = f"/moeder/{revised.meeting.id}/klip/{clip.stem}"
    return {
        "id": revised.meeting.id,
        "start": clip.stretch.start,
        "end": clip.stretch.end,
        "form": clip.form.value,
        "state": _word(state),
        "place": state.place if isinstance(state, Queued) else None,
        "progress": round(state.share, 3) if isinstance(state, Working) else float(isinstance(state, Ready)),
        "file": site.url(page + clip.form.suffix) if isinstance(state, Ready) else None,
        "bytes": state.size if isinstance(state, Ready) else None,
        "captions": {name: site.url(f"{page}.{name}") for name in ("vtt", "srt")},
        "url": site.url(address(revised.meeting.id, clip.stretch, DANISH[clip.form])),
    }


def _word(state: State) -> str:
    return "none" if state is None else type(state).__name__.lower()


def _later(status: int, code: str, message: str, wait: int) -> Response:
    body = error_body(code, message, f"Try again in {wait} seconds.")
    return JSONResponse(body, status_code=status, headers={"retry-after": str(wait)})
