"""Search on the page and in the API, over the real embedded engine."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from catalogue import Agenda, AgendaItem, EditKind, EngineError
from search import Group, SearchEngine, SearchRequest, SearchResult, open_engine
from tests.web.conftest import HIDDEN, ITEMS, MAIN, SECRETS, TEXT_ONLY, Built, edit, settle
from web import create_app
from web.searching.filters import NAMES_READ
from web.searching.snippet import Piece, snippet


class Down:
    """A search engine that does not answer."""

    def search(self, request: SearchRequest) -> SearchResult:
        raise EngineError("connection refused", where="http://10.0.0.7:7700", remedy="Start it.")

    def check(self) -> str:
        raise EngineError("connection refused", where="http://10.0.0.7:7700", remedy="Start it.")


def test_hits_lead_to_the_second(client: TestClient) -> None:
    text = client.get("/soeg", params={"q": "cykelstien"}).text
    assert re.search(rf'href="/moeder/{MAIN}\?t=[\d.]+#s-[\d.]+"', text)
    assert re.search(r"<mark>\w*cykelstien?</mark>|<mark>cykelsti", text)
    assert "Møde i Aarhus Byråd" in text
    assert "8. oktober 2025" in text


def test_links_of_hits_are_sentences_of_the_page(client: TestClient) -> None:
    text = client.get("/soeg", params={"q": "museet"}).text
    href = re.search(r'class="entry-title"><a href="([^"]+)"', text)
    assert href
    path, anchor = html.unescape(href[1]).split("#")
    page = client.get(path).text
    assert f'id="{anchor}" aria-current="true"' in page


def test_facets_narrow_and_can_be_taken_away(client: TestClient) -> None:
    text = client.get("/soeg", params={"q": "møde", "municipality": "Aarhus Kommune"}).text
    assert 'href="/soeg?q=m%C3%B8de"' in text
    assert "Kommune: Aarhus Kommune" in text
    assert '<input type="hidden" name="municipality" value="Aarhus Kommune">' in text


def test_a_year_narrows_and_can_be_taken_away(client: TestClient) -> None:
    text = client.get("/soeg", params={"q": "cykelstien"}).text
    assert 'href="/soeg?q=cykelstien&amp;from=2025-01-01&amp;to=2025-12-31"' in text
    narrowed = client.get("/soeg?q=cykelstien&from=2025-01-01&to=2025-12-31").text
    assert 'href="/soeg?q=cykelstien" rel="nofollow" aria-current="true"' in narrowed


def test_relaxed_search_says_so(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "cykelstien kvadratrodsbrøk"}).json()
    assert answer["relaxed"] is True
    text = client.get("/soeg", params={"q": "cykelstien kvadratrodsbrøk"}).text
    assert "»kvadratrodsbrøk«" in text
    assert "Intet sted passer på hele søgningen" in text


def test_a_place_can_be_heard_where_it_stands(client: TestClient) -> None:
    text = client.get("/soeg", params={"q": "bænke"}).text
    button = re.search(r'<button class="play-here"[^>]*>', text)
    assert button
    for said in (
        "hidden",
        f'data-source="/medie/{MAIN}/1"',
        'data-start="7"',
        'data-end="8"',
        'data-kind="video"',
    ):
        assert said in button[0]
    assert f'href="/moeder/{MAIN}?t=7#s-7"' in text  # without JavaScript the link is what there is
    second = client.get("/soeg", params={"q": "eventuelt", "meeting": MAIN}).text
    assert re.search(rf'data-source="/medie/{MAIN}/2"[^>]* data-start="3"', second)


def test_what_cannot_be_played_has_no_button(client: TestClient) -> None:
    for query in ("museet", "havnefronten"):  # without a recording; with one that has other time silenced
        text = client.get("/soeg", params={"q": query}).text
        assert 'class="found"' in text
        assert '<button class="play-here' not in text


def test_a_strip_shows_where_in_the_meeting_it_was_said(client: TestClient) -> None:
    text = client.get("/soeg", params={"q": "bænke"}).text
    strip = re.search(r'<svg class="strip-line".*?</svg>', text, re.DOTALL)
    assert strip
    assert "Sagt ved 0:07 i et møde på 17 sekunder" in strip[0]
    assert f'<a href="/moeder/{MAIN}?t=7" aria-label="Gå til 0:07">' in strip[0]
    assert "style" not in strip[0]


def test_each_filter_can_be_taken_away(client: TestClient) -> None:
    query = "q=cykelstien&body=Byr%C3%A5det&speaker=Borgmesteren&from=2025-01-01&to=2025-11-30&sort=oldest"
    text = client.get(f"/soeg?{query}").text
    gone = {"body=Byr%C3%A5det", "speaker=Borgmesteren", "from=2025-01-01", "to=2025-11-30"}
    chips = [html.unescape(href) for href in re.findall(r'<a class="chip" href="([^"]+)"', text)]
    assert len(chips) == len(gone)
    assert {part for part in gone for chip in chips if part not in chip} == gone
    assert all("sort=oldest" in chip and "q=cykelstien" in chip for chip in chips)
    assert "Fra og med: 1. januar 2025" in text
    assert '<a class="chip chip-all" href="/soeg?q=cykelstien">' in text


def test_where_filters_leave_nothing_the_way_out_is_shown(client: TestClient) -> None:
    text = client.get("/soeg", params={"q": "bænke", "municipality": "Odense", "body": "Byrådet"}).text
    assert "Intet fundet" in text
    found = client.get("/api/v1/search", params={"q": "bænke"}).json()["total"]
    assert f'<a class="chip" href="/soeg?q=b%C3%A6nke">Uden afgrænsninger: {found} sted</a>' in text
    assert "Uden kommune »Odense«: 1 sted" in text
    assert "Uden udvalg" not in text  # there is nothing either


def test_words_to_try_are_out_of_the_archive(client: TestClient) -> None:
    text = client.get("/soeg").text
    words = re.findall(r'<a class="chip" href="/soeg\?q=[^"]+">([^<]+)</a>', text)
    assert words
    for word in words:
        assert client.get("/api/v1/search", params={"q": word}).json()["total"]
    assert not [word for word in words if word in SECRETS]


def test_what_is_wrong_in_an_address_is_named_and_left_out(client: TestClient) -> None:
    page = client.get("/soeg?q=vi&body=Byr%C3%A5det&from=nej&page=4")
    assert page.status_code == 422
    assert "Datoen »Fra og med« kan ikke læses" in page.text
    assert 'href="/soeg?q=vi&amp;body=Byr%C3%A5det"' in page.text


def test_the_page_is_there_in_english(client: TestClient) -> None:
    text = client.get("/en/soeg", params={"q": "cykelstien"}).text
    leading = re.findall(r'href="(/[^"]*)"', text)
    assert [href for href in leading if href.startswith("/en/moeder/")]
    assert not [href for href in leading if href.startswith(("/soeg?q=cykelstien&", "/moeder/aarhus"))]


def test_nothing_found_helps(client: TestClient) -> None:
    text = client.get("/soeg", params={"q": "xylofonkvintet"}).text
    assert "Der blev ikke fundet noget" in text
    assert "Sådan søger du" in text


def test_engine_down_is_said_plainly(built: Built) -> None:
    engine: SearchEngine = Down()  # type: ignore[assignment]
    client = TestClient(create_app(built.settings, built.catalogue, built.store, engine))
    page = client.get("/soeg", params={"q": "cykel"})
    assert page.status_code == 503
    assert "Søgningen svarer ikke lige nu" in page.text
    answer = client.get("/api/v1/search", params={"q": "cykel"})
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "unavailable"
    health = client.get("/sundhed")
    assert (health.status_code, health.json()["search"]) == (503, "down")
    for each in (page, answer, health):
        assert "10.0.0.7" not in each.text
    assert client.get("/").status_code == 200


def test_api_answers_as_promised(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "cykelstien"}).json()
    assert {"query", "total", "page", "hits", "facets", "relaxed"} <= answer.keys()
    assert answer["total"] >= 1
    assert answer["relaxed"] is False
    hit = answer["hits"][0]
    assert hit.keys() == {
        "meeting",
        "item",
        "speaker",
        "start",
        "end",
        "text",
        "highlights",
        "missing",
        "why",
        "url",
    }
    assert (answer["groups"], answer["group_total"], hit["why"]) == ([], None, [])
    assert hit["meeting"].keys() == {"id", "title", "date", "body", "municipality"}
    assert hit["url"].startswith(f"https://arkiv.example/moeder/{MAIN}?t=")
    marked = [hit["text"][a:b].lower() for a, b in hit["highlights"]]
    assert any("cykelsti" in word for word in marked)
    assert all(value.keys() == {"value", "count"} for values in answer["facets"].values() for value in values)


def test_groups_hold_their_hits_and_count_the_rest(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "", "grouped": "true", "per_page": 100}).json()
    assert answer["hits"] == []
    assert answer["total"] == sum(group["total"] for group in answer["groups"])
    assert answer["group_total"] == len(answer["groups"])
    for group in answer["groups"]:
        alone = client.get("/api/v1/search", params={"q": "", "section": group["section"]}).json()
        assert alone["total"] == group["total"]
        assert {hit["url"] for hit in group["hits"]} <= {hit["url"] for hit in alone["hits"]}
        assert all(hit["item"] == group["item"] for hit in alone["hits"])


def test_the_page_shows_items_with_their_places(client: TestClient) -> None:
    text = client.get("/soeg", params={"q": "cykelstien"}).text
    items = re.findall(r'<li class="found">.*?</h3>', text, re.DOTALL)
    assert any("<mark>Cykelsti</mark> langs Havnegade" in item for item in items)
    assert re.search(r"\d+ steder? fundet i \d+ punkt", text)


def test_more_of_an_item_are_a_link_away(built: Built) -> None:
    real = open_engine(built.settings)

    class Many:
        """The real engine, of which a group holds one hit."""

        def search(self, request: SearchRequest) -> SearchResult:
            result = real.search(request)
            return replace(result, groups=tuple(Group(g.total + 4, g.hits[:1]) for g in result.groups))

    engine: SearchEngine = Many()  # type: ignore[assignment]
    client = TestClient(create_app(built.settings, built.catalogue, built.store, engine))
    text = client.get("/soeg", params={"q": "cykelstien", "body": "Byrådet"}).text
    more = re.search(r'<a href="([^"]+)">\+\d+ flere steder', text)
    assert more
    alone = client.get(html.unescape(more[1])).text
    assert re.search(r"Fjern </span>Punkt: \w.* \(Møde i Aarhus Byråd\)", alone)
    assert alone.count('<li class="found">') == 1
    assert "Fjern </span>Udvalg: Byrådet" in alone


def test_an_item_that_is_closed_has_no_name_in_a_filter(client: TestClient) -> None:
    for position in range(len(ITEMS) + 1):
        text = client.get("/soeg", params={"q": "møde", "section": f"{MAIN}/{position}"}).text
        assert not [secret for secret in SECRETS if secret in text.lower()]


def test_chips_are_named_without_reading_a_meeting(
    built: Built, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: str) -> None:
        raise AssertionError("a whole meeting is read")

    monkeypatch.setattr(built.app.state.site.archive, "meeting", read)
    many = [f"{MAIN}/{n}" for n in range(1, 41)]
    asked = {"q": "møde", "meeting": [MAIN, HIDDEN, "../x"], "section": many}
    text = client.get("/soeg", params=asked).text
    assert "Møde: Møde i Aarhus Byråd" in text
    assert f"Møde: {HIDDEN}" in text and "Møde: ../x" in text
    assert "Punkt: Godkendelse af dagsorden (Møde i Aarhus Byråd)" in text
    assert text.count("(Møde i Aarhus Byråd)") == NAMES_READ
    assert f"Punkt: {MAIN}/40" in text
    assert not [secret for secret in SECRETS if secret in text.lower()]


def test_why_is_said_when_asked(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "cykelstier", "why": "true"}).json()
    ways = {
        (reason["typed"], reason["found"], reason["way"]) for hit in answer["hits"] for reason in hit["why"]
    }
    assert ("cykelstier", "cykelstien", "form") in ways
    quiet = client.get("/soeg", params={"q": "cykelstier"}).text
    told = client.get("/soeg", params={"q": "cykelstier", "why": "true"}).text
    assert "er en anden form af »cykelstier«" in told
    assert "er en anden form af" not in quiet
    assert 'href="/soeg?q=cykelstier&amp;why=true"' in quiet
    assert 'href="/soeg?q=cykelstier"' in told


def test_what_is_withdrawn_after_indexing_is_in_no_group(own: Built) -> None:
    client = TestClient(own.app)
    asked = {"q": "cykelstien", "grouped": "true"}
    before = client.get("/api/v1/search", params=asked).json()
    first = before["groups"][0]["hits"][0]
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, first["start"], first["end"]))
    settle(own.catalogue)  # as where it comes while the engine searches
    after = client.get("/api/v1/search", params=asked).json()
    assert first["url"] not in [hit["url"] for group in after["groups"] for hit in group["hits"]]
    assert after["total"] < before["total"]
    assert not any(after["facets"].values())


def test_api_filters_by_meeting(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": "", "meeting": TEXT_ONLY}).json()
    assert {hit["meeting"]["id"] for hit in answer["hits"]} == {TEXT_ONLY}


def test_bad_parameters_are_refused(client: TestClient) -> None:
    for params in ({"from": "i går"}, {"to": "2025-02-30"}, {"page": "-1"}, {"page": "0"}, {"per_page": "1e9"},
                   {"per_page": "999999"}, {"sort": "tilfældig"}):  # fmt: skip
        answer = client.get("/api/v1/search", params={"q": "møde", **params})
        assert answer.status_code == 422, params
        assert answer.json()["error"].keys() == {"code", "message", "detail"}
        page = client.get("/soeg", params={"q": "møde", **params})
        assert page.status_code == 422, params
        assert "Søgningen kan ikke læses" in page.text


NAMES = st.sampled_from(
    [
        "q",
        "municipality",
        "body",
        "speaker",
        "party",
        "item",
        "meeting",
        "from",
        "to",
        "sort",
        "page",
        "per_page",
        "t",
    ]
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ['"', "-", '-"', "<script>", "a" * 3000, "AND OR NOT", "*", "\\", "2025-13-01", "NaN", "1e400"]
    ),
    st.integers(-(10**20), 10**20).map(str),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_no_query_string_breaks_it(built: Built, params: list[tuple[str, str]]) -> None:
    client = TestClient(built.app, raise_server_exceptions=True)
    query = urlencode([(name, value.encode("utf-8", "replace")) for name, value in params])
    for path in ("/soeg", "/api/v1/search", "/moeder", "/api/v1/meetings", f"/moeder/{MAIN}"):
        assert client.get(f"{path}?{query}").status_code in (200, 414, 422), path


@given(st.text(max_size=1200), st.lists(st.tuples(st.integers(-5, 1300), st.integers(-5, 1300)), max_size=6))
def test_a_snippet_is_the_text_itself(text: str, highlights: list[tuple[int, int]]) -> None:
    pieces = snippet(text, highlights)
    shown = "".join(piece.text for piece in pieces if piece not in (Piece("… "), Piece(" …")))
    assert shown in text
    assert len(shown) <= 420


def test_what_is_withdrawn_is_not_found_before_the_next_run(own: Built) -> None:
    client = TestClient(own.app)

    def found() -> dict[str, Any]:
        answer: dict[str, Any] = client.get("/api/v1/search", params={"q": "bænke"}).json()
        assert ("Havnen skal have flere" in client.get("/soeg", params={"q": "bænke"}).text) == bool(
            answer["hits"]
        )
        return answer

    before = found()
    assert before["total"] == 1
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 50.0, 60.0))
    settle(own.catalogue)
    assert found() == before
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 7.5, 7.6))
    settle(own.catalogue)  # as where it comes while the engine searches: the outbox was read before
    after = found()
    assert (after["total"], after["hits"]) == (0, [])
    assert not any(after["facets"].values())
    assert after["facets"].keys() == before["facets"].keys()


def test_a_meeting_that_is_not_public_any_more_is_not_found(own: Built) -> None:
    client = TestClient(own.app)
    assert client.get("/api/v1/search", params={"q": "museet"}).json()["hits"]
    own.catalogue.replace_agenda(TEXT_ONLY, Agenda((AgendaItem("1", "Andet"),)))
    assert not client.get("/api/v1/search", params={"q": "museet"}).json()["hits"]


def test_a_snippet_shows_its_first_mark() -> None:
    text = "ord " * 300 + "cykelsti" + " ord" * 300
    pieces = snippet(text, [(1200, 1208)])
    assert Piece("cykelsti", marked=True) in pieces
    assert pieces[0] == Piece("… ")
