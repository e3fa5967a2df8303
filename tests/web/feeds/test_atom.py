"""Atom: what RFC 4287 asks, whatever is said; ids that stay; pages."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from catalogue import EditKind
from tests.web.conftest import MAIN, SECRETS, Built, edit, silence
from web.atom import Entry, Feed, write_atom
from web.feeds import entries

ATOM = "{http://www.w3.org/2005/Atom}"
BODY = "municipality=Aarhus+Kommune&body=Byr%C3%A5det"
FEEDS = ["/moeder.atom", f"/udvalg.atom?{BODY}", "/sag.atom?nr=25/26257", "/sag.atom?nr=25%2F26257%20"]


def check_feed(root: ElementTree.Element) -> list[ElementTree.Element]:
    """What RFC 4287 demands of a feed (4.1.1) and of its entries (4.1.2). Returns the entries."""
    assert root.tag == f"{ATOM}feed"
    found = root.findall(f"{ATOM}entry")
    for each in (root, *found):
        for name in ("id", "title", "updated"):
            assert len(each.findall(f"{ATOM}{name}")) == 1, name
        assert each.findtext(f"{ATOM}id")
        moment = each.findtext(f"{ATOM}updated") or ""
        assert datetime.fromisoformat(moment).tzinfo is not None
        assert all(author.findtext(f"{ATOM}name") for author in each.findall(f"{ATOM}author"))
        assert each.findall(f"{ATOM}author")
        alternates = [link for link in each.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
    ids = [each.findtext(f"{ATOM}id") for each in found]
    assert len(set(ids)) == len(ids)
    assert len([link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]) == 1
    return found


@pytest.mark.parametrize("path", FEEDS)
def test_feeds_are_valid_and_lead_to_pages(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    found = check_feed(ElementTree.fromstring(answer.content))
    assert found
    for entry in found:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        address = link.get("href", "")
        assert address.startswith("https://arkiv.example/moeder/")
        assert client.get(address.removeprefix("https://arkiv.example")).status_code == 200
    again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


text = st.text(max_size=40)
moments = st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC))


@given(
    st.lists(st.builds(Entry, text, text, moments, text, text, text, st.none() | moments), max_size=3), text
)
def test_any_text_makes_a_document(made: list[Entry], said: str) -> None:
    feed = Feed("urn:x:f", said, said, said, said, tuple(made), subtitle=said, next=said or None)
    root = ElementTree.fromstring(write_atom(feed))
    assert len(root.findall(f"{ATOM}entry")) == len(made)


def test_ids_stay_and_updated_grows_when_a_meeting_changes(own: Built) -> None:
    client = TestClient(own.app)
    before = {path: ElementTree.fromstring(client.get(path).content) for path in FEEDS}
    own.catalogue.add_edit(MAIN, edit(EditKind.CORRECTION, 1.0, 1.9, "Dagsordenen blev godkendt."))
    own.app.state.site.archive._list_until = float("-inf")  # as if the list were a second older
    for path, root in before.items():
        now = ElementTree.fromstring(client.get(path).content)
        assert [e.text for e in now.iter(f"{ATOM}id")] == [e.text for e in root.iter(f"{ATOM}id")]
        assert (now.findtext(f"{ATOM}updated") or "") >= (root.findtext(f"{ATOM}updated") or "")


def test_what_is_withheld_later_leaves_the_feeds_at_once(own: Built) -> None:
    client = TestClient(own.app, raise_server_exceptions=False)
    assert "cykelstien" in client.get("/sag.atom?nr=25/26257").text
    assert "cykelstien" in client.get("/sag?nr=25/26257").text
    own.catalogue.add_edit(MAIN, edit(EditKind.CLOSE, None, None, item="2"))
    for path in ("/sag.atom?nr=25/26257", "/sag?nr=25/26257"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "cykelstien" not in answer.text
        assert "Havnegade" not in answer.text
    assert "Havnegade" not in client.get("/moeder.atom").text
    assert "Havnegade" not in client.get(f"/udvalg.atom?{BODY}").text


def test_redacted_words_leave_the_case_page(own: Built) -> None:
    client = TestClient(own.app)
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 2.0, 3.0))
    silence(own.catalogue, own.catalogue.meeting(MAIN))
    for path in ("/sag.atom?nr=25/26257", "/sag?nr=25/26257"):
        text = client.get(path).text
        assert "to og tre sammen" not in text
        assert "sti er for smal" in text


def test_feeds_are_paged(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "PER_PAGE", 2)
    ids, path = [], "/moeder.atom"
    while path:
        root = ElementTree.fromstring(client.get(path).content)
        ids += [e.findtext(f"{ATOM}id") for e in check_feed(root)]
        links = {link.get("rel"): link.get("href", "") for link in root.findall(f"{ATOM}link")}
        assert links["self"].endswith(path)
        path = links.get("next", "").removeprefix("https://arkiv.example")
    assert len(ids) == len(set(ids)) == 3
    assert client.get("/moeder.atom?page=99").status_code == 200
    assert client.get("/moeder.atom?page=0").status_code == 422
    assert client.get("/moeder.atom?page=x").status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/udvalg.atom", "/udvalg.atom?municipality=Odense", "/udvalg.atom?body=%00", "/podcast.xml?body=nej",
     "/sag.atom", "/sag.atom?nr=nej", "/sag.atom?nr=HEM-77", "/sag.atom?nr=25/26257&municipality=Odense"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_case_page(client: TestClient) -> None:
    page = client.get("/sag?nr=25/26257").text
    assert "Beslutning: <span>Godkendt" in page
    assert f"/moeder/{MAIN}?t=2" in page
    assert "»Vi tager punkt to og tre sammen om cykelstien.«" in page
    assert '<label class="form-label" for="nr">' in client.get("/sag").text
    closed = client.get("/sag?nr=HEM-77")
    assert closed.status_code == 404
    assert "hemmelighed" not in closed.text
    assert "25/26257" in client.get("/en/sag?nr=25/26257").text


def test_bodies_page_leads_to_every_feed(client: TestClient) -> None:
    page = client.get("/udvalg").text
    for secret in SECRETS:
        assert secret not in page
    for address in (f"/udvalg.atom?{BODY}", f"/podcast.xml?{BODY}"):
        assert address.replace("&", "&amp;") in page
        assert client.get(address).status_code == 200
