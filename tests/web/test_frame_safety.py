"""What a visitor claims in a request changes nothing for anybody else; what is too much is refused early."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from catalogue import Settings
from tests.web.conftest import MAIN, Built
from web import create_app, request_bounds
from web.request_bounds import LARGEST_BODY, LONGEST_ADDRESS
from web.security import policy
from web.static_files import static

LIES = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "javascript",
    "x-forwarded-for": "evil.example",
    "x-original-url": "/evil.example",
    "x-rewrite-url": "/evil.example",
    "forwarded": "host=evil.example",
    "accept-language": "en",
    "referer": "https://evil.example/",
    "cookie": "evil=1",
}
PATHS = (
    "/",
    "/en/",
    "/soeg?q=vi",
    "/moeder",
    "/moeder/",
    f"/moeder/{MAIN}",
    "/moeder.atom",
    "/nej",
    "/en",
    "/was",
    "/api/v1/meetings",
)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_a_visitor_claims_is_repeated(client: TestClient, path: str) -> None:
    plain = client.get(path, follow_redirects=False)
    lied = client.get(path, headers=LIES, follow_redirects=False)
    assert lied.status_code == plain.status_code
    assert lied.content == plain.content
    assert "evil" not in str(lied.headers)
    assert lied.headers.get("location") == plain.headers.get("location")


@pytest.mark.parametrize("host", ["evil.example/en/x?", "a b", "evil.example:99999", "[", "", "/en/"])
def test_a_host_that_is_none_does_not_choose_the_page(client: TestClient, host: str) -> None:
    answer = client.get("/moeder", headers={"host": host})
    assert '<html lang="da">' in answer.text
    assert answer.text == client.get("/moeder").text


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/moeder/", "/moeder"),
        ("/moeder/?year=2025", "/moeder?year=2025"),
        ("/en/moeder/", "/en/moeder"),
        ("/en", "/en/"),
        ("/en?x=1", "/en/?x=1"),
        ("/s%C3%B8g/", "/s%C3%B8g"),
    ],
)
def test_one_address_for_a_page(client: TestClient, path: str, there: str) -> None:
    answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, there)


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "/%5Cevil.example/", "/en//evil.example/", "/%0d%0aX:1/", "/%09/evil.example/"],
)
def test_no_way_to_another_site(client: TestClient, path: str) -> None:
    answer = client.get("http://testserver" + path, follow_redirects=False)
    there = answer.headers.get("location", "")
    assert answer.status_code == 404 or re.fullmatch(r"/[^/\\].*", there)
    assert "\n" not in there


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_odd_methods_are_refused_in_words(client: TestClient, method: str) -> None:
    page, answer = client.request(method, "/moeder"), client.request(method, "/api/v1/meetings")
    assert page.status_code == 405
    assert "GET" in page.headers["allow"]
    assert "Siden kan kun læses" in page.text
    assert answer.status_code in (200, 204, 405)
    assert client.request(method, "/static/icon.svg").status_code == 405


def test_an_address_that_is_too_long(client: TestClient) -> None:
    long = "x" * LONGEST_ADDRESS
    page = client.get(f"/soeg?q={long}")
    assert page.status_code == 414
    assert "Adressen er for lang" in page.text
    assert long not in page.text
    assert client.get(f"/api/v1/search?q={long}").json()["error"]["code"] == "address_too_long"


def test_headers_that_are_too_large(client: TestClient) -> None:
    page = client.get("/moeder", headers={"x-long": "x" * 33_000})
    assert (page.status_code, "Forespørgslen er for stor" in page.text) == (431, True)


@pytest.fixture
def reading(built: Built) -> Iterator[TestClient]:
    async def read(request: Request) -> Response:
        return Response(str(len(await request.body())))

    app = create_app(built.settings, built.catalogue, built.store, built.app.state.site.engine)
    app.router.routes[:0] = [
        Route("/laes", read, methods=["POST"]),
        Route("/api/v1/laes", read, methods=["POST"]),
    ]
    yield TestClient(app, raise_server_exceptions=False)


def test_a_body_that_is_too_large(reading: TestClient) -> None:
    assert reading.post("/laes", content=b"x" * LARGEST_BODY).text == str(LARGEST_BODY)
    said = reading.post("/laes", content=b"x" * (LARGEST_BODY + 1))
    assert (said.status_code, "for meget" in said.text) == (413, True)

    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 10_000

    unsaid = reading.post("/api/v1/laes", content=pieces())
    assert (unsaid.status_code, unsaid.json()["error"]["code"]) == (413, "too_large")


def test_a_body_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_bounds, "BODY_SECONDS", 0.05)

    async def never() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    async def read() -> None:
        await request_bounds._Body(never)()

    with pytest.raises(HTTPException) as refused:
        asyncio.run(read())
    assert refused.value.status_code == 408


# Headers ------------------------------------------------------------------------------------------------------


def test_https_is_insisted_on_only_where_there_is_https(built: Built, client: TestClient) -> None:
    assert "max-age" in client.get("/").headers["strict-transport-security"]
    plain = Settings(home=built.settings.home, base_url="http://arkiv.example")  # type: ignore[call-arg]
    app = create_app(plain, built.catalogue, built.store, built.app.state.site.engine)
    assert "strict-transport-security" not in TestClient(app).get("/").headers


def test_a_view_may_have_a_policy_of_its_own(built: Built) -> None:
    def framed(request: Request) -> Response:
        return Response(
            "x",
            headers={"content-security-policy": policy("*"), "cross-origin-resource-policy": "cross-origin"},
        )

    app = create_app(built.settings, built.catalogue, built.store, built.app.state.site.engine)
    app.router.routes.insert(0, Route("/ramme", framed))
    headers = TestClient(app).get("/ramme").headers
    assert headers["content-security-policy"].endswith("frame-ancestors *; base-uri 'none'")
    assert "x-frame-options" not in headers
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert TestClient(app).get("/").headers["x-frame-options"] == "SAMEORIGIN"


def test_pages_stay_here_and_recordings_are_for_everybody(client: TestClient) -> None:
    for path, sharing in (
        ("/", "same-origin"),
        ("/static/icon.svg", "same-origin"),
        (f"/medie/{MAIN}/1", "cross-origin"),
        ("/api/v1/meetings", "cross-origin"),
    ):
        assert client.get(path).headers["cross-origin-resource-policy"] == sharing, path


# Files --------------------------------------------------------------------------------------------------------


def test_files_with_their_version_are_kept_for_ever(client: TestClient) -> None:
    page = client.get("/").text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) >= 3
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"], address
    plain, older = "/static/js/meeting.js", "/static/0123456789/js/meeting.js"
    assert client.get(older).content == client.get(plain).content
    for path in (plain, older):
        assert client.get(path).headers["cache-control"] == "no-cache"
    assert client.get(static("js/meeting.js").replace("meeting", "nej")).status_code == 404


def test_what_a_script_or_a_style_names_beside_itself_has_the_version_too(client: TestClient) -> None:
    folder = Path(static("js/meeting.js")).parent.as_posix()
    script = client.get(static("js/meeting.js")).text
    beside = re.findall(r'from "\./([\w-]+\.js)"', script)
    assert beside
    for name in beside:
        assert "immutable" in client.get(f"{folder}/{name}").headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/0123456789/%2e%2e/%2e%2e/app.py",
        "/static/0123456789//etc/passwd",
        "/static/",
    ],
)
def test_files_of_ours_and_no_others(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
