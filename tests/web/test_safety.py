"""What must hold on every route: secrets stay secret, markup stays text, the headers are there."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.web.conftest import MAIN, NASTY, SECRETS, STALE, TEXT_ONLY, Built
from web import create_app
from web.security import HEADERS

BODY = "municipality=Aarhus+Kommune&body=Byr%C3%A5det"
TRANSCRIPTS = [
    f"/api/v1/meetings/{meeting}/transcript?format={format}"
    for meeting in (MAIN, TEXT_ONLY)
    for format in ("json", "vtt", "srt", "txt")
]
ROUTES = [
    "/",
    "/soeg",
    "/soeg?q=cykelstien",
    "/soeg?q=borgmesteren+vi&sort=newest",
    "/soeg?from=nej",
    "/soeg/over-tid",
    "/soeg/over-tid?q=vi",
    "/soeg/over-tid?from=nej",
    "/soeg.atom",
    "/soeg.atom?q=vi",
    "/soeg.csv?context=60",
    "/soeg.csv?q=vi&context=0",
    "/soeg.json?context=60",
    "/soeg.json?context=61",
    "/moeder",
    "/moeder?page=2",
    "/moeder.atom",
    *(f"/udvalg{end}" for end in ("", f".atom?{BODY}", ".atom?body=nej")),
    *(f"/sag{end}" for end in ("", "?nr=25/26257", "?nr=nej", ".atom?nr=25/26257")),
    f"/podcast.xml?{BODY}",
    *(f"/moeder/{meeting}/lyd/1{end}" for meeting in (MAIN, STALE) for end in ("", ".m4a")),
    *(f"/moeder/{MAIN}/kapitler/{n}.json" for n in (1, 2)),
    f"/moeder/{MAIN}",
    *(f"/moeder/{MAIN}?t={t}" for t in (0, 3.5, 4.5, 5.5, 9.5, 10.5, 99)),
    f"/moeder/{TEXT_ONLY}",
    f"/moeder/{STALE}",
    f"/moeder/{MAIN}/undertekster/1.vtt",
    f"/moeder/{MAIN}/undertekster/2.vtt",
    f"/moeder/{TEXT_ONLY}/undertekster/1.vtt",
    *(f"/moeder/{MAIN}/undertekster/{n}.srt" for n in (1, 2)),
    *(f"/moeder/{MAIN}?q={q}" for q in ("vi", "den", "cykelstien&t=3", "vi&del=fund")),
    *(f"/moeder/{meeting}/kvalitet" for meeting in (MAIN, TEXT_ONLY, STALE)),
    *(f"/moeder/{MAIN}/kapitler/{n}.vtt" for n in (1, 2)),
    f"/api/v1/meetings/{MAIN}/chapters",
    f"/api/v1/meetings/{MAIN}/chapters?format=vtt",
    f"/moeder/{MAIN}/klip",
    *(
        f"/moeder/{MAIN}/klip?fra={a}&til={b}"
        for a, b in ((0, 2), (3.5, 4.5), (6, 8), (9, 11), (12, 14), ("x", 3))
    ),
    f"/moeder/{TEXT_ONLY}/klip",
    f"/moeder/{STALE}/klip",
    *(f"/moeder/{MAIN}/klip/{name}" for name in ("0-2-lyd.m4a", "6-8-lyd.vtt", "0-2-lyd.srt", "3-6-lyd.vtt")),
    f"/api/v1/meetings/{MAIN}/clips?start=0&end=2",
    f"/api/v1/meetings/{MAIN}/clips?start=3&end=6",
    *(f"/moeder/{MAIN}/indlejr{q}" for q in ("", "?punkt=2", "?punkt=4", "?fra=0&til=14")),
    *(f"/oembed?url=https://arkiv.example/moeder/{MAIN}&format={f}" for f in ("json", "xml")),
    *(
        f"/moeder/{MAIN}/citat?fra={a}&til={b}&v=462942ad"
        for a, b in ((0, 17), (3, 4), (4, 5), (5, 7), (8, 12))
    ),
    f"/moeder/{TEXT_ONLY}/citat?fra=0",
    *(f"/moeder/{MAIN}/citat.png?fra={a}&til={b}" for a, b in ((0, 17), (4, 5))),
    *(f"/moeder/{MAIN}/fejl?t={t}" for t in (3, 4.5, 9.5)),
    f"/moeder/{MAIN}/fejl?t=3&tak=1",
    f"/api/v1/meetings/{MAIN}/quote?from=0&to=17",
    f"/api/v1/meetings/{MAIN}/quote?from=3&text=forkerthoert",
    f"/api/v1/meetings/{MAIN}/quote?from=5&to=6",
    f"/medie/{MAIN}/1",
    f"/medie/{STALE}/1",
    "/om",
    "/om/saadan",
    "/om/begraensninger",
    "/privatliv",
    "/tilgaengelighed",
    "/was",
    "/favicon.ico",
    "/manifest.webmanifest",
    "/sundhed",
    "/metrics",
    "/drift",
    "/drift/rapport/2025-10-08",
    "/api/v1/search?q=vi",
    "/api/v1/search?q=",
    f"/api/v1/search?q=&meeting={MAIN}&per_page=100",
    "/api/v1/search?page=x",
    "/api/v1/frequency",
    "/api/v1/frequency?q=vi",
    "/api/v1/suggest",
    *(f"/api/v1/suggest?q={q}" for q in ("cyk", "bo", "hem", "hav", "god", "pers", "luk", "ur")),
    "/api/v1/meetings",
    f"/api/v1/meetings/{MAIN}",
    f"/api/v1/meetings/{TEXT_ONLY}",
    *TRANSCRIPTS,
    *(f"/api/v1/meetings/{meeting}/quality" for meeting in (MAIN, TEXT_ONLY, STALE)),
    *(f"/api/v1/meetings/{MAIN}/items/{n}" for n in range(1, 10)),
    "/api",
    "/aabne-data",
    "/data/meetings.jsonl.gz",
    "/sitemap.xml",
    "/sitemap-1.xml",
    "/robots.txt",
    "/api/v1/bodies",
    "/api/v1/cases",
    "/api/v1/case?nr=25/26257",
    "/api/v1/openapi.json",
    "/api/v1/nej",
    "/nej",
    "/static/css/talerstolen.css",
    "/static/js/meeting.js",
    "/static/js/suggestions.js",
    "/static/nej",
]
# What stands in frames on other sites: a policy of its own.
FRAMED = [
    f"/indlejret/{meeting}{part}"
    for meeting in (MAIN, TEXT_ONLY, STALE)
    for part in ("", "?t=4.5", "?fra=0&til=14", "?punkt=2", "?punkt=4", "?punkt=8", "?fra=9&til=12")
]
OWN_POLICY = f"/moeder/{MAIN}/indlejr"  # shows the frame


def test_every_route_is_tried_here(built: Built) -> None:
    patterns = [r for r in built.app.routes if isinstance(r, Route)]
    for route in patterns:
        scopes = [
            {"type": "http", "method": "GET", "path": path.split("?")[0], "root_path": ""}
            for path in [*ROUTES, *FRAMED]
        ]
        assert any(route.matches(scope)[0].name == "FULL" for scope in scopes), route.path


@pytest.mark.parametrize("path", [*ROUTES, *FRAMED])
def test_no_secret_and_all_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code < 500
    for name, value in HEADERS.items():
        if name != "content-security-policy" or not path.startswith(("/indlejret/", OWN_POLICY)):
            assert answer.headers[name] == value
    body = answer.content.decode("utf-8", "replace").lower()
    for secret in SECRETS:
        assert secret.lower() not in body, secret
    assert "kirsten" not in body
    assert (
        answer.headers["content-type"].partition(";")[0] != "text/html"
        or "charset" in answer.headers["content-type"]
    )


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_cannot_be_searched_for(client: TestClient, secret: str) -> None:
    answer = client.get("/api/v1/search", params={"q": f'"{secret}"'}).json()
    assert not [hit for hit in answer["hits"] if secret.lower() in hit["text"].lower()]


# SubRip has no way to write a sign otherwise; it is saved as a file, and never shown as a page.
SHOWN = [
    p
    for p in [*ROUTES, *FRAMED]
    if not p.startswith(("/api", "/static", "/medie", "/soeg.csv"))
    and not p.partition("?")[0].endswith((".srt", ".json"))
]


@pytest.mark.parametrize("path", SHOWN)
def test_markup_from_outside_is_text(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert "<script>" not in answer.text
    assert "<b>" not in answer.text


def test_a_query_is_text(client: TestClient) -> None:
    for name in ("q", "municipality", "meeting", "sort", "from"):
        text = client.get("/soeg", params={"q": "x", name: f'"><img src=x>{NASTY}'}).text
        assert "<img" not in text
        assert "<script>" not in text
    assert "<script>" not in client.get("/moeder", params={"body": NASTY}).text


def test_policy_allows_nothing_inline_or_from_elsewhere() -> None:
    policy = HEADERS["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    for word in ("unsafe", "http", "data:", "blob:", "*"):
        assert word not in policy


def test_our_own_fault_is_told_without_details(built: Built) -> None:
    async def broken(request: Request) -> Response:
        raise RuntimeError("hemmelighed i en fejl")

    app = create_app(built.settings, built.catalogue, built.store, built.app.state.site.engine)
    app.router.routes[:0] = [Route("/knaekket", broken), Route("/api/v1/knaekket", broken)]
    client = TestClient(app, raise_server_exceptions=False)
    page, answer = client.get("/knaekket"), client.get("/api/v1/knaekket")
    assert (page.status_code, answer.status_code) == (500, 500)
    assert "Der gik noget galt hos os" in page.text
    assert answer.json()["error"]["code"] == "internal_error"
    for each in (page, answer):
        assert "hemmelighed" not in each.text
        assert each.headers["content-security-policy"] == HEADERS["content-security-policy"]


def test_nothing_is_stored_with_the_reader(client: TestClient) -> None:
    for path in ROUTES:
        assert "set-cookie" not in client.get(path).headers
