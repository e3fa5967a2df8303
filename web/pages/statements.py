"""What the archive promises its readers: about their privacy, and about who can use it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import Settings
from web.addresses import outward
from web.conditional import tagged
from web.language import N_
from web.rate_limits import FORGET_SECONDS, LOOK_SECONDS
from web.site import site_of

# The words of the law's own form (Commission decision 2018/1523, and WAS-Tool after it).
STATUSES = {
    "full": N_("Webstedet overholder standarden fuldt ud."),
    "partial": N_("Webstedet overholder standarden delvist (de fleste krav er opfyldt)."),
    "none": N_("Webstedet overholder ikke standarden (de fleste krav er ikke opfyldt)."),
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that not everybody can use: what it is, why, and what one can do instead."""

    what: str
    why: str
    instead: str


LACKING = (
    Lacking(
        N_("Undertekster, der er lavet af talegenkendelse"),
        N_(
            "Programmet hører forkert ind imellem, især navne, fagord og utydelig tale, og underteksterne bliver ikke "
            "altid læst igennem af et menneske (WCAG 1.2.2). Hvor programmet selv er i tvivl, er teksten mærket."
        ),
        N_(
            "Se på mødets side, hvor godt det blev hørt, meld en fejl ved sætningen, eller bed om en rettet udskrift."
        ),
    ),
    Lacking(
        N_("Det, der kun kan ses i videoen"),
        N_(
            "Der er ingen synstolkning af det, der vises uden at blive sagt, for eksempel plancher og håndsoprækning "
            "(WCAG 1.2.3 og 1.2.5)."
        ),
        N_("Beslutningen og bilagene står under punktet, hvor udgiveren har offentliggjort dem."),
    ),
    Lacking(
        N_("Hvem der taler, når kilden ikke siger det"),
        N_("Der gættes ikke på navne, så nogle replikker har ingen taler (WCAG 1.2.2)."),
        N_("Hør stedet i optagelsen."),
    ),
    Lacking(
        N_("Bilag og sider hos udgiveren"),
        N_(
            "De er lavet af andre og hører til på deres eget websted, som har sin egen tilgængelighedserklæring."
        ),
        N_("Spørg den kommune, der har offentliggjort bilaget."),
    ),
)


def privacy(request: Request) -> Response:
    """What is kept about readers (next to nothing), and about those who speak in the recordings."""
    site = site_of(request)
    context = {
        "limited": site.settings.rate_limits,
        "forgotten_after": FORGET_SECONDS + LOOK_SECONDS,
        "legal_basis": site.settings.legal_basis,
        "privacy_contact": site.settings.privacy_contact or site.settings.contact,
        "postal_address": site.settings.postal_address,
    }
    return tagged(request, site.page(request, "privacy.html", context))


def accessibility(request: Request) -> Response:
    """The accessibility statement. What only the operator can know is said to be missing until they say it."""
    settings = site_of(request).settings
    context = {
        "where": settings.base_url.rstrip("/"),
        "status": STATUSES.get(settings.accessibility_status),
        "method": settings.accessibility_method,
        "day": settings.accessibility_date,
        "official": outward(settings.accessibility_statement),
        "lacking": LACKING,
        "missing": _missing(settings),
    }
    return tagged(request, site_of(request).page(request, "accessibility.html", context))


def statement_elsewhere(request: Request) -> Response:
    """`/was`, where Danish law wants the way to the statement that WAS-Tool publishes; ours until there is one."""
    official = outward(site_of(request).settings.accessibility_statement)
    return RedirectResponse(official or "/tilgaengelighed", 302, {"cache-control": "public, max-age=3600"})


def _missing(settings: Settings) -> tuple[str, ...]:
    """What the law asks for and nobody has set."""
    asked = (
        (settings.operator, N_("hvem der er ansvarlig for webstedet")),
        (settings.contact, N_("en e-mail at skrive til")),
        (settings.phone, N_("et telefonnummer at ringe til")),
        (settings.accessibility_status, N_("om webstedet overholder standarden")),
        (settings.accessibility_method, N_("hvordan det er undersøgt")),
        (settings.accessibility_date, N_("hvornår erklæringen er gennemgået")),
        (settings.accessibility_statement, N_("adressen på erklæringen i WAS-Tool")),
    )
    return tuple(what for said, what in asked if not said)
