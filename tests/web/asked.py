"""Addresses of every route, with every format and parameter: what the tests ask that go over the whole web.

A new route needs an address in `PAGE_EXAMPLES` (asked in every language) or `FILE_EXAMPLES`, and in `POSTS` where it takes
something, or `test_every_route_is_asked` fails. Addresses that no route has are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from urllib.parse import quote, urlencode

from starlette.routing import BaseRoute, Match, Route

from tests.web.conftest import HIDDEN, MAIN, STALE, TEXT_ONLY
from web.app import PAGES, ROUTES
from web.language import ENGLISH
from web.static_files import STATIC

MEETINGS = (MAIN, TEXT_ONLY, STALE, HIDDEN)
# In the meeting `MAIN`: public, redacted (4 to 5), a closed item (5 to 6), withheld at the end (10 to 11.5), and beyond.
SECONDS = ("0", "3", "3.5", "4.5", "5.5", "6", "9.5", "10.5", "13", "99", "nej")
STRETCHES = (("3", "4"), ("4", "5"), ("3", "6"), ("5", "6"), ("0", "14"), ("9", "12"), ("13", "14"))
TRANSCRIPT_FORMATS = ("json", "vtt", "srt", "txt")
WORDS_ASKED = (
    "",
    "vi",
    "cykelstien",
    "borgmesteren",
    '"vi åbner"',
    "personer",
    "køber den",
    "qqqqqq",
    "-vi havnen",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    path: str
    method: str = "GET"
    form: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.path if self.method == "GET" else f"{self.method} {self.path}"


def combined(path: str, /, **choices: Iterable[str]) -> tuple[str, ...]:
    """The address with every combination of these parameters; an empty value leaves a parameter out."""
    names = list(choices)
    made = []
    for values in product(*choices.values()):
        pairs = [(name.rstrip("_"), value) for name, value in zip(names, values, strict=True) if value]
        made.append(f"{path}?{urlencode(pairs)}" if pairs else path)
    return tuple(made)


def each(pattern: str, /, meetings: Iterable[str] = MEETINGS) -> tuple[str, ...]:
    return tuple(pattern.format(meeting) for meeting in meetings)


def _searches(path: str, **more: Iterable[str]) -> tuple[str, ...]:
    """The search of any form: each filter by itself, and what changes a page."""
    return (
        *combined(path, q=WORDS_ASKED, **more),
        *combined(path, q=("vi",), sort=("newest", "oldest"), why=("true",), **more),
        *combined(path, q=("vi",), page=("2",), **more),
        *combined(path, q=("vi",), per_page=("1", "100")),
        *combined(path, q=("", "vi"), meeting=MEETINGS),
        *combined(path, q=("vi",), speaker=("Borgmesteren", "Anna Friis (A)")),
        *combined(path, party=("A",)),
        *combined(path, q=("vi",), municipality=("Aarhus Kommune", "Skagen")),
        *combined(path, q=("vi",), body=("Byrådet",)),
        *combined(path, q=("vi",), item=("2", "4", "8")),
        *combined(path, section=tuple(f"{MAIN}/{n}" for n in (0, 3, 4, 8))),
        *combined(path, q=("vi",), from_=("2025-01-01", "nej"), to=("", "2025-12-31")),
    )


def _stretches(path: str, meetings: Iterable[str] = MEETINGS, **more: Iterable[str]) -> tuple[str, ...]:
    # All of them where something is withheld, one elsewhere.
    bounds = [
        f"{path.format(m)}?fra={a}&til={b}"
        for m in meetings
        for a, b in STRETCHES[: None if m == MAIN else 1]
    ]
    extra = [("", "")] + [(name, value) for name, values in more.items() for value in values]
    return tuple(b + (f"&{name}={quote(value)}" if name else "") for b in bounds for name, value in extra)


#: What each page is asked with, in every language.
PAGE_EXAMPLES: tuple[str, ...] = (
    "/",
    *_searches("/soeg"),
    *_searches("/soeg/over-tid"),
    *combined("/moeder", municipality=("", "Odense", "Skagen"), year=("", "2025"), page=("", "2")),
    *combined("/moeder", body=("Byrådet",)),
    *each("/moeder/{}"),
    *(f"/moeder/{m}?t={t}" for m in (MAIN, TEXT_ONLY) for t in SECONDS),
    *(f"/moeder/{m}?q={quote(q)}" for m in (MAIN, TEXT_ONLY) for q in WORDS_ASKED),
    *each("/moeder/{}/kvalitet"),
    *_stretches("/moeder/{}/citat", v=("1", "nej")),
    *(f"/moeder/{m}/fejl?t={t}" for m in (MAIN, TEXT_ONLY) for t in SECONDS),
    *_stretches("/moeder/{}/klip", (MAIN, STALE)),
    *_stretches("/moeder/{}/indlejr", (MAIN,)),
    *each("/moeder/{}/indlejr"),
    *each("/indlejret/{}"),
    *_stretches("/indlejret/{}", (MAIN, TEXT_ONLY)),
    *(f"/indlejret/{MAIN}?t={t}" for t in SECONDS),
    *(f"/indlejret/{MAIN}?punkt={n}" for n in range(1, 10)),
    *combined("/sag", nr=("25/26257", "nej")),
    *combined("/udvalg", municipality=("", "Odense", "Skagen"), body=("", "Byrådet")),
    *(
        "/aabne-data",
        "/api",
        "/om",
        "/om/saadan",
        "/om/begraensninger",
        "/privatliv",
        "/tilgaengelighed",
        "/drift",
    ),
)

FILE_EXAMPLES: tuple[str, ...] = (
    *(found for kind in ("atom", "csv", "json") for found in _searches(f"/soeg.{kind}")),
    *combined("/api/v1/search", q=WORDS_ASKED, grouped=("", "true"), why=("", "true")),
    *_searches("/api/v1/search"),
    *_searches("/api/v1/frequency"),
    *combined("/api/v1/suggest", q=("", *"abcdefghijklmnopqrstuvxyæøå")),
    *combined("/api/v1/suggest", q=("cyk", "bo", "hem", "hav", "god", "pers", "luk", "ur", "bag", "cpr", "fork", "mus")),
    *combined("/api/v1/meetings", municipality=("", "Odense", "Skagen"), page=("", "2"), per_page=("", "1")),
    *each("/api/v1/meetings/{}"),
    *(a for m in MEETINGS for a in combined(f"/api/v1/meetings/{m}/transcript", format=("", *TRANSCRIPT_FORMATS, "nej"))),
    *(a for m in MEETINGS for a in combined(f"/api/v1/meetings/{m}/chapters", format=("", "json", "vtt"), recording=("", "1", "2"))),
    *each("/api/v1/meetings/{}/quality"),
    *(f"/api/v1/meetings/{MAIN}/quote?from={a}&to={b}" for a, b in STRETCHES),
    *combined(f"/api/v1/meetings/{MAIN}/quote", from_=("3", "4", "5"), text=("den nuværende", "smal")),
    *(f"/api/v1/meetings/{MAIN}/clips?start={a}&end={b}" for a, b in STRETCHES),
    *(f"/api/v1/meetings/{m}/items/{n}" for m in MEETINGS for n in range(1, 10)),
    *("/api/v1/bodies", "/api/v1/cases", "/sitemap-1.xml", "/data/datapackage.json", "/data/nej"),
    *combined("/api/v1/case", nr=("25/26257", "nej")),
    "/api/v1/openapi.json",
    *(f"/moeder/{m}/undertekster/{n}.{kind}" for m in MEETINGS for n in (1, 2, 3) for kind in ("vtt", "srt")),
    *(f"/moeder/{m}/kapitler/{n}.{kind}" for m in MEETINGS for n in (1, 2, 3) for kind in ("vtt", "json")),
    *(f"/medie/{m}/{n}" for m in MEETINGS for n in (1, 2, 3)),
    *(f"/moeder/{m}/lyd/{n}{kind}" for m in MEETINGS for n in (1, 2) for kind in ("", ".m4a")),
    *_stretches("/moeder/{}/citat.png"),
    *each("/moeder/{}/kort.png"),
    *each("/moeder/{}/klip/nej.mp4"),
    *combined("/oembed", url=tuple(f"https://arkiv.example/moeder/{m}" for m in MEETINGS), format=("", "json", "xml")),
    *combined("/oembed", url=tuple(f"https://arkiv.example/moeder/{MAIN}?t={t}" for t in SECONDS)),
    "/moeder.atom",
    *combined("/udvalg.atom", municipality=("", "Aarhus Kommune", "Odense", "Skagen"), body=("", "Byrådet", "Kulturudvalget")),
    *combined("/sag.atom", nr=("25/26257", "nej")),
    *combined("/podcast.xml", municipality=("", "Aarhus Kommune", "Odense", "Esbjerg"), body=("", "Byrådet", "Kulturudvalget")),
    *("/sitemap.xml", "/robots.txt", "/metrics", "/sundhed", "/favicon.ico", "/manifest.webmanifest", "/was", "/.well-known/security.txt"),
    *("/drift/rapport/2025-10-08", "/drift/rapport/nej"),
)  # fmt: skip
NOWHERE = ("/nej", "/en/nej", "/api/v1/nej", "/static/nej", "/moeder/nej", "/en")

#: What changes something, or begins some work. Withheld stretches are among what is asked for.
POSTS: tuple[Asked, ...] = (
    *(Asked(f"/moeder/{MAIN}/fejl?t={t}", "POST", {"t": t, "besked": "Der står noget andet.", "text": "x"}) for t in SECONDS[:6]),
    *(Asked(f"/moeder/{MAIN}/klip?fra={a}&til={b}", "POST", {"fra": a, "til": b}) for a, b in STRETCHES[:4]),
    *(Asked(f"/api/v1/meetings/{MAIN}/clips?start={a}&end={b}", "POST") for a, b in STRETCHES[:4]),
)  # fmt: skip


def everything() -> Iterator[Asked]:
    """All of it: pages in every language, files, what is posted, and the static files."""
    seen, routes = set[str](), all_routes()
    pages = (*PAGE_EXAMPLES, *(f"{ENGLISH.prefix}{path}" for path in PAGE_EXAMPLES))
    static = (f"/static/{file.relative_to(STATIC).as_posix()}" for file in sorted(STATIC.rglob("*")))
    ours = (path for path in static if "/vendor/" not in path and "." in path.rpartition("/")[2])
    for path in (*(p for p in (*pages, *FILE_EXAMPLES) if route_of(p, routes=routes)), *NOWHERE, *ours):
        if path not in seen:
            seen.add(path)
            yield Asked(path)
    for asked in POSTS:
        for prefix in ("", ENGLISH.prefix):
            path = f"{prefix}{asked.path}"
            if route_of(path, asked.method, routes):
                yield replace(asked, path=path)


def some(most: int = 4) -> Iterator[Asked]:
    """Of each path at most so many of its queries, spread over all; everything else as in `everything`."""
    of_path: dict[tuple[str, str], list[Asked]] = {}
    for asked in everything():
        of_path.setdefault((asked.method, asked.path.partition("?")[0]), []).append(asked)
    for found in of_path.values():
        step = -(-len(found) // most)
        yield from found[::step]


@cache
def all_routes() -> tuple[Route, ...]:
    """Every route of the application, those of the other language with their prefix."""
    return tuple(r for r in ROUTES if isinstance(r, Route)) + tuple(
        Route(f"{ENGLISH.prefix}{page.path}", page.endpoint, methods=page.methods) for page in PAGES
    )


def route_of(path: str, method: str = "GET", routes: Iterable[BaseRoute] = ROUTES) -> Route | None:
    """The route that answers this address (its query does not matter); None where there is none."""
    scope = {"type": "http", "method": method, "path": path.partition("?")[0], "root_path": ""}
    for route in routes:
        if isinstance(route, Route) and route.matches(scope)[0] is Match.FULL:
            return route
    return None


def answered(path: str) -> bool:
    """Whether the application has this page, or is meant not to have it (`/nej`)."""
    return route_of(path) is not None or path.startswith("/nej")
