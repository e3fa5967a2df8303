"""`/drift`: how the runs are doing, for staff, on a telephone too. Never cached, and nothing for search engines."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.language import N_
from web.site import site_of
from web.staff.overview import Overlook
from web.watchers import may_watch

MOST = 50  # of each kind that are named one by one; `talerstol status` names all
PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow, noarchive"}
STEPS = {
    "fetch": N_("Hentning"),
    "audio": N_("Lyd"),
    "transcribe": N_("Udskrift"),
    "segment": N_("Punkter"),
    "media": N_("Afspilning"),
    "index": N_("Søgning"),
    "sync": N_("Portaler"),
    "export": N_("Åbne data"),
}
DOING = {"run": N_("Kørsel"), "sync": N_("Spørger portaler")}


def for_staff(request: Request) -> None:
    """Raise what somebody is answered who may not see this: where a token is set, that it is asked for."""
    if may_watch(request):
        return
    if site_of(request).settings.metrics_token is None:
        raise HTTPException(404)
    asks = {"www-authenticate": 'Basic realm="Drift", charset="UTF-8"'}
    raise HTTPException(401, headers=PRIVATE | asks)


def operation(request: Request) -> Response:
    for_staff(request)
    site = site_of(request)
    overlook: Overlook = request.app.state.overlook
    words = site.words(request)
    context = {
        "now": overlook.now(),
        "at": datetime.now(UTC).astimezone(),
        "most": MOST,
        "step_names": {name: words.gettext(said) for name, said in STEPS.items()},
        "doing_names": {name: words.gettext(said) for name, said in DOING.items()},
    }
    return site.page(request, "operation.html", context, headers=PRIVATE)
