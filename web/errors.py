"""What goes wrong, told to people in Danish and to machines in one shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from catalogue import EngineError, InputError, PublishedMeeting, TalerstolError, UnknownMeeting
from web.language import N_
from web.security import HEADERS
from web.site import site_of

CODES = {
    400: "bad_request",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    410: "withheld",
    408: "timeout",
    413: "too_large",
    414: "address_too_long",
    416: "range_not_satisfiable",
    422: "invalid_request",
    429: "too_many_requests",
    431: "headers_too_large",
    500: "internal_error",
    503: "unavailable",
}


@dataclass(frozen=True, slots=True)
class Told:
    """An error as a reader is told: what is wrong, and what helps. `search`: a search field helps, too."""

    title: str
    advice: str
    search: bool = False


TOLD = {
    400: Told(
        N_("Forespørgslen kan ikke læses"), N_("Noget i det, der blev sendt, er ikke, som det skal være.")
    ),
    401: Told(
        N_("Siden er for medarbejdere"),
        N_("Brug adgangskoden til driften som kodeord; navnet er lige meget."),
    ),
    404: Told(
        N_("Siden findes ikke"),
        N_(
            "Måske er adressen skrevet forkert, eller også er mødet ikke offentliggjort. Søg efter det, du mangler:"
        ),
        search=True,
    ),
    405: Told(N_("Det kan man ikke her"), N_("Siden kan kun læses.")),
    408: Told(N_("Det tog for lang tid"), N_("Forbindelsen var for langsom. Prøv igen.")),
    413: Told(N_("Det var for meget på én gang"), N_("Skriv det kortere, og send det igen.")),
    414: Told(N_("Adressen er for lang"), N_("Søg med færre ord eller færre afgrænsninger:"), search=True),
    416: Told(
        N_("Så langt går optagelsen ikke"),
        N_("Der blev bedt om et stykke af en fil, som ikke findes. Åbn mødet igen, så passer afspilleren."),
    ),
    422: Told(
        N_("Adressen kan ikke læses"),
        N_("Noget i adressen er skrevet på en måde, som vi ikke forstår. Søg i stedet:"),
        search=True,
    ),
    429: Told(
        N_("Lige lovlig hurtigt"),
        N_(
            "Der er kommet mange forespørgsler fra din forbindelse på kort tid. Vent et øjeblik, og prøv igen. "
            "Skal du bruge meget fra arkivet, så hent det samlet under åbne data."
        ),
    ),
    431: Told(N_("Forespørgslen er for stor"), N_("Din browser sender mere med, end vi kan tage imod.")),
    500: Told(N_("Der gik noget galt hos os"), N_("Fejlen er noteret. Prøv igen om lidt.")),
    503: Told(N_("Arkivet svarer ikke lige nu"), N_("Det er som regel kortvarigt. Prøv igen om lidt.")),
}

_log = structlog.get_logger("talerstolen.web")


class RecordingGone(HTTPException):
    """What is asked for was made of a recording that is not kept any more: 410, and a page that says what is."""

    def __init__(self, meeting: PublishedMeeting, day: date) -> None:
        self.meeting, self.day = meeting, day
        super().__init__(410, f"the recording was removed on {day.isoformat()}")


def error_body(code: str, message: str, detail: str = "") -> dict[str, object]:
    return {"error": {"code": code, "message": message, "detail": detail}}


def is_api(request: Request) -> bool:
    path: str = request.scope["path"]
    return path.startswith("/api/") or path.endswith(".json")


def http_error(request: Request, error: Exception) -> Response:
    """No such page, wrong method, and what a view refused."""
    assert isinstance(error, HTTPException)
    return answer(request, error.status_code, error.detail, "", dict(error.headers or {}))


def recording_gone(request: Request, error: Exception) -> Response:
    assert isinstance(error, RecordingGone)
    if is_api(request):
        return JSONResponse(error_body("removed", error.detail), status_code=410)
    context = {"meeting": error.meeting, "day": error.day}
    return site_of(request).page(request, "gone.html", context, status=410)


def unknown_meeting(request: Request, error: Exception) -> Response:
    assert isinstance(error, UnknownMeeting)
    if is_api(request):
        body = error_body("unknown_meeting", "no such meeting", "See /api/v1/meetings for the public ones.")
        return JSONResponse(body, status_code=404)
    return answer(request, 404, "", "")


def bad_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    where = f"{error.where}: {error.what}" if error.where else error.what
    return answer(request, 422, where, error.remedy)


def engine_down(request: Request, error: Exception) -> Response:
    """Something that we depend on does not answer; what exactly is for the log, not for the reader."""
    assert isinstance(error, EngineError)
    log_engine_down(request, error)
    return answer(request, 503, "the archive does not answer at the moment", "", {"retry-after": "30"})


def log_engine_down(request: Request, error: EngineError) -> None:
    _log.error("engine_down", path=request.scope["path"], what=error.what, where=error.where)


def crashed(request: Request, error: Exception) -> Response:
    """A fault of ours. The server logs the traceback; this answer is made outside the other layers."""
    _log.error("crashed", path=request.scope["path"], error=type(error).__name__)
    return answer(request, 500, "an error of ours", "It is logged. Try again in a while.", HEADERS)


def answer(
    request: Request, status: int, message: str, detail: str, headers: dict[str, str] | None = None
) -> Response:
    """An error to whoever asked: a page for people, one shape for machines."""
    if is_api(request):
        body = error_body(CODES.get(status, "error"), message or CODES.get(status, "error"), detail)
        return JSONResponse(body, status_code=status, headers=headers)
    told = TOLD[status if status in TOLD else 404 if status < 500 else 500]
    wait = (headers or {}).get("retry-after")
    context = {"status": status, "told": told, "wait": int(wait) if wait else None}
    return site_of(request).page(request, "error.html", context, status=status, headers=headers)


HANDLERS: dict[int | type[Exception], ExceptionHandler] = {
    HTTPException: http_error,
    RecordingGone: recording_gone,
    UnknownMeeting: unknown_meeting,
    InputError: bad_input,
    EngineError: engine_down,
    TalerstolError: crashed,
    Exception: crashed,
}
