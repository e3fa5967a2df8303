"""`/api/v1/suggest`: its shape, and that nothing is suggested that is not public at this very moment."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from catalogue import Agenda, AgendaItem, Edit, EditKind, EngineError, ItemSpan, Meeting, Segment, SpanStatus
from catalogue.outbox import changed
from catalogue.tables import MeetingRow
from search import SearchEngine
from tests.web.conftest import (
    CAPTIONS,
    MAIN,
    NASTY,
    SECRETS,
    STALE,
    TEXT_ONLY,
    Built,
    edit,
    filled,
    publish,
    recording,
    settle,
)
from web import create_app
from web.public_now import MOST_READ, PublicNow

RY = "ry-byraadet-2025-11-05"
ITEMS = (
    AgendaItem("1", "Fortove i Solbakken"),
    AgendaItem("2", "Xantippevejens forlægning"),
    AgendaItem("3", "Budget"),
)
SPANS = tuple(ItemSpan(n, SpanStatus.DISCUSSED, 100.0 * n, 100.0 * n + 100, 0.9) for n in range(3))
SAID = (
    Segment(0.0, 5.0, "Solbakken skal have fortov.", "Yrsa Zachariasen (A)"),
    Segment(20.0, 25.0, "Det gælder også kvistgården.", "Yrsa Zachariasen (A)"),
    Segment(25.0, 30.0, "Og så er der lysmasterne.", "Yrsa Zachariasen (A)"),
    Segment(100.0, 105.0, "Vejen lægges om.", "Quincy Wulff (V)"),
    Segment(200.0, 205.0, "Vi sparer på jordemoderen.", "Yrsa Zachariasen (A)"),
)


def suggested(client: TestClient, q: str) -> dict[str, Any]:
    answer = client.get("/api/v1/suggest", params={"q": q})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def told(client: TestClient, q: str) -> list[str]:
    """All that is suggested, in one list."""
    found = suggested(client, q)
    return [*found["words"], *(p["name"] for p in found["people"]), *(i["title"] for i in found["items"])]


@pytest.fixture
def ry(own: Built) -> TestClient:
    """A meeting whose words, people and items are nobody else's; the index has it, and is not brought up to date."""
    meeting = Meeting(
        RY, "Byrådsmøde", date(2025, 11, 5), "Byrådet", "Ry", (recording(RY, 1, 0.0),), Agenda(ITEMS)
    )
    publish(own.catalogue, meeting, (SAID,), CAPTIONS, SPANS)
    client = TestClient(
        create_app(own.settings, own.catalogue, own.store, filled(own.settings, own.catalogue))
    )
    for typed, expected in (
        ("kvist", "kvistgården"), ("solb", "Solbakken"), ("yrs", "Yrsa Zachariasen (A)"),
        ("quin", "Quincy Wulff (V)"), ("xant", "Xantippevejens forlægning"), ("jordem", "jordemoderen"),
    ):  # fmt: skip
        assert expected in told(client, typed)
    return client


def meanwhile(own: Built, what: Edit) -> None:
    """An edit of which the outbox does not tell yet, or no longer: the index still has what was, and is asked."""
    own.catalogue.add_edit(RY, what)
    settle(own.catalogue)


def test_its_shape(client: TestClient) -> None:
    answer = client.get("/api/v1/suggest", params={"q": "cykels"})
    assert answer.json() == {
        "query": "cykels",
        "words": ["cykelsti"],
        "people": [],
        "items": [
            {
                "number": "2",
                "title": "Cykelsti langs Havnegade & Åboulevarden",
                "meeting": {
                    "id": MAIN,
                    "title": "Møde i Aarhus Byråd",
                    "date": "2025-10-08",
                    "body": "Byrådet",
                    "municipality": "Aarhus Kommune",
                },
                "url": f"https://arkiv.example/moeder/{MAIN}?t=2",
            }
        ],
    }
    assert answer.headers["cache-control"] == "private, max-age=10"
    assert suggested(client, "anna")["people"] == [{"name": "Anna Friis (A)", "passages": 1}]


def test_a_space_ends_the_word(client: TestClient) -> None:
    assert suggested(client, "  cykels ") == {"query": "cykels ", "words": [], "people": [], "items": []}
    assert suggested(client, "cykelsti ")["items"][0]["number"] == "2"


def test_an_item_without_a_second_leads_to_its_meeting(client: TestClient) -> None:
    (item,) = suggested(client, "vindm")["items"]
    assert item["url"] == f"https://arkiv.example/moeder/{MAIN}"


def test_few_of_each(client: TestClient) -> None:
    for typed in ("a", "ha", "bo", "m", "", "havnen ", "e"):
        found = suggested(client, typed)
        assert len(found["words"]) <= 5
        assert len(found["people"]) <= 3
        assert len(found["items"]) <= 4
    assert client.get("/api/v1/suggest").json() == {"query": "", "words": [], "people": [], "items": []}


@pytest.mark.parametrize("secret", SECRETS)
def test_no_beginning_of_a_secret_is_ended(client: TestClient, secret: str) -> None:
    for length in range(1, len(secret) + 1):
        for before in ("", "cykelstien ", "vi køber den "):
            found = suggested(client, before + secret[:length])
            assert secret.lower() not in str({**found, "query": ""}).lower()


def test_what_is_redacted_is_gone_at_once(ry: TestClient, own: Built) -> None:
    meanwhile(own, edit(EditKind.REDACTION, 21.0, 22.0))
    assert told(ry, "kvist") == []
    assert "Solbakken" in told(ry, "solb")  # still said elsewhere, and a title
    meanwhile(own, edit(EditKind.REDACTION, 0.0, 3.0))
    assert suggested(ry, "solb")["words"] == ["Solbakken"]  # in the title of the item alone
    assert told(ry, "jordem") == ["jordemoderen"]


def test_what_was_said_beside_a_redaction_does_not_tell_of_it(ry: TestClient, own: Built) -> None:
    assert told(ry, "kvistgården lysm") == ["kvistgården lysmasterne"]
    meanwhile(own, edit(EditKind.REDACTION, 21.0, 22.0))
    assert told(ry, "kvistgården lysm") == []  # the index still has both, in one passage
    assert told(ry, "lysm") == ["lysmasterne"]


def test_what_is_corrected_away_is_gone_at_once(ry: TestClient, own: Built) -> None:
    meanwhile(own, edit(EditKind.CORRECTION, 20.0, 24.9, "Det gælder også skoven."))
    assert told(ry, "kvist") == []


def test_a_closed_item_is_gone_at_once_with_all_that_was_said_in_it(ry: TestClient, own: Built) -> None:
    meanwhile(own, edit(EditKind.CLOSE, None, None, item="2"))
    assert told(ry, "xant") == []
    assert told(ry, "forlægn") == []
    assert told(ry, "quin") == []
    assert told(ry, "wulff") == []
    assert told(ry, "lukket p") == []
    assert "Yrsa Zachariasen (A)" in told(ry, "yrs")


def test_who_is_heard_in_withheld_time_alone_is_gone_at_once(ry: TestClient, own: Built) -> None:
    meanwhile(own, edit(EditKind.REDACTION, 100.0, 199.0))
    assert told(ry, "quin") == []
    meanwhile(own, edit(EditKind.REDACTION, 0.0, 99.0))
    assert told(ry, "yrs") == ["Yrsa Zachariasen (A)"]
    meanwhile(own, edit(EditKind.REDACTION, 199.0, 300.0))
    assert told(ry, "yrs") == []


def test_another_title_takes_the_place_of_the_old_one_at_once(ry: TestClient, own: Built) -> None:
    agenda = Agenda((ITEMS[0], replace(ITEMS[1], title="Omlægning"), ITEMS[2]))
    own.catalogue.replace_agenda(RY, agenda)
    assert told(ry, "xant") == []  # nothing of a meeting is public until its items are placed anew
    assert told(ry, "solb") == told(ry, "yrs") == told(ry, "jordem") == []


def test_what_waits_to_leave_the_index_is_neither_looked_at_nor_counted(ry: TestClient, own: Built) -> None:
    meeting = Meeting(
        "ry-2", "Møde", date(2025, 12, 1), "Byrådet", "Ry", (recording("ry-2", 1, 0.0),), Agenda(ITEMS[2:])
    )
    said = (Segment(0.0, 5.0, "Solbakken er en vej.", "Yrsa Zachariasen (A)"),)
    publish(own.catalogue, meeting, (said,), CAPTIONS, SPANS[:1])
    client = TestClient(
        create_app(own.settings, own.catalogue, own.store, filled(own.settings, own.catalogue))
    )
    assert suggested(client, "yrs")["people"][0]["passages"] > 1
    own.catalogue.add_edit(RY, edit(EditKind.REDACTION, 21.0, 22.0))
    assert suggested(client, "yrs")["people"] == [{"name": "Yrsa Zachariasen (A)", "passages": 1}]
    assert suggested(client, "solb")["words"] == ["Solbakken"]
    assert told(client, "lysm") == told(client, "kvist") == told(client, "quin") == []


def test_a_meeting_that_cannot_be_read_is_left_out(ry: TestClient, own: Built) -> None:
    with own.catalogue._write() as session:
        session.get_one(MeetingRow, RY).segmentation = "{}"
        changed(session, RY, withdraws=False)
    assert told(ry, "solb") == told(ry, "xant") == []
    assert "Havnefronten" in told(ry, "havnefr")


def test_a_new_item_is_suggested_before_the_index_has_it(ry: TestClient, own: Built) -> None:
    meeting = Meeting(
        "ry-2", "Møde", date(2025, 12, 1), "Byrådet", "Ry", (recording("ry-2", 1, 0.0),),
        Agenda((AgendaItem("1", "Zeppelinerhallen"),)),
    )  # fmt: skip
    publish(own.catalogue, meeting, ((),), CAPTIONS, (ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 9.0, 0.9),))
    assert told(ry, "zepp") == ["Zeppelinerhallen"]


def test_where_much_would_have_to_be_read_less_is_suggested(
    own: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = PublicNow(own.catalogue)
    monkeypatch.setattr("web.public_now.MOST_READ", 1)
    moment = looking.look()
    assert MOST_READ > 1
    assert moment.titled(MAIN, "Eventuelt")
    assert not moment.titled(STALE, "Havnefronten")  # not read: not said to be public
    assert looking.look().titled(STALE, "Havnefronten")
    assert looking.look().titled(TEXT_ONLY, "Museets åbningstider")
    assert not looking.look().titled("nej", "Eventuelt")


def test_agendas_are_learnt_behind_the_first_answers(own: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.public_now.MOST_AGENDAS", 0)
    app = create_app(own.settings, own.catalogue, own.store, own.app.state.site.engine)
    assert "Havnefronten" not in told(TestClient(app), "havnefr")
    with TestClient(app) as client:  # starts the application, and so the learning
        for _ in range(100):
            if "Havnefronten" in told(client, "havnefr"):
                return
            time.sleep(0.05)
    raise AssertionError("not within 5 seconds")


class Down:
    """An engine that does not answer."""

    name = version = "down"

    def __getattr__(self, name: str) -> Any:
        raise EngineError("does not answer", where="http://10.0.0.7:7700")


def test_an_engine_that_is_down_is_told_in_the_one_shape(built: Built) -> None:
    engine: SearchEngine = Down()
    client = TestClient(create_app(built.settings, built.catalogue, built.store, engine))
    answer = client.get("/api/v1/suggest", params={"q": "cykel"})
    assert answer.status_code == 503
    assert answer.json()["error"].keys() == {"code", "message", "detail"}
    assert "10.0.0.7" not in answer.text
    assert "cache-control" not in answer.headers


TYPED = st.one_of(
    st.text(max_size=220),
    st.text(alphabet='abåøæoe "-»«§.,0123456789\\()[]*?{}|^$<>\x00\x1f\u0301', max_size=60),
    st.sampled_from([NASTY, "%", "\ud800", "a" * 200, '"' * 200, "-" * 200, "§ " * 100, "cykelsti " * 22]),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED)
def test_nothing_that_is_typed_breaks_it(built: Built, typed: str) -> None:
    client = TestClient(built.app, raise_server_exceptions=True)
    answer = client.get("/api/v1/suggest", params={"q": typed.encode("utf-8", "replace")})
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        found = answer.json()
        assert found.keys() == {"query", "words", "people", "items"}
        assert all(secret.lower() not in str(found["words"]).lower() or secret in typed for secret in SECRETS)
