"""The same search as feed, as files and over time: what is in them, and what never is."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from catalogue import EditKind
from search import SearchEngine, SearchRequest, SearchResult, open_engine
from tests.web.conftest import MAIN, SECRETS, TEXT_ONLY, Built, edit
from web import create_app
from web.archive import Archive

ATOM = "{http://www.w3.org/2005/Atom}"
EVERYTHING = (
    "/soeg.atom",
    "/soeg.csv?context=60",
    "/soeg.json?context=60",
    "/api/v1/frequency",
    "/soeg/over-tid",
)


def rows(client: TestClient, query: str) -> list[dict[str, str]]:
    text = client.get(f"/soeg.csv?{query}").text
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def entries(client: TestClient, query: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(client.get(f"/soeg.atom?{query}").content).findall(f"{ATOM}entry")


@pytest.mark.parametrize("path", EVERYTHING)
@pytest.mark.parametrize("query", ["", "vi", "en", *SECRETS])
def test_nothing_withheld_is_in_any_of_them(client: TestClient, path: str, query: str) -> None:
    answer = client.get(path, params={"q": query, "context": "60"})
    assert answer.status_code == 200
    shown = answer.text.lower().replace(query.lower(), "") if query else answer.text.lower()
    assert not [secret for secret in SECRETS if secret in shown]


def test_a_row_has_its_words_its_surroundings_and_its_link(client: TestClient) -> None:
    (row,) = rows(client, "q=bænke&context=0")
    assert row["Tekst"] == row["Sammenhæng"] == "Havnen skal have flere bænke."
    assert (row["Dato"], row["Taler"], row["Fra sekund"]) == ("2025-10-08", "Bo Lund (V)", "7")
    assert row["Link"] == f"https://arkiv.example/moeder/{MAIN}?t=7"
    (wide,) = rows(client, "q=bænke&context=60")
    assert wide["Sammenhæng"].startswith("Velkommen til mødet")
    assert " […] " in wide["Sammenhæng"]
    assert "Den nuværende sti" in wide["Sammenhæng"]


def test_json_says_the_same(client: TestClient) -> None:
    answer = client.get("/soeg.json", params={"q": "bænke", "context": "1"}).json()
    assert (answer["total"], answer["rows"], answer["complete"], answer["relaxed"]) == (1, 1, True, False)
    (hit,) = answer["hits"]
    assert hit["text"] == "Havnen skal have flere bænke."
    assert hit["context"]["start"] == 6.0
    assert hit["url"] == f"https://arkiv.example/moeder/{MAIN}?t=7"
    relaxed = client.get("/soeg.json", params={"q": "bænke kvadratrodsbrøk"}).json()
    assert relaxed["relaxed"]
    assert relaxed["dropped"] == ["kvadratrodsbrøk"]


def test_what_is_withdrawn_or_corrected_after_indexing_is_in_no_file(own: Built) -> None:
    client = TestClient(own.app)
    assert len(rows(client, "q=bænke")) == len(entries(client, "q=bænke")) == 1
    own.catalogue.add_edit(MAIN, edit(EditKind.CORRECTION, 7.2, 7.8, "Havnen skal have flere stole."))
    for answer in (
        client.get(path, params={"q": "bænke"}) for path in ("/soeg.csv", "/soeg.json", "/soeg.atom")
    ):
        assert "flere bænke" not in answer.text
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 7.2, 7.8))
    assert not rows(client, "q=bænke")
    assert not entries(client, "q=bænke")
    over_time = client.get("/api/v1/frequency", params={"q": "bænke"}).json()
    assert (over_time["places"], over_time["seconds"]) == (0, 0)


@pytest.mark.parametrize("bad", ["context=61", "context=-1", "context=x", "from=nej", "sort=nej"])
def test_what_cannot_be_read_is_refused(client: TestClient, bad: str) -> None:
    for path in ("/soeg.csv", "/soeg.json"):
        assert client.get(f"{path}?q=vi&{bad}").status_code == 422
    assert client.get(f"/soeg.json?q=vi&{bad}").json()["error"]["code"] == "invalid_request"


def test_the_page_leads_to_all_of_them(client: TestClient) -> None:
    text = client.get(
        "/soeg", params={"q": "cykelstien", "body": "Byrådet", "sort": "oldest", "page": "1"}
    ).text
    same = "q=cykelstien&amp;body=Byr%C3%A5det"
    assert f'<link rel="alternate" type="application/atom+xml" href="/soeg.atom?{same}"' in text
    for href in (
        f"/soeg.atom?{same}",
        f"/soeg.csv?{same}&amp;sort=oldest",
        f"/soeg/over-tid?{same}&amp;sort=oldest",
    ):
        assert f'<a href="{href}"' in text
        assert client.get(html.unescape(href)).status_code == 200


def test_a_feed_is_one(client: TestClient) -> None:
    root = ElementTree.fromstring(client.get("/soeg.atom?q=cykelstien&sort=oldest&per_page=3").content)
    assert (root.findtext(f"{ATOM}title") or "").startswith("»cykelstien« – ")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == links["first"] == "https://arkiv.example/soeg.atom?q=cykelstien"
    assert root.findtext(f"{ATOM}id") == links["self"]
    found = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in found]
    assert len(ids) == len(set(ids)) > 1
    assert all(re.fullmatch(rf"urn:talerstolen:{MAIN}:\d+", each) for each in ids)
    for entry in found:
        assert entry.findtext(f"{ATOM}updated") == "2025-10-08T00:00:00Z"
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert (link.get("href") or "").startswith(f"https://arkiv.example/moeder/{MAIN}?t=")


def test_who_follows_words_is_not_told_of_others(client: TestClient) -> None:
    assert entries(client, "q=cykelstien+kvadratrodsbrøk") == []


def test_a_feed_has_pages(built: Built) -> None:
    real = open_engine(built.settings)

    class Many:
        """The real engine, which says that there are more."""

        def search(self, request: SearchRequest) -> SearchResult:
            return replace(real.search(replace(request, page=1)), total=120, page=request.page)

    engine: SearchEngine = Many()  # type: ignore[assignment]
    client = TestClient(create_app(built.settings, built.catalogue, built.store, engine))
    root = ElementTree.fromstring(client.get("/soeg.atom?q=vi&page=2").content)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert [links[rel] for rel in ("self", "previous", "next")] == [
        f"https://arkiv.example/soeg.atom?q=vi{page}" for page in ("&page=2", "", "&page=3")
    ]


def test_over_time_counts_what_was_said(client: TestClient) -> None:
    answer: dict[str, Any] = client.get("/api/v1/frequency", params={"q": "havnen"}).json()
    (october,) = [m for m in answer["months"] if m["month"] == "2025-10"]
    assert (october["places"], october["seconds"], october["meetings"]) == (1, 1.0, 1)
    assert october["share"] == pytest.approx(october["seconds"] / october["spoken"], rel=1e-6)
    assert [m["month"] for m in answer["months"]] == [f"2025-{n:02}" for n in range(6, 11)]
    assert [m["meetings"] for m in answer["months"]] == [1, 0, 0, 1, 1]
    # Eleven seconds are spoken in public on the one meeting, six and four on the others.
    assert answer["spoken"] == sum(m["spoken"] for m in answer["months"])
    page = client.get("/soeg/over-tid", params={"q": "havnen"}).text
    assert "ingen møder" in page
    assert '<svg class="chart"' in page
    assert "style=" not in page
    assert 'href="/soeg?q=havnen&amp;from=2025-10-01&amp;to=2025-10-31"' in page


def test_a_title_alone_is_not_said(client: TestClient) -> None:
    assert client.get("/api/v1/search", params={"q": "museets åbningstider"}).json()["total"]
    assert client.get("/api/v1/frequency", params={"q": "åbningstider"}).json()["places"] == 0


def test_filters_hold_over_time(client: TestClient) -> None:
    answer = client.get("/api/v1/frequency", params={"q": "museet", "meeting": TEXT_ONLY}).json()
    assert (answer["meetings"], answer["spoken"], answer["places"]) == (1, 6.0, 1)
    assert not client.get("/api/v1/frequency", params={"q": "museet", "from": "2025-10-01"}).json()["places"]


@pytest.mark.parametrize("waiting", [frozenset(), frozenset({MAIN})])
def test_more_than_can_be_read_is_counted_and_estimated(
    built: Built, monkeypatch: pytest.MonkeyPatch, waiting: frozenset[str]
) -> None:
    monkeypatch.setattr("web.searching.frequency.MOST_READ", 1)
    monkeypatch.setattr(Archive, "waiting", lambda self: waiting)
    app = create_app(built.settings, built.catalogue, built.store, open_engine(built.settings))
    answer = TestClient(app).get("/api/v1/frequency", params={"q": "havnen"}).json()
    assert answer["estimated"]
    counted = {m["month"]: m["places"] for m in answer["months"]}
    indexed = TestClient(app).get("/api/v1/search?q=havnen&from=2025-10-01").json()["total"]
    assert counted["2025-10"] == (0 if waiting else indexed)
    assert 0 <= answer["share"] <= 1


def test_with_the_engine_away_it_is_said(built: Built) -> None:
    from tests.web.test_search import Down

    engine: SearchEngine = Down()  # type: ignore[assignment]
    client = TestClient(create_app(built.settings, built.catalogue, built.store, engine))
    for path in ("/soeg", "/soeg/over-tid", "/soeg.csv", "/soeg.json", "/soeg.atom", "/api/v1/frequency"):
        answer = client.get(path, params={"q": "vi"})
        assert answer.status_code == 503, path
        assert "10.0.0.7" not in answer.text
    page = client.get("/soeg", params={"q": "vi"}).text
    assert "Bladr i alle møder" in page
    assert f'href="/moeder/{MAIN}"' in page
