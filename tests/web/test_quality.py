"""The page and the API that tell how well a meeting was heard, and nothing of what is withheld."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import HIDDEN, MAIN, STALE, TEXT_ONLY
from transcribe import Doubt
from web import words
from web.language import DANISH


def test_the_page_lists_public_places_as_links(client: TestClient) -> None:
    page = client.get(f"/moeder/{MAIN}/kvalitet").text
    for link in ("?t=1.2", "?t=7", "?t=12.2"):
        assert f'href="/moeder/{MAIN}{link}"' in page
    for withheld in ("?t=5.2", "?t=9.2", "?t=10.1"):
        assert withheld not in page
    assert words.DOUBT[Doubt.HOLE] in page
    for only_withheld in (Doubt.STOCK, Doubt.LOOP):
        assert words.DOUBT[only_withheld] not in page
    assert page.count("Noget af optagelsen er udeladt") == 2
    assert "Hørt igen" not in page
    assert "<strong>base</strong>" in page
    assert "beam_size 5, language da" in page


def test_nothing_withheld_nothing_left_out(client: TestClient) -> None:
    page = client.get(f"/moeder/{STALE}/kvalitet").text
    assert "100 %" in page
    assert "1 af 7 stykker" in page
    assert "20 gange så hurtigt som mødet" in page
    assert "udeladt" not in page


def test_text_from_elsewhere_has_no_account(client: TestClient) -> None:
    page = client.get(f"/moeder/{TEXT_ONLY}/kvalitet").text
    assert "udgiverens undertekster" in page
    assert "ingen opgørelse" in page


@pytest.mark.parametrize("path", ["/moeder/{}/kvalitet", "/api/v1/meetings/{}/quality"])
@pytest.mark.parametrize("meeting", [HIDDEN, "nej", "%2e%2e"])
def test_what_is_not_public_is_not_there(client: TestClient, path: str, meeting: str) -> None:
    assert client.get(path.format(meeting)).status_code == 404


def test_the_meeting_leads_there(client: TestClient) -> None:
    assert f'href="/moeder/{MAIN}/kvalitet"' in client.get(f"/moeder/{MAIN}").text


def test_the_api_says_the_same(client: TestClient) -> None:
    told = client.get(f"/api/v1/meetings/{MAIN}/quality").json()
    first, second = (recording["heard"] for recording in told["recordings"])
    assert first["gaps"] == [{"start": 1.2, "end": 1.7, "reason": "hole"}]
    assert first["doubtful"] == [{"start": 7.0, "end": 8.0, "reason": "unsure"}]
    assert second["gaps"] == [{"start": 12.2, "end": 12.7, "reason": "empty"}]
    assert second["doubtful"] == []
    assert (first["windows"], first["decoded_again"], first["partly"]) == (None, None, True)
    assert told["url"] == f"https://arkiv.example/moeder/{MAIN}/kvalitet"
    made = told["recordings"][0]["text"]
    assert (made["model"], made["revision"]) == ("base", "abc123")
    assert client.get(f"/api/v1/meetings/{TEXT_ONLY}/quality").json()["recordings"][0]["heard"] is None


def test_every_reason_has_danish_words() -> None:
    assert set(words.DOUBT) == set(Doubt)
    assert words.Words(DANISH).doubt("of-an-older-version")


def test_all_is_said_only_of_all() -> None:
    assert words.Words(DANISH).percent(1.0) == "100 %"
    assert words.Words(DANISH).percent(0.99999) == "99,9 %"
    assert words.Words(DANISH).percent(0.0) == "0 %"
