"""A visitor's share: generous, the same for everybody, and forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from catalogue import Settings
from tests.web.conftest import MAIN, Built
from web import create_app, rate_limits
from web.rate_limits import FORGET_SECONDS, LANES, WRITING, Buckets, Lane, lane_of


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def lane(name: str) -> Lane:
    return next(each for each in LANES if each.name == name)


def visitor(built: Built, address: str = "203.0.113.7", **said: str) -> TestClient:
    """A visitor of an application of their own, so that nobody else has asked it for anything."""
    app = create_app(built.settings, built.catalogue, built.store, built.app.state.site.engine)
    return TestClient(app, client=(address, 4711), headers=said, raise_server_exceptions=False)


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200), st.sampled_from([*LANES, WRITING]))
@settings(max_examples=60, deadline=None)
def test_never_more_than_the_burst_and_the_rate(pauses: list[float], lane: Lane) -> None:
    clock = Clock()
    buckets, begun, taken = Buckets(clock), clock.now, 0
    for pause in pauses:
        clock.now += pause
        wait = buckets.take(lane, "203.0.113.7")
        taken += wait == 0
        assert wait >= 0
        assert taken <= lane.burst + (clock.now - begun) * lane.per_second + 1e-6
        if wait:
            clock.now += wait + 1e-6
            assert buckets.take(lane, "203.0.113.7") == 0  # what is promised is kept
            taken += 1


def test_the_table_is_bounded_and_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "KEPT", 100)
    clock = Clock()
    buckets = Buckets(clock)
    for n in range(1000):
        buckets.take(lane("pages"), f"203.0.{n // 250}.{n % 250}")
    assert len(buckets) == 100
    assert "203.0" not in repr(buckets)  # no address is kept
    clock.now += FORGET_SECONDS + 1
    buckets.forget()
    assert len(buckets) == 0


@pytest.mark.parametrize("each", [*LANES, WRITING], ids=lambda each: each.name)
def test_what_is_forgotten_would_be_full_again(each: Lane) -> None:
    assert each.burst / each.per_second <= FORGET_SECONDS


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/", "pages"),
        ("GET", "/soeg", "search"),
        ("GET", "/en/soeg", "search"),
        ("GET", "/soeg.csv", "files"),
        ("GET", "/api/v1/suggest", "search"),
        ("GET", f"/medie/{MAIN}/1", "media"),
        ("GET", f"/moeder/{MAIN}/klip/a.mp4", "media"),
        ("GET", f"/moeder/{MAIN}/citat.png", "files"),
        ("POST", f"/moeder/{MAIN}/fejl", "writing"),
        ("GET", "/static/css/talerstolen.css", None),
        ("GET", "/sundhed", None),
    ],
)
def test_the_lane_of_a_request(method: str, path: str, name: str | None) -> None:
    found = lane_of(method, path)
    assert (found.name if found else None) == name


def test_who_asks_too_much_is_told_when_to_come_back(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "Buckets", lambda: Buckets(Clock()))  # no second passes meanwhile
    client = visitor(built)
    burst = int(lane("search").burst)
    answers = [client.get("/api/v1/suggest") for _ in range(burst + 40)]
    assert all(answer.status_code == 200 for answer in answers[:burst])
    refused = answers[-1]
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["cache-control"] == "no-store"
    assert "content-security-policy" in refused.headers
    page = client.get("/soeg?q=vi")
    assert page.status_code == 429
    assert "Lige lovlig hurtigt" in page.text
    assert "Prøv igen om 1 sekund" in page.text
    assert client.get("/moeder").status_code == 200  # other things are still there to read
    assert client.get("/static/css/talerstolen.css").status_code == 200


def test_one_visitor_does_not_use_up_anothers_share(built: Built) -> None:
    client = visitor(built, "127.0.0.1")
    for _ in range(int(WRITING.burst) + 1):
        last = client.post("/moeder", headers={"x-forwarded-for": "198.51.100.1"})
    assert last.status_code == 429
    assert client.post("/moeder", headers={"x-forwarded-for": "198.51.100.2"}).status_code == 405
    assert client.post("/moeder").status_code == 405  # this machine itself
    # A visitor's own word about who they are does not give them a new share.
    forged = {"x-forwarded-for": "192.0.2.99, 198.51.100.1"}
    assert client.post("/moeder", headers=forged).status_code == 429


def test_it_can_be_turned_off(built: Built) -> None:
    without = Settings(home=built.settings.home, rate_limits=False)  # type: ignore[call-arg]
    app = create_app(without, built.catalogue, built.store, built.app.state.site.engine)
    client = TestClient(app, client=("203.0.113.7", 1))
    assert {client.post("/moeder").status_code for _ in range(40)} == {405}
    assert "kan ikke regnes tilbage" not in client.get("/privatliv").text
