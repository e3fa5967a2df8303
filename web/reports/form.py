"""A reader's report as the form sends it: read with bounds, checked, and never trusted."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from catalogue import LONGEST_REPORT, ReportKind
from web.language import N_

LARGEST_BODY = 16_384  # bytes; 1,000 characters take up to 12 of them each in a form
MOST_FIELDS = 8
TRAP = "webside"  # a field that people do not see and programs fill in

KINDS = {
    ReportKind.WORDS: N_("Der bliver sagt noget andet end det, der står"),
    ReportKind.SPEAKER: N_("Talerens navn er forkert eller mangler"),
    ReportKind.ITEM: N_("Det hører til et andet punkt på dagsordenen"),
    ReportKind.TIME: N_("Tekst og lyd passer ikke sammen"),
    ReportKind.PRIVATE: N_("Her står eller siges noget, der ikke bør være offentligt"),
    ReportKind.OTHER: N_("Noget andet"),
}


class Refused(Exception):
    """A report that is not taken: the status, and what its sender is told."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status
        self.said = said


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in; `trapped`: by a program. `errors` are what to mend, by the field's name."""

    kind: ReportKind | None
    text: str
    trapped: bool
    errors: dict[str, str]


async def read_form(request: Request) -> Filled:
    """The form of a POST. Raises `Refused` for one that comes from another site or is too large to be ours."""
    if not _from_here(request):
        raise Refused(
            403, N_("Formularen blev ikke sendt fra denne side. Åbn den igen, og prøv en gang til.")
        )
    if (
        request.headers.get("content-type", "").partition(";")[0].strip()
        != "application/x-www-form-urlencoded"
    ):
        raise Refused(415, N_("Formularen blev sendt på en måde, som vi ikke kan læse."))
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise Refused(413, N_("Det var for meget tekst. Skriv det kortere."))
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="replace",
        )
    except ValueError as error:
        raise Refused(415, N_("Formularen blev sendt på en måde, som vi ikke kan læse.")) from error
    return _filled({name: values[0] for name, values in fields.items()})


def _filled(fields: dict[str, str]) -> Filled:
    named = fields.get("hvad", "")
    kind = ReportKind(named) if named in list(ReportKind) else None
    text = _plain(fields.get("tekst", ""))
    errors = {}
    if kind is None:
        errors["hvad"] = N_("Vælg, hvad der er galt.")
    if len(text) > LONGEST_REPORT:
        errors["tekst"] = N_("Der er plads til 1.000 tegn. Skriv det kortere.")
    elif kind is ReportKind.OTHER and not text:
        errors["tekst"] = N_("Skriv, hvad der er galt.")
    return Filled(kind, text, bool(fields.get(TRAP)), errors)


def _plain(text: str) -> str:
    """Lines of letters: nothing that a terminal or a page could take for more than text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c if c.isprintable() else " " for c in line).rstrip() for line in lines).strip()


def _from_here(request: Request) -> bool:
    """Whether a browser says that the form was on one of our pages. One that says nothing is let through: there is
    no login that another site could misuse."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
