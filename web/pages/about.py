"""What the archive is, how it is made, and where it is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from catalogue import Provenance, TranscriptOrigin
from web.conditional import tagged
from web.language import N_
from web.site import site_of
from web.words import model_name


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing that was measured: how it came out, and over what. From docs/benchmarks.md, as are all numbers here."""

    what: str
    result: str
    over: str


MEASURED = (
    Measured(
        N_("Punktet begynder, hvor vi siger (kommunale møder)"),
        N_("992 af 1.000 begyndelser fundet; 4 af 1.000 angivne er forkerte"),
        N_("20 nedskrevne møder med 255 begyndelser, inden for 15 sekunder"),
    ),
    Measured(
        N_("Punktet begynder, hvor vi siger (Folketinget)"),
        N_("970 af 1.000 begyndelser fundet; 23 af 1.000 angivne er forkerte"),
        N_("13 møder, 82 timer med 132 begyndelser, inden for 45 sekunder"),
    ),
    Measured(
        N_("Punkter i vanskelige, opdigtede møder"),
        N_("938 af 1.000 begyndelser fundet; 20 af 1.000 angivne er forkerte"),
        N_("120 møder med 1.751 begyndelser, gjort sværere end virkelige med vilje"),
    ),
    Measured(
        N_("Punkter, når talegenkendelsen tager fejl af hvert fjerde ord"),
        N_("912 af 1.000 begyndelser fundet"),
        N_("30 møder med 433 begyndelser"),
    ),
    Measured(
        N_("Opdigtede ord, når ingen taler"),
        N_("ingen"),
        N_("20 minutter med stilhed, støj, klapsalver og musik"),
    ),
    Measured(
        N_("Et sted findes blandt de ti første, når man søger med dets egne ord"),
        N_("300 af 300"),
        N_("21.047 steder i 13 møder"),
    ),
    Measured(
        N_("Det samme, når ordene står i en anden bøjning"),
        N_("280 af 300"),
        N_("21.047 steder i 13 møder"),
    ),
)


def about(request: Request) -> Response:
    """What it is, who runs it, and the way to the rest."""
    return tagged(request, site_of(request).page(request, "about.html", {}))


def how(request: Request) -> Response:
    """How a recording becomes an archive; by which models, as the archive itself says."""
    site = site_of(request)
    made = Counter(_model(provenance) for provenance in site.archive.provenances())
    context = {"models": sorted(name for name in made if name), "captions": made[""]}
    return tagged(request, site.page(request, "about_how.html", context))


def _model(made: Provenance) -> str:
    """The speech model that a text is from; empty where it is the publisher's own."""
    return model_name(made) if made.origin is TranscriptOrigin.MODEL else ""


def limits(request: Request) -> Response:
    """What it gets wrong, in numbers with what they cover."""
    context = {"measured": MEASURED}
    return tagged(request, site_of(request).page(request, "about_limits.html", context))
