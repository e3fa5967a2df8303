"""What goes wrong, told to people in Danish and to machines in one shape."""

from __future__ import annotations

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from catalogue import EngineError, InputError, TalerstolError, UnknownMeeting
from web.security import HEADERS
from web.site import site_of

CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    416: "range_not_satisfiable",
    422: "invalid_request",
    500: "internal_error",
    503: "unavailable",
}
TITLES = {
    404: "Siden findes ikke",
    405: "Det kan man ikke her",
    422: "Adressen kan ikke læses",
    500: "Der gik noget galt hos os",
    503: "Arkivet svarer ikke lige nu",
}
ADVICE = {
    404: "Måske er adressen skrevet forkert, eller også er mødet ikke offentliggjort.",
    405: "Siden kan kun læses.",
    422: "Noget i adressen er skrevet på en måde, som vi ikke forstår.",
    500: "Fejlen er noteret. Prøv igen om lidt.",
    503: "Det er som regel kortvarigt. Prøv igen om lidt.",
}

_log = structlog.get_logger("talerstolen.web")


def error_body(code: str, message: str, detail: str = "") -> dict[str, object]:
    return {"error": {"code": code, "message": message, "detail": detail}}


def is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def http_error(request: Request, error: Exception) -> Response:
    """No such page, wrong method, and what a view refused."""
    assert isinstance(error, HTTPException)
    return _answer(request, error.status_code, error.detail, "", dict(error.headers or {}))


def unknown_meeting(request: Request, error: Exception) -> Response:
    assert isinstance(error, UnknownMeeting)
    if is_api(request):
        body = error_body("unknown_meeting", "no such meeting", "See /api/v1/meetings for the public ones.")
        return JSONResponse(body, status_code=404)
    return _answer(request, 404, "", "")


def bad_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    where = f"{error.where}: {error.what}" if error.where else error.what
    return _answer(request, 422, where, error.remedy)


def engine_down(request: Request, error: Exception) -> Response:
    """Something that we depend on does not answer; what exactly is for the log, not for the reader."""
    assert isinstance(error, EngineError)
    log_engine_down(request, error)
    return _answer(request, 503, "the archive does not answer at the moment", "", {"retry-after": "30"})


def log_engine_down(request: Request, error: EngineError) -> None:
    _log.error("engine_down", path=request.url.path, what=error.what, where=error.where)


def crashed(request: Request, error: Exception) -> Response:
    """A fault of ours. The server logs the traceback; this answer is made outside the other layers."""
    _log.error("crashed", path=request.url.path, error=type(error).__name__)
    return _answer(request, 500, "an error of ours", "It is logged. Try again in a while.", HEADERS)


def _answer(
    request: Request, status: int, message: str, detail: str, headers: dict[str, str] | None = None
) -> Response:
    if is_api(request):
        body = error_body(CODES.get(status, "error"), message or CODES.get(status, "error"), detail)
        return JSONResponse(body, status_code=status, headers=headers)
    known = status if status in TITLES else 404 if status < 500 else 500
    context = {"status": status, "title": TITLES[known], "advice": ADVICE[known]}
    return site_of(request).page("error.html", context, status=status, headers=headers)


HANDLERS: dict[int | type[Exception], ExceptionHandler] = {
    HTTPException: http_error,
    UnknownMeeting: unknown_meeting,
    InputError: bad_input,
    EngineError: engine_down,
    TalerstolError: crashed,
    Exception: crashed,
}
