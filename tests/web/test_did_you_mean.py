"""»Mente du …?« offers what finds more, in words that are public at this moment."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.testclient import TestClient

from catalogue import Agenda, AgendaItem, EditKind, ItemSpan, Meeting, Segment, SpanStatus
from search import SearchRequest, SearchResult
from tests.web.conftest import CAPTIONS, Built, edit, filled, publish, recording
from web import create_app

MEETING = "ry-byraadet-2025-11-05"


@pytest.fixture
def client(own: Built) -> TestClient:
    """A meeting that says »Solbakken« four times and »Solbækken« once, a minute apart."""
    said = [Segment(60.0 * n, 60.0 * n + 5, "Solbakken skal have fortov.", None) for n in range(4)]
    said.append(Segment(300.0, 305.0, "Solbækken er en vej.", None))
    meeting = Meeting(
        MEETING, "Byrådsmøde", date(2025, 11, 5), "Byrådet", "Ry", (recording(MEETING, 1, 0.0),),
        Agenda((AgendaItem("1", "Fortove"),)),
    )  # fmt: skip
    spans = (ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 310.0, 0.9),)
    publish(own.catalogue, meeting, (tuple(said),), CAPTIONS, spans)
    return TestClient(create_app(own.settings, own.catalogue, own.store, filled(own.settings, own.catalogue)))


def offered(client: TestClient, q: str) -> str | None:
    answer: str | None = client.get("/api/v1/search", params={"q": q}).json()["did_you_mean"]
    return answer


def test_what_was_said_more_is_offered(client: TestClient) -> None:
    assert offered(client, "solbækken ") == "solbakken"
    page = client.get("/soeg", params={"q": "solbækken vej "}).text
    assert "Mente du" not in page  # no better: the other spelling never says »vej«


def test_the_page_leads_to_it(client: TestClient) -> None:
    page = client.get("/soeg", params={"q": "solbækken ", "body": "Byrådet"}).text
    assert 'Mente du <a href="/soeg?q=solbakken&amp;body=Byr%C3%A5det">»solbakken«</a>?' in page


def test_nothing_is_offered_where_enough_was_found(client: TestClient) -> None:
    assert offered(client, "solbakken ") is None
    assert offered(client, "") is None


def test_a_withheld_word_is_not_offered(client: TestClient, own: Built) -> None:
    own.catalogue.add_edit(MEETING, edit(EditKind.REDACTION, 0.0, 200.0))
    assert offered(client, "solbækken ") is None
    assert "solbakken" not in client.get("/soeg", params={"q": "solbækken "}).text.lower()


def test_other_words_are_only_counted(
    client: TestClient, own: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SearchRequest] = []
    site = client.app.state.site  # type: ignore[attr-defined]
    search = site.engine.search

    def noted(request: SearchRequest) -> SearchResult:
        asked.append(request)
        found: SearchResult = search(request)
        return found

    monkeypatch.setattr(site.engine, "search", noted)
    shown = client.get("/soeg", params={"q": "solbækken ", "why": "true"}).text
    assert "Mente du" in shown
    assert [(a.facets, a.grouped, a.why) for a in asked if a.q == "solbakken"] == [(False, False, False)]
