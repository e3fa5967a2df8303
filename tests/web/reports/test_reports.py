"""Readers report errors; staff see them, and nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.testclient import TestClient

from catalogue import EditKind, ReportKind
from catalogue.reports import MOST_OPEN
from tests.web.conftest import MAIN, SECRETS, Built, edit
from web.reports.form import _plain
from web.visitors import Visitors

PAGE = f"/moeder/{MAIN}/fejl?t=3"
WORDS = {"hvad": "words", "tekst": "Der siges »smal«\r\nto gange"}


@pytest.fixture
def reader(own: Built) -> TestClient:
    return TestClient(own.app, follow_redirects=False)


def test_a_report_is_kept_for_staff_and_shown_to_nobody(own: Built, reader: TestClient) -> None:
    form = reader.get(PAGE)
    assert form.status_code == 200
    assert "Den nuværende sti er for smal." in form.text
    assert 'action="/moeder/' in form.text
    answer = reader.post(PAGE, data=WORDS, headers={"sec-fetch-site": "same-origin"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}&tak=1")
    thanks = reader.get(answer.headers["location"]).text
    assert "Tak for meldingen" in thanks
    (kept,) = own.catalogue.reports.open()
    assert (kept.meeting_id, kept.second, kept.kind) == (MAIN, 3.0, ReportKind.WORDS)
    assert kept.text == "Der siges »smal«\nto gange"
    assert len(kept.sentence) == 64
    assert (
        kept.version.partition(".")[0] in reader.get(f"/moeder/{MAIN}/citat?fra=3&til=4").headers["location"]
    )
    for path in (PAGE, f"{PAGE}&tak=1", f"/moeder/{MAIN}", f"/moeder/{MAIN}?t=3", f"/api/v1/meetings/{MAIN}"):
        assert "to gange" not in reader.get(path).text


def test_it_stays_when_what_it_is_about_is_withheld(own: Built, reader: TestClient) -> None:
    reader.post(PAGE, data={"hvad": "private", "tekst": ""})
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 3.0, 4.0))
    assert own.catalogue.reports.count() == 1
    assert "smal" not in reader.get(PAGE).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"tekst": ""}, "Vælg, hvad der er galt."),
        ({"hvad": "andet"}, "Vælg, hvad der er galt."),
        ({"hvad": "other", "tekst": "  "}, "Skriv, hvad der er galt."),
        ({"hvad": "words", "tekst": "x" * 1001}, "Der er plads til 1.000 tegn."),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    own: Built, reader: TestClient, data: dict[str, str], said: str
) -> None:
    answer = reader.post(PAGE, data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert data.get("tekst", "").strip() in answer.text
    assert not own.catalogue.reports.count()


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, "hvad=words", 403),
        ({"sec-fetch-site": "same-site"}, "hvad=words", 403),
        ({"origin": "https://evil.example"}, "hvad=words", 403),
        ({"origin": "null"}, "hvad=words", 403),
        ({"content-type": "text/plain"}, "hvad=words", 415),
        ({"content-type": "multipart/form-data; boundary=x"}, "hvad=words", 415),
        ({}, "hvad=words&tekst=" + "x" * 17_000, 413),
        ({}, "&".join(f"a{n}=1" for n in range(50)), 415),
        ({}, "%ff%fe=%00&hvad=words%00", 422),
    ],
)
def test_what_is_not_our_form_is_refused(
    own: Built, reader: TestClient, headers: dict[str, str], content: str, status: int
) -> None:
    sent = {"content-type": "application/x-www-form-urlencoded", **headers}
    answer = reader.post(PAGE, content=content, headers=sent)
    assert answer.status_code == status
    assert not own.catalogue.reports.count()
    assert "set-cookie" not in answer.headers


def test_our_own_origin_is_let_through(own: Built, reader: TestClient) -> None:
    assert reader.post(PAGE, data=WORDS, headers={"origin": "http://testserver"}).status_code == 303
    assert own.catalogue.reports.count() == 1


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(own: Built, reader: TestClient) -> None:
    answer = reader.post(PAGE, data={**WORDS, "webside": "https://spam.example"})
    assert answer.status_code == 303
    assert not own.catalogue.reports.count()


def test_a_flood_is_stopped(own: Built, reader: TestClient) -> None:
    assert [reader.post(PAGE, data=WORDS).status_code for _ in range(7)] == [303] * 5 + [429] * 2
    assert own.catalogue.reports.count() == 5
    for _ in range(MOST_OPEN - 5):
        own.catalogue.reports.add(MAIN, 1.0, ReportKind.WORDS, "", "", "")
    other = TestClient(own.app, follow_redirects=False, client=("10.0.0.9", 1))
    assert other.post(PAGE, data=WORDS).status_code == 429


def test_each_reader_behind_our_proxy_has_an_allowance(own: Built) -> None:
    def sent(by: str, for_: str) -> int:
        reader = TestClient(own.app, follow_redirects=False, client=(by, 1))
        return reader.post(PAGE, data=WORDS, headers={"x-forwarded-for": for_}).status_code

    assert [sent("127.0.0.1", "192.0.2.1") for _ in range(6)] == [303] * 5 + [429]
    assert sent("127.0.0.1", "192.0.2.2") == 303
    # Who is no proxy of ours does not get out of it by saying that others ask.
    assert [sent("203.0.113.5", f"192.0.2.{n}") for n in range(3, 9)] == [303] * 5 + [429]


@pytest.mark.parametrize("t", ["4.5", "5.5", "9.5", "10.5", "99", "0"])
def test_the_form_shows_nothing_withheld(reader: TestClient, t: str) -> None:
    text = reader.get(f"/moeder/{MAIN}/fejl?t={t}").text.lower()
    assert not [secret for secret in SECRETS if secret in text]


def test_seconds_that_cannot_be_and_meetings_that_are_not(reader: TestClient) -> None:
    assert reader.get(f"/moeder/{MAIN}/fejl?t=x").status_code == 422
    assert reader.get("/moeder/nej/fejl?t=1").status_code == 404
    assert reader.post("/moeder/nej/fejl?t=1", data=WORDS).status_code == 404
    assert reader.post("/moeder/skagen-byraadet-2025-05-05/fejl?t=1", data=WORDS).status_code == 404


@given(st.text(max_size=200))
def test_nothing_but_lines_of_letters_is_kept(text: str) -> None:
    assert all(c == "\n" or c.isprintable() for c in _plain(text))


def asking(host: str) -> Request:
    return Request({"type": "http", "client": (host, 1), "headers": []})


def test_visitors_are_counted_by_network_and_forgotten(own: Built) -> None:
    visitor = own.app.state.site.visitor
    now = [0.0]
    visitors = Visitors(2, 60.0, now=lambda: now[0])
    may = [visitors.may(visitor(asking(f"2001:db8::{n}"))) for n in (1, 2, 3)]
    assert may == [True, True, False]
    assert visitors.may(visitor(asking("10.0.0.1")))
    now[0] = 61.0
    assert visitors.may(visitor(asking("2001:db8::4")))
    assert "2001" not in repr(visitors.__dict__)
