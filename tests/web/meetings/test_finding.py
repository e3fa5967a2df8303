"""Finding in a meeting: marked on the server, only in what is public now, and with links that need no script."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from catalogue import EditKind
from search import IndexUnavailable, SearchRequest, SearchResult
from tests.web.conftest import MAIN, SECRETS, TEXT_ONLY, Built, edit, settle

PAGE = f"/moeder/{MAIN}"


def transcript(page: str) -> str:
    return page.split('id="tekst"')[1]


def found(page: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)" data-marks', page)


def test_hits_are_marked_in_the_text_and_listed(client: TestClient) -> None:
    page = client.get(PAGE, params={"q": "cykelsti"}).text
    assert transcript(page).count("<mark>cykelstien</mark>") == 2
    assert found(page) == ["?q=cykelsti&amp;t=2#s-2", "?q=cykelsti&amp;t=13#s-13"]
    assert '<p class="found-count" id="fund-antal" data-of="{n} af {total}">2 sætninger</p>' in page
    assert 'value="cykelsti"' in page


def test_next_and_previous_are_links_from_where_the_reader_is(client: TestClient) -> None:
    first = client.get(PAGE, params={"q": "cykelsti", "t": "2"}).text
    assert ">1 af 2</p>" in first
    assert 'href="?q=cykelsti&amp;t=13#s-13" rel="next"' in first
    assert 'rel="prev"' not in first
    last = client.get(PAGE, params={"q": "cykelsti", "t": "13.4"}).text
    assert ">2 af 2</p>" in last
    assert 'href="?q=cykelsti&amp;t=2#s-2" rel="prev"' in last
    assert 'id="s-13" aria-current="true"' in last


def test_inflections_and_parts_of_compounds_are_found(client: TestClient) -> None:
    assert "<mark>bænke</mark>" in transcript(client.get(PAGE, params={"q": "bænken"}).text)
    assert "cykel<mark>stien</mark>" in transcript(client.get(PAGE, params={"q": "stier"}).text)


def test_nothing_found_says_so_and_leads_on(client: TestClient) -> None:
    page = client.get(PAGE, params={"q": "zzzzqqq"}).text
    assert "»zzzzqqq« blev ikke fundet i dette mødes tekst." in page
    assert 'href="/soeg?q=zzzzqqq"' in page
    assert "<mark>" not in transcript(page)


def test_only_this_meeting_is_looked_in(client: TestClient) -> None:
    assert not found(client.get(PAGE, params={"q": "museet"}).text)
    assert found(client.get(f"/moeder/{TEXT_ONLY}", params={"q": "museet"}).text)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("part", ["", "fund"])
def test_what_is_withheld_is_not_found(client: TestClient, secret: str, part: str) -> None:
    page = client.get(PAGE, params={"q": secret, "del": part}).text
    assert not found(page)


def test_what_the_index_still_has_is_not_shown(own: Built) -> None:
    """The redaction and the correction are newer than the index."""
    client = TestClient(own.app)
    assert found(client.get(PAGE, params={"q": "bænke"}).text)
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 7.0, 8.0))
    assert not found(client.get(PAGE, params={"q": "bænke"}).text)
    settle(own.catalogue)  # as if the index had been brought up to date; it has the old words still
    assert not found(client.get(PAGE, params={"q": "bænke"}).text)
    assert found(client.get(PAGE, params={"q": "bygget"}).text)
    own.catalogue.add_edit(MAIN, edit(EditKind.CORRECTION, 13.0, 14.0, "Noget helt andet."))
    page = client.get(PAGE, params={"q": "bygget"}).text
    assert not found(page)
    assert "bygget" not in transcript(page)


@pytest.mark.parametrize(
    "query", ["a" * 501, "\x00\ud800"[:1], '"', "-", "-vi", "<script>", '"><b>', "%", "' OR 1=1", "🚲" * 50]
)
def test_hostile_queries(client: TestClient, query: str) -> None:
    answer = client.get(PAGE, params={"q": query})
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert "<b>" not in answer.text


def test_too_much_is_said_to_be_so(client: TestClient) -> None:
    assert "Det er for langt at søge efter" in client.get(PAGE, params={"q": "a" * 501}).text


def test_without_the_search_the_page_is_there(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(request: SearchRequest) -> SearchResult:
        raise IndexUnavailable("away")

    monkeypatch.setattr(built.app.state.site.engine, "search", away)
    page = TestClient(built.app).get(PAGE, params={"q": "cykelsti"})
    assert page.status_code == 200
    assert "Søgningen svarer ikke lige nu" in page.text
    assert "Velkommen til mødet" in page.text


def test_the_list_alone(client: TestClient) -> None:
    part = client.get(PAGE, params={"q": "cykelsti", "del": "fund"}).text
    assert part.lstrip().startswith('<div class="found-in" data-query="cykelsti">')
    assert '<a href="?q=cykelsti&amp;t=13#s-13" data-marks="17-27">' in part
    assert client.get(PAGE, params={"del": "fund"}).text.strip() == ""


def test_the_same_answer_is_not_sent_twice(client: TestClient) -> None:
    first = client.get(PAGE, params={"q": "cykelsti"})
    again = client.get(PAGE, params={"q": "cykelsti"}, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_english_pages_find_too(client: TestClient) -> None:
    page = client.get(f"/en{PAGE}", params={"q": "cykelsti"}).text
    assert found(page)
    assert f'action="/en{PAGE}"' in page
