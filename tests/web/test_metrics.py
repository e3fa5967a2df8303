"""What a watcher is told, and that nobody else is, and nothing of what was asked for."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from catalogue import Settings
from tests.web.conftest import MAIN, Built
from web import create_app


def asker(built: Built, address: str = "127.0.0.1", token: str | None = None) -> TestClient:
    settings = Settings(home=built.settings.home, metrics_token=SecretStr(token) if token else None)  # type: ignore[call-arg]
    app = create_app(settings, built.catalogue, built.store, built.app.state.site.engine)
    return TestClient(app, client=(address, 1), raise_server_exceptions=False)


def test_answers_are_counted_by_route(built: Built) -> None:
    client = asker(built)
    for path in (
        "/moeder",
        "/en/moeder",
        f"/moeder/{MAIN}?t=3",
        "/soeg?q=kodeord",
        "/nej/kodeord",
        "/static/icon.svg",
    ):
        client.get(path)
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    text = answer.text
    assert 'talerstolen_requests_total{method="GET",route="/moeder",status="200"} 2.0' in text
    assert 'route="/moeder/{meeting_id}",status="200"} 1.0' in text
    assert 'route="(none)",status="404"} 1.0' in text
    assert 'talerstolen_request_seconds_bucket{le="0.06",route="/moeder"}' in text
    assert "talerstolen_meetings 3.0" in text
    assert "talerstolen_index_waiting" in text
    assert 'talerstolen_cache_lookups_total{cache="meetings",result="miss"} 1.0' in text
    assert "process_resident_memory_bytes" in text
    assert "kodeord" not in text
    assert MAIN not in text


def test_an_error_of_ours_is_counted(built: Built) -> None:
    def broken(request: Request) -> Response:
        raise RuntimeError

    client = asker(built)
    client.app.router.routes.insert(0, Route("/knaekket", broken))  # type: ignore[attr-defined]
    client.get("/knaekket")
    assert 'route="/knaekket",status="500"} 1.0' in client.get("/metrics").text


@pytest.mark.parametrize(
    ("address", "headers"),
    [("203.0.113.7", {}), ("127.0.0.1", {"x-forwarded-for": "203.0.113.7"}), ("127.0.0.1", {"via": "1.1 x"})],
)
def test_nobody_else_sees_them(built: Built, address: str, headers: dict[str, str]) -> None:
    assert asker(built, address).get("/metrics", headers=headers).status_code == 404


def test_a_token_opens_them_from_elsewhere(built: Built) -> None:
    client = asker(built, "203.0.113.7", token="loesen")
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer nej"}).status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer loesen"}).status_code == 200
    assert asker(built, "127.0.0.1", token="loesen").get("/metrics").status_code == 404
