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
    "/moeder",
    "/moeder?page=2",
    "/moeder.atom",
    f"/moeder/{MAIN}",
    *(f"/moeder/{MAIN}?t={t}" for t in (0, 3.5, 4.5, 5.5, 9.5, 10.5, 99)),
    f"/moeder/{TEXT_ONLY}",
    f"/moeder/{STALE}",
    f"/moeder/{MAIN}/undertekster/1.vtt",
    f"/moeder/{MAIN}/undertekster/2.vtt",
    f"/moeder/{TEXT_ONLY}/undertekster/1.vtt",
    *(f"/moeder/{meeting}/kvalitet" for meeting in (MAIN, TEXT_ONLY, STALE)),
    *(f"/moeder/{MAIN}/kapitler/{n}.vtt" for n in (1, 2)),
    f"/api/v1/meetings/{MAIN}/chapters",
    f"/api/v1/meetings/{MAIN}/chapters?format=vtt",
    f"/medie/{MAIN}/1",
    f"/medie/{STALE}/1",
    "/om",
    "/sundhed",
    "/api/v1/search?q=vi",
    "/api/v1/search?q=",
    f"/api/v1/search?q=&meeting={MAIN}&per_page=100",
    "/api/v1/search?page=x",
    "/api/v1/suggest",
    *(f"/api/v1/suggest?q={q}" for q in ("cyk", "bo", "hem", "hav", "god", "pers", "luk", "ur")),
    "/api/v1/meetings",
    f"/api/v1/meetings/{MAIN}",
    f"/api/v1/meetings/{TEXT_ONLY}",
    *TRANSCRIPTS,
    *(f"/api/v1/meetings/{meeting}/quality" for meeting in (MAIN, TEXT_ONLY, STALE)),
    "/api/v1/openapi.json",
    "/api/v1/nej",
    "/nej",
    "/static/css/talerstolen.css",
    "/static/js/meeting.js",
    "/static/js/suggestions.js",
    "/static/nej",
]


def test_every_route_is_tried_here(built: Built) -> None:
    patterns = [r for r in built.app.routes if isinstance(r, Route)]
    for route in patterns:
        scopes = [
            {"type": "http", "method": "GET", "path": path.split("?")[0], "root_path": ""} for path in ROUTES
        ]
        assert any(route.matches(scope)[0].name == "FULL" for scope in scopes), route.path


@pytest.mark.parametrize("path", ROUTES)
def test_no_secret_and_all_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code < 500
    for name, value in HEADERS.items():
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


@pytest.mark.parametrize("path", [p for p in ROUTES if not p.startswith(("/api", "/static", "/medie"))])
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
