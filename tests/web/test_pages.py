"""Pages as a reader meets them, without JavaScript."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from catalogue import EditKind, SetBy
from tests.web.conftest import HIDDEN, MAIN, NASTY, STALE, TEXT_ONLY, Built, edit
from web.addresses import outward

PAGES = (
    "/",
    "/soeg",
    "/soeg?q=cykelsti",
    "/moeder",
    "/moeder?municipality=Odense",
    "/om",
    f"/moeder/{MAIN}",
    f"/moeder/{MAIN}?t=3",
    f"/moeder/{TEXT_ONLY}",
    f"/moeder/{STALE}",
    "/findes-ikke",
)


@pytest.mark.parametrize("path", PAGES)
def test_page_has_the_landmarks_a_reader_steers_by(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert '<html lang="da">' in text
    assert text.count("<h1") == 1
    assert text.count("<main") == 1
    assert '<a class="skip" href="#indhold">' in text
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), levels
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'<label[^>]* for="([^"]+)"', text):
        assert target in ids


def test_titles_are_unique(client: TestClient) -> None:
    titles = [re.search(r"<title>(.*?)</title>", client.get(path).text, re.DOTALL) for path in PAGES]
    assert len({title[1] for title in titles if title}) == len(PAGES)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: TestClient) -> None:
    for path in PAGES:
        text = client.get(path).text
        # A block of data is not run, and the policy does not concern it.
        assert not re.search(r'<script(?![^>]*\s(?:src=|type="application/ld\+json"))', text)
        assert not re.search(r"<style|\sstyle=|\son\w+=", text)
        outward_links = set(re.findall(r'<a [^>]*href="([^"]+)" rel="noopener">', text))
        assert all(link.startswith("https://dagsorden.example/") for link in outward_links)
        for address in set(re.findall(r'\b(?:src|href)="([^"]+)"', text)) - outward_links:
            assert address.startswith(("/", "?", "#", "https://arkiv.example/")), address


def test_front_page_counts_and_shows_the_newest(client: TestClient) -> None:
    text = client.get("/").text
    assert "<strong>3</strong> møder" in text
    assert "Møde i Aarhus Byråd" in text
    assert 'name="q"' in text


def test_meetings_can_be_filtered(client: TestClient) -> None:
    text = client.get("/moeder", params={"municipality": "Odense", "year": "2025"}).text
    assert f"/moeder/{TEXT_ONLY}" in text
    assert f"/moeder/{MAIN}" not in text
    assert "Ingen møder passer" in client.get("/moeder", params={"year": "1999"}).text


def test_meeting_says_what_became_of_each_item(client: TestClient) -> None:
    text = client.get(f"/moeder/{MAIN}").text
    for status in ("behandlet", "behandlet samlet", "udgået", "lukket punkt", "ikke fundet i optagelsen"):
        assert f">{status}<" in text
    assert "8 af 9 punkter placeret" in text
    assert "tidspunktet er usikkert" in text
    assert "Punkt 2 og 3</span>" in text
    assert "Lukket punkt" in text


def test_an_item_says_why_it_stands_there_and_what_was_decided(client: TestClient) -> None:
    text = client.get(f"/moeder/{MAIN}").text
    assert (
        '<a class="item-why" href="?t=0#s-0" data-seek>Sagt ved 0:00: <span>»Velkommen til mødet i byrådet.«</span></a>'
        in text
    )
    assert "Beslutning: <span>Godkendt" in text
    assert '<a href="https://dagsorden.example/kort.pdf" rel="noopener">Kort &amp; plan</a>' in text
    assert "<li>Notat</li>" in text
    page = "https://dagsorden.example/punkt/2?a=1&amp;b=2"
    assert f'<a class="item-page" href="{page}" rel="noopener">Punktet hos udgiveren</a>' in text


def test_only_addresses_of_the_web_become_links(client: TestClient) -> None:
    text = client.get(f"/moeder/{MAIN}").text
    assert "javascript:" not in text
    assert "data:text" not in text
    assert "x.example" not in text
    assert text.count("Punktet hos udgiveren") == 1


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://a.dk/b?c=d#e", True),
        ("http://a.dk/bilag/æ.pdf", True),
        ("HTTPS://a.dk/", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.dk/", False),
        ("/x", False),
        ("https:///x", False),
        ("https://[x", False),
        ("https://name:word@a.dk/", False),
        ('https://a.dk/"x', False),
        ("https://a.dk/\u202ex", False),
        ("ftp://a.dk/", False),
        ("", False),
    ],
)
def test_an_address_elsewhere(address: str, link: bool) -> None:
    assert (outward(address) == address) is link


def test_a_long_decision_is_folded(own: Built) -> None:
    agenda = own.catalogue.meeting(TEXT_ONLY).agenda
    said = "Byrådet godkendte. " * 20
    items = (replace(agenda.items[0], outcome=said),)
    own.catalogue.replace_agenda(TEXT_ONLY, replace(agenda, items=items))
    text = TestClient(own.app).get(f"/moeder/{TEXT_ONLY}").text
    assert f'<summary>Beslutning</summary><p class="item-outcome">{said}</p>' in text


def test_who_set_an_items_time_is_said(own: Built) -> None:
    client = TestClient(own.app)
    assert "sat af en person" not in client.get(f"/moeder/{MAIN}").text
    own.catalogue.add_edit(MAIN, edit(EditKind.BOUNDARY, 3.0, None, item="3"))
    own.catalogue.add_edit(MAIN, edit(EditKind.BOUNDARY, None, None, item="7"))
    own.catalogue.add_edit(MAIN, edit(EditKind.BOUNDARY, 9.5, None, item="8"))  # a closed one
    text = client.get(f"/moeder/{MAIN}").text
    assert text.count("sat af en person") == 2
    assert '<span class="status">ikke i optagelsen</span><span class="set-by">sat af en person</span>' in text
    assert "9 af 9 punkter placeret" in text
    items = client.get(f"/api/v1/meetings/{MAIN}").json()["items"]
    assert (items[2]["start"], items[2]["set_by"], items[2]["confidence"]) == (3.0, "person", 0.0)
    assert (items[6]["status"], items[6]["set_by"]) == ("not_found", "person")


def test_the_publishers_own_marks_are_said(own: Built) -> None:
    before = own.catalogue.segmentation(TEXT_ONLY)
    assert before is not None
    marked = replace(before.spans[0], set_by=SetBy.PUBLISHER)
    own.catalogue.save_segmentation(TEXT_ONLY, replace(before, spans=(marked,)))
    assert "fra udgiverens egne mærker" in TestClient(own.app).get(f"/moeder/{TEXT_ONLY}").text


def test_every_public_sentence_is_a_link_to_its_second(client: TestClient) -> None:
    text = client.get(f"/moeder/{MAIN}").text
    assert (
        '<a id="s-0" href="?t=0#s-0" data-start="0" data-end="1">Velkommen til mødet i byrådet.</a>' in text
    )
    assert (
        '<a id="s-13" href="?t=13#s-13" data-start="13" data-end="14">Tak for i aften, cykelstien bliver bygget.</a>'
        in text
    )
    assert text.count('href="?t=') > 8


def test_withheld_time_is_shown_as_withheld(client: TestClient) -> None:
    text = client.get(f"/moeder/{MAIN}").text
    assert text.count("Her er tekst og lyd udeladt") == 2  # 4–6, and 9–11.5 in one stretch
    assert "0:04–0:06" in text
    at_a_withheld_second = client.get(f"/moeder/{MAIN}?t=5.5").text
    assert "Ved 0:05: Her er tekst og lyd udeladt" in at_a_withheld_second
    assert 'aria-current="true"' not in at_a_withheld_second.split('id="tekst"')[1]


def test_corrections_are_marked(client: TestClient) -> None:
    text = client.get(f"/moeder/{MAIN}").text
    assert 'Den nuværende sti er for smal.</a> <span class="corrected">[rettet]</span>' in text


def test_where_the_text_came_from(client: TestClient) -> None:
    assert "Teksten er lavet af talegenkendelse (model base)" in client.get(f"/moeder/{MAIN}").text
    assert "Teksten er udgiverens undertekster" in client.get(f"/moeder/{TEXT_ONLY}").text


def test_server_marks_the_sentence_and_starts_the_player_there(client: TestClient) -> None:
    text = client.get(f"/moeder/{MAIN}?t=1.4").text
    assert '<a id="s-1" aria-current="true" href="?t=1#s-1"' in text
    assert f'<source src="/medie/{MAIN}/1#t=1.4">' in text
    assert "»Dagsordenen er godkendt.«" in text


def test_player_takes_the_recording_that_the_second_lies_in(client: TestClient) -> None:
    text = client.get(f"/moeder/{MAIN}?t=13.5").text
    assert f'<source src="/medie/{MAIN}/2#t=4.5">' in text
    assert f'src="/moeder/{MAIN}/undertekster/2.vtt"' in text
    assert 'href="?t=9" aria-current="true"' in text


@pytest.mark.parametrize(
    "t", ["NaN", "inf", "-1", "-inf", "1e9999", "9" * 400, "", "x", "1_0", "٣", "0x10", "\x00"]
)
def test_a_hostile_second_is_no_trouble(client: TestClient, t: str) -> None:
    assert client.get(f"/moeder/{MAIN}", params={"t": t}).status_code == 200
    assert client.get(f"/moeder/{TEXT_ONLY}", params={"t": t}).status_code == 200


def test_meeting_without_a_recording_can_be_read(client: TestClient) -> None:
    for meeting in (TEXT_ONLY, STALE):
        text = client.get(f"/moeder/{meeting}").text
        assert "Der er ingen optagelse at afspille her" in text
        assert "<video" not in text
        assert 'class="controls"' not in text


@pytest.mark.parametrize(
    "path", ["/nej", "/moeder/nej", f"/moeder/{HIDDEN}", "/moeder/%00", "/moeder/%2e%2e%2fx"]
)
def test_what_is_not_there_is_told_in_danish(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Siden findes ikke" in answer.text


def test_feed_of_the_newest_meetings(client: TestClient) -> None:
    answer = client.get("/moeder.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(answer.content)
    entries = root.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}id") for entry in entries] == [
        f"urn:talerstolen:{meeting}" for meeting in (MAIN, TEXT_ONLY, STALE)
    ]
    assert entries[1].findtext(f"{atom}title") == f"Møde om {NASTY}"
    assert entries[0].findtext(f"{atom}published") == "2025-10-08T00:00:00Z"


def test_head_is_answered(client: TestClient) -> None:
    for path in PAGES[:-1]:
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b""), path


def test_downloads_are_linked(client: TestClient) -> None:
    text = client.get(f"/moeder/{MAIN}").text
    for format in ("vtt", "srt", "txt", "json"):
        link = f"/api/v1/meetings/{MAIN}/transcript?format={format}"
        assert link in text
        assert client.get(link).status_code == 200


def test_pages_are_not_sent_twice(client: TestClient) -> None:
    for path in ("/", "/om", f"/moeder/{MAIN}", f"/api/v1/meetings/{MAIN}", "/static/css/talerstolen.css"):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b""), path
    first = client.get(f"/moeder/{MAIN}").headers["etag"]
    assert client.get(f"/moeder/{MAIN}?t=3").headers["etag"] != first


def test_long_pages_are_compressed(client: TestClient) -> None:
    assert (
        client.get(f"/moeder/{MAIN}", headers={"accept-encoding": "gzip"}).headers["content-encoding"]
        == "gzip"
    )
