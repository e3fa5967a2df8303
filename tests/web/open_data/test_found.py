"""What search engines are told: the sitemap, robots.txt, and the data in a meeting's page."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import MAIN, SECRETS, TEXT_ONLY, Built
from web import create_app
from web.open_data import sitemap

HERE = "https://arkiv.example"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client: TestClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("application/xml")
    return [each.text or "" for each in ElementTree.fromstring(answer.content).iter(f"{MAP}loc")]


def test_every_page_of_the_sitemap_is_there(client: TestClient) -> None:
    found = [
        a for part in addresses(client, "/sitemap.xml") for a in addresses(client, part.removeprefix(HERE))
    ]
    assert f"{HERE}/moeder/{MAIN}" in found
    assert f"{HERE}/en/moeder/{TEXT_ONLY}" in found
    assert len(found) == len(set(found)) == 2 * (3 + len(sitemap.STANDING))
    for address in found:
        assert client.get(address.removeprefix(HERE)).status_code == 200, address


def test_many_pages_are_in_parts(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = addresses(client, "/sitemap-1.xml")
    monkeypatch.setattr(sitemap, "PER_PART", 4)
    parts = addresses(client, "/sitemap.xml")
    assert len(parts) == 3
    assert [a for part in parts for a in addresses(client, part.removeprefix(HERE))] == whole
    for number in ("0", "4", "99999999", "x"):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_without_an_address_of_its_own_there_is_no_sitemap(built: Built) -> None:
    settings = built.settings.model_copy(update={"base_url": ""})
    client = TestClient(create_app(settings, built.catalogue, built.store, built.app.state.site.engine))
    assert client.get("/sitemap.xml").status_code == 404
    assert "Sitemap" not in client.get("/robots.txt").text


def test_robots_are_welcome_but_not_everywhere(client: TestClient) -> None:
    text = client.get("/robots.txt").text
    assert f"Sitemap: {HERE}/sitemap.xml" in text
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    for path in ("/", f"/moeder/{MAIN}", "/sag?nr=25/26257", f"/medie/{MAIN}/1", "/udvalg.atom?body=x"):
        assert rules.can_fetch("Googlebot", f"{HERE}{path}"), path
    assert not rules.can_fetch("Googlebot", f"{HERE}/api/v1/search?q=x")
    for line in ("/soeg?*&", "/moeder/*/klip"):
        assert f"Disallow: {line}" in text


def data_of(client: TestClient, meeting: str) -> list[dict[str, Any]]:
    page = client.get(f"/moeder/{meeting}").text
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told = json.loads(block)
    assert told["@context"] == "https://schema.org"
    found: list[dict[str, Any]] = told["@graph"]
    return found


def test_recordings_have_their_items_as_clips(client: TestClient) -> None:
    crumbs, first, second = data_of(client, MAIN)
    assert [step["name"] for step in crumbs["itemListElement"]] == ["Forside", "Møder", "Møde i Aarhus Byråd"]
    assert (first["@type"], first["uploadDate"], first["duration"]) == (
        "VideoObject",
        "2025-10-08T00:00:00Z",
        "PT8S",
    )
    clips = first["hasPart"]
    assert [(c["startOffset"], c["endOffset"]) for c in clips] == [(0.0, 2.0), (2.0, 4.0), (6.0, 8.0)]
    assert clips[1]["name"].startswith("2, 3: Cykelsti")
    [last] = second["hasPart"]
    assert last["url"] == f"{HERE}/moeder/{MAIN}?t={12}"
    for part in (first, second):
        for name in ("contentUrl", "thumbnailUrl", "url"):
            assert client.get(part[name].removeprefix(HERE)).status_code == 200
        for clip in part["hasPart"]:
            assert client.get(clip["url"].removeprefix(HERE)).status_code == 200
    assert len(data_of(client, TEXT_ONLY)) == 1  # nothing to play


def test_no_title_ends_the_block(client: TestClient) -> None:
    for meeting in (MAIN, TEXT_ONLY):
        text = json.dumps(data_of(client, meeting), ensure_ascii=False)
        assert "<script>" in text  # as text inside the data
        assert not [secret for secret in SECRETS if secret in text.lower()]
