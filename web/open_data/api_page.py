"""`/api`: the API for people, from the same description that machines read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from web.conditional import tagged
from web.language import N_
from web.moments import address_seconds
from web.openapi import document
from web.site import Site, site_of

# What each operation is for, by its id; one that is missing here is told as the description has it.
SAID = {
    "search": N_("Søg i alt, hvad der er sagt."),
    "frequency": N_("Hvor ofte noget er sagt, måned for måned, og hvor stor en del af taletiden det er."),
    "suggest": N_("Forslag til det, nogen er ved at skrive: ord, talere og punkter."),
    "meetings": N_("De offentlige møder, nyeste først; også kun dem, der er ændret siden sidst."),
    "meeting": N_("Et møde: punkter med tider, optagelser, og hvad der er udeladt."),
    "item": N_("Et punkt på dagsordenen og alt, hvad der blev sagt under det."),
    "transcript": N_("Alt, hvad der blev sagt på et møde, som JSON, undertekster eller ren tekst."),
    "chapters": N_("Et mødes punkter som kapitler."),
    "quality": N_("Hvor godt et møde er hørt: huller, usikre steder, model."),
    "quote": N_("De ord, der faldt mellem to sekunder, med henvisning og fast adresse."),
    "clip": N_("Hvor langt et klip er; med POST bestilles det."),
    "bodies": N_("Råd og udvalg med deres feeds og podcasts."),
    "cases": N_("Numrene på de sager, der har været på en dagsorden."),
    "case": N_("Alle de gange, en sag har været på en dagsorden."),
    "openapi": N_("Denne beskrivelse for maskiner."),
}
# What an example asks for; an example has the parameters that are named here, and every one that is required.
EXAMPLES = {
    "search": {"q": "cykelsti", "per_page": "5"},
    "frequency": {"q": "cykelsti"},
    "suggest": {"q": "cyk"},
    "meetings": {"per_page": "5"},
}


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str
    said: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API. `example` is one that answers, as long as there is a public meeting."""

    id: str
    path: str
    said: str
    translated: bool
    parameters: tuple[Parameter, ...]
    answers: tuple[str, ...]  # media types
    example: str


def api_page(request: Request) -> Response:
    site = site_of(request)
    words = site.words(request)
    operations = [
        _operation(site, path, described["get"], words.gettext(SAID.get(described["get"]["operationId"], "")))
        for path, described in document(site.url("/"))["paths"].items()
    ]
    return tagged(request, site.page(request, "api.html", {"operations": operations}))


def _operation(site: Site, path: str, described: dict[str, Any], said: str) -> Operation:
    parameters = described["parameters"]
    return Operation(
        id=described["operationId"],
        path=path,
        said=said or described["summary"],
        translated=bool(said),
        parameters=tuple(
            Parameter(p["name"], _kind(p["schema"]), p.get("description", ""), p["required"])
            for p in parameters
        ),
        answers=tuple(described["responses"]["200"].get("content", {})),
        example=_example(site, path, described["operationId"], parameters),
    )


def _example(site: Site, path: str, name: str, parameters: list[dict[str, Any]]) -> str:
    meetings = site.archive.meetings()
    cases = next((sorted(m.cases)[0] for m in site.archive.with_cases()), "25/26257")
    meeting = next((m.id for m in meetings if m.recorded), meetings[0].id if meetings else "")
    leads = site.archive.leads(meeting).values() if meeting else ()
    first = min((said[0] for said in leads), key=lambda sentence: sentence.start, default=None)
    begin, end = (address_seconds(first.start), address_seconds(first.end)) if first else ("0", "5")
    values = {"meeting_id": meeting or "MØDE", "position": "1", "nr": cases}
    values |= {"from": begin, "start": begin, "end": end}
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(values.get(parameter["name"], "1")))
    query = dict(EXAMPLES.get(name, {}))
    for parameter in parameters:
        if parameter["in"] == "query" and parameter["required"]:
            query.setdefault(parameter["name"], values.get(parameter["name"], ""))
    base = site.settings.base_url.rstrip("/") or "http://127.0.0.1:8000"
    return f"{base}{path}" + (f"?{urlencode(query, safe='/')}" if query else "")


def _kind(schema: dict[str, Any]) -> str:
    """A parameter's type in a word or two."""
    if "enum" in schema:
        return " · ".join(schema["enum"])
    kind = schema.get("format") or schema.get("type", "")
    return f"{_kind(schema['items'])} …" if kind == "array" else str(kind)
