"""The podcasts: every enclosure is there, of the size and kind that the feed says; chapters; nothing withheld."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from PIL import Image
from starlette.testclient import TestClient

from catalogue import EditKind
from tests.web.conftest import MAIN, SECRETS, STALE, Built, edit
from web.static_files import STATIC

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
FEED = "/podcast.xml?municipality=Aarhus+Kommune&body=Byr%C3%A5det"
HERE = "https://arkiv.example"


def items_of(client: TestClient, path: str = FEED) -> list[ElementTree.Element]:
    return ElementTree.fromstring(client.get(path).content).findall("channel/item")


def test_channel_has_what_directories_ask(client: TestClient) -> None:
    answer = client.get(FEED)
    assert answer.headers["content-type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert channel is not None
    for name in (
        "title",
        "link",
        "description",
        "language",
        f"{ITUNES}author",
        f"{ITUNES}explicit",
        f"{PODCAST}guid",
    ):
        assert channel.findtext(name), name
    image = channel.find(f"{ITUNES}image")
    assert image is not None
    picture = client.get(image.get("href", "").removeprefix(HERE))
    assert picture.headers["content-type"] == "image/png"
    with Image.open(STATIC / "podcast.png") as opened:
        assert opened.width == opened.height >= 1400


def test_every_enclosure_is_as_said(client: TestClient) -> None:
    found = items_of(client)
    assert [item.findtext("guid") for item in found] == [f"urn:talerstolen:{MAIN}:lyd:{n}" for n in (1, 2)]
    for item in found:
        enclosure = item.find("enclosure")
        assert enclosure is not None
        address = enclosure.get("url", "")
        assert address.startswith(HERE)
        path, size = address.removeprefix(HERE), int(enclosure.get("length", "0"))
        whole = client.get(path, headers={"accept-encoding": "gzip"})
        assert len(whole.content) == size == int(whole.headers["content-length"])
        assert whole.headers["content-type"] == enclosure.get("type") == "audio/mp4"
        part = client.get(path, headers={"range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, whole.content[10:20])
        assert item.findtext(f"{ITUNES}duration") == "8"
        assert parsedate_to_datetime(item.findtext("pubDate") or "").year == 2025


def test_chapters_and_captions_are_there(client: TestClient) -> None:
    for item in items_of(client):
        chapters, captions = item.find(f"{PODCAST}chapters"), item.find(f"{PODCAST}transcript")
        assert chapters is not None
        assert captions is not None
        answer = client.get(chapters.get("url", "").removeprefix(HERE))
        assert answer.headers["content-type"] == chapters.get("type") == "application/json+chapters"
        body = json.loads(answer.content)
        assert body["version"] == "1.2.0"
        starts = [chapter["startTime"] for chapter in body["chapters"]]
        assert starts == sorted(starts)
        assert starts
        for chapter in body["chapters"]:
            assert chapter["title"]
            assert client.get(chapter["url"].removeprefix(HERE)).status_code == 200
        text = client.get(captions.get("url", "").removeprefix(HERE))
        assert text.headers["content-type"].startswith(captions.get("type", "-"))


def test_sound_without_a_number_leads_to_the_file(client: TestClient) -> None:
    answer = client.get(f"/moeder/{MAIN}/lyd/1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, f"/moeder/{MAIN}/lyd/1.m4a")


@pytest.mark.parametrize("end", ["1", "1.m4a", "9.m4a", "x.m4a", "1.mp3", "%2e%2e.m4a"])
def test_what_may_not_be_played_is_not_heard(client: TestClient, end: str) -> None:
    assert client.get(f"/moeder/{STALE}/lyd/{end}").status_code == 404


def test_sound_goes_when_more_is_withheld(own: Built) -> None:
    client = TestClient(own.app, raise_server_exceptions=False)
    assert len(items_of(client)) == 2
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 7.0, 8.0))
    # In the first recording more is withheld than was silenced; the second is as it was.
    assert [item.findtext("guid") for item in items_of(client)] == [f"urn:talerstolen:{MAIN}:lyd:2"]
    for path in (f"/moeder/{MAIN}/lyd/1.m4a", f"/moeder/{MAIN}/lyd/1"):
        assert client.get(path).status_code == 404
    text = client.get(FEED).text + client.get(f"/moeder/{MAIN}/kapitler/1.json").text
    assert not [secret for secret in SECRETS if secret in text.lower()]
