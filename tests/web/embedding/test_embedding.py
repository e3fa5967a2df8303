"""Frames on other sites, their code, and oEmbed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import unescape
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from catalogue import EditKind
from tests.web.conftest import HIDDEN, MAIN, NASTY, TEXT_ONLY, Built, edit
from web.embedding.oembed import _named
from web.security import HEADERS

SITE = "https://arkiv.example"
FRAME = f"/indlejret/{MAIN}"


def ask(client: TestClient, address: str, more: str = "") -> object:
    return client.get(f"/oembed?url={quote(address, safe='')}{more}")


def test_a_frame_may_stand_anywhere_and_everything_else_only_here(client: TestClient) -> None:
    answer = client.get(f"{FRAME}?fra=6&til=8")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert policy.replace("frame-ancestors *", "frame-ancestors 'self'") == HEADERS["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    for path in ("/", f"/moeder/{MAIN}", f"/moeder/{MAIN}/klip", f"/moeder/{MAIN}/indlejr", "/oembed"):
        assert "frame-ancestors 'self'" in client.get(path).headers["content-security-policy"]
    again = client.get(f"{FRAME}?fra=6&til=8", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "frame-ancestors *" in again.headers["content-security-policy"]


def test_a_stretch_has_its_words_and_times(client: TestClient) -> None:
    page = client.get(f"{FRAME}?fra=6&til=8").text
    assert f'src="/medie/{MAIN}/1#t=6,8"' in page and 'data-stop="8"' in page
    assert "Havnen skal have flere bænke." in page
    assert "Velkommen" not in page
    assert f'href="{SITE}/moeder/{MAIN}?t=6"' in page
    assert "<script>" not in page
    other = client.get(f"{FRAME}?fra=12&til=14").text
    assert f'src="/medie/{MAIN}/2#t=3,5"' in other


def test_an_item_a_second_and_the_whole_meeting(client: TestClient) -> None:
    item = client.get(f"{FRAME}?punkt=2").text
    assert "Cykelsti langs Havnegade &amp; Åboulevarden" in item and "cykelstien" in item
    assert "Her er tekst og lyd udeladt" in item  # some of it is redacted
    second = client.get(f"{FRAME}?t=6").text
    assert 'src="/medie/' in second and "#t=6" in second and "bænke" in second
    whole = client.get(FRAME).text
    assert "punkt=2" in whole and "bænke" not in whole
    for closed in (4, 8, 99, "x", "-1"):
        assert client.get(f"{FRAME}?punkt={closed}").text == whole


def test_a_frame_without_a_recording_can_be_read(client: TestClient) -> None:
    page = client.get(f"/indlejret/{TEXT_ONLY}?fra=0&til=4").text
    assert "Museet holder åbent om søndagen." in page
    assert "<video" not in page and "<audio" not in page and NASTY not in page


def test_a_frame_follows_what_is_withheld(own: Built) -> None:
    client = TestClient(own.app)
    first = client.get(f"{FRAME}?fra=6&til=8")
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 7.0, 7.5))
    again = client.get(f"{FRAME}?fra=6&til=8", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 200
    assert "bænke" not in again.text


def test_nothing_in_a_frame_comes_from_elsewhere(client: TestClient) -> None:
    page = client.get(f"{FRAME}?fra=0&til=3").text
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert address.startswith(("/", SITE)), address
    assert 'target="_blank" rel="noopener"' in page


def test_the_code_can_be_copied(client: TestClient) -> None:
    page = client.get(f"/moeder/{MAIN}/indlejr?fra=6&til=8")
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    code = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)[1])  # type: ignore[index]
    assert f'<iframe src="{SITE}{FRAME}?fra=6&amp;til=8"' in code
    assert client.get(f"/moeder/{MAIN}/indlejr?punkt=2&begynder=&slutter=").text.count("selected") == 1
    typed = client.get(f"/moeder/{MAIN}/indlejr?punkt=&begynder=0.06&slutter=0:08").text
    assert f"{FRAME}?fra=6&amp;amp;til=8" in typed
    assert NASTY not in client.get(f"/moeder/{TEXT_ONLY}/indlejr").text


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        (f"{SITE}/moeder/{MAIN}", FRAME),
        (f"{SITE}/moeder/{MAIN}?t=6", f"{FRAME}?t=6"),
        (f"http://arkiv.example/moeder/{MAIN}?t=6#s-7.5", f"{FRAME}?t=6"),
        (f"{SITE}/moeder/{MAIN}#s-7", f"{FRAME}?t=7"),
        (f"{SITE}/moeder/{MAIN}#punkt-2", f"{FRAME}?punkt=2"),
        (f"{SITE}/moeder/{MAIN}/citat?fra=6&til=8&v=abc", f"{FRAME}?fra=6&til=8"),
        (f"{SITE}/moeder/{MAIN}/klip?fra=6&til=8", f"{FRAME}?fra=6&til=8"),
        (f"{SITE}/en/moeder/{MAIN}?t=6", f"/en{FRAME}?t=6"),
        (f"{SITE}{FRAME}?punkt=2", f"{FRAME}?punkt=2"),
    ],
)
def test_oembed_knows_the_pages(client: TestClient, address: str, frame: str) -> None:
    body = client.get("/oembed", params={"url": address}).json()
    assert body["version"] == "1.0"
    assert body["type"] == "video"
    assert body["provider_url"] == f"{SITE}/"
    assert (body["width"], body["height"]) == (640, 480)
    source = re.search(r'src="([^"]+)"', body["html"])
    assert source and unescape(source[1]) == SITE + frame


def test_oembed_minds_sizes_and_says_the_same_in_xml(client: TestClient) -> None:
    address = f"{SITE}/moeder/{MAIN}?t=6"
    small = client.get("/oembed", params={"url": address, "maxwidth": "320", "maxheight": "240"}).json()
    assert (small["width"], small["height"]) == (320, 240)
    assert 'width="320" height="240"' in small["html"]
    answer = client.get(
        "/oembed", params={"url": address, "format": "xml", "maxwidth": "320", "maxheight": "240"}
    )
    assert answer.headers["content-type"].startswith("text/xml")
    root = ET.fromstring(answer.text)
    assert root.tag == "oembed"
    assert {child.tag: child.text for child in root} == {name: str(value) for name, value in small.items()}
    text = client.get("/oembed", params={"url": f"{SITE}/moeder/{TEXT_ONLY}", "format": "xml"})
    assert NASTY in (ET.fromstring(text.text).findtext("title") or "")
    assert client.get("/oembed", params={"url": f"{SITE}/moeder/{TEXT_ONLY}"}).json()["type"] == "rich"


@pytest.mark.parametrize(
    "address",
    [
        "", "x", "https://evil.example/moeder/" + MAIN, f"https://arkiv.example.evil/moeder/{MAIN}", f"//arkiv.example/moeder/{MAIN}",
        f"javascript://arkiv.example/moeder/{MAIN}", f"{SITE}/", f"{SITE}/soeg?q=x", f"{SITE}/moeder/{HIDDEN}", f"{SITE}/moeder/nej",
        f"{SITE}/moeder/%2e%2e%2f", f"https://x@arkiv.example/moeder/{MAIN}", f"{SITE}/moeder/{MAIN}/x", "http://[", SITE + "/" + "a" * 5000,
    ],
)  # fmt: skip
def test_oembed_of_other_addresses_is_not_found(client: TestClient, address: str) -> None:
    assert client.get("/oembed", params={"url": address}).status_code == 404


def test_oembed_refuses_what_it_does_not_speak(client: TestClient) -> None:
    address = f"{SITE}/moeder/{MAIN}"
    assert client.get("/oembed", params={"url": address, "format": "yaml"}).status_code == 501
    assert client.get("/oembed", params={"url": address, "maxwidth": "x"}).status_code == 422
    huge = client.get("/oembed", params={"url": address, "maxwidth": "999999999", "maxheight": "1"}).json()
    assert (huge["width"], huge["height"]) == (640, 200)


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_any_address_is_ours_or_none(address: str) -> None:
    for tried in (address, SITE + "/moeder/" + address, SITE + address):
        found = _named(tried, SITE)
        assert found is None or found.meeting


def test_pages_tell_where_their_code_is(client: TestClient) -> None:
    page = client.get(f"/moeder/{MAIN}?t=6").text
    found = re.findall(r'<link rel="alternate" type="([a-z/+]+oembed)" href="([^"]+)"', page)
    assert [kind for kind, _ in found] == ["application/json+oembed", "text/xml+oembed"]
    for _, address in found:
        assert client.get(unescape(address).removeprefix(SITE)).status_code == 200
