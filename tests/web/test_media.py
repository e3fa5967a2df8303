"""Sound and pictures, a range at a time, and never what may not be played."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue import EditKind
from tests.web.conftest import HIDDEN, MAIN, STALE, TEXT_ONLY, Built, edit, silence

PATH = f"/medie/{MAIN}/1"


def test_whole_file(client: TestClient, clip: Path) -> None:
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert answer.content == clip.read_bytes()
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert {"etag", "last-modified", "content-length"} <= answer.headers.keys()
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "cut"),
    [("bytes=0-99", slice(0, 100)), ("bytes=100-", slice(100, None)), ("bytes=-50", slice(-50, None))],
)
def test_ranges(client: TestClient, clip: Path, asked: str, cut: slice) -> None:
    answer = client.get(PATH, headers={"range": asked, "accept-encoding": "gzip"})
    assert answer.status_code == 206
    assert answer.content == clip.read_bytes()[cut]
    size = clip.stat().st_size
    assert answer.headers["content-range"].endswith(f"/{size}")
    assert answer.headers["content-length"] == str(len(answer.content))


def test_head_tells_without_sending(client: TestClient, clip: Path) -> None:
    answer = client.head(PATH)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(clip.stat().st_size)


def test_range_beyond_the_end(client: TestClient, clip: Path) -> None:
    answer = client.get(PATH, headers={"range": "bytes=99999999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{clip.stat().st_size}"


@pytest.mark.parametrize(
    "asked", ["bytes=", "bytes=x-y", "ting=0-1", "bytes=5-2", "bytes=" + "0-1," * 200, "-"]
)
def test_hostile_ranges(client: TestClient, asked: str) -> None:
    assert client.get(PATH, headers={"range": asked}).status_code in (200, 206, 400, 416)


def test_if_range_and_if_none_match(client: TestClient) -> None:
    tag = client.get(PATH).headers["etag"]
    assert client.get(PATH, headers={"range": "bytes=0-9", "if-range": tag}).status_code == 206
    assert client.get(PATH, headers={"range": "bytes=0-9", "if-range": '"old"'}).status_code == 200
    assert client.get(PATH, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        f"/medie/{STALE}/1",
        f"/medie/{TEXT_ONLY}/1",
        f"/medie/{HIDDEN}/1",
        f"/medie/{MAIN}/3",
        f"/medie/{MAIN}/x",
        f"/medie/{MAIN}/" + "9" * 5000,
        f"/medie/{MAIN}/%2e%2e",
        "/medie/nej/1",
        f"/moeder/{MAIN}/undertekster/9.vtt",
        f"/moeder/{HIDDEN}/undertekster/1.vtt",
    ],
)
def test_nothing_to_play(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_file_that_is_gone_is_not_there(own: Built) -> None:
    own.store.delete(f"{MAIN}/2-playable.mp4")
    assert TestClient(own.app).get(f"/medie/{MAIN}/2").status_code == 404


def test_captions_are_on_the_recordings_own_clock(client: TestClient) -> None:
    answer = client.get(f"/moeder/{MAIN}/undertekster/2.vtt")
    assert answer.headers["content-type"].startswith("text/vtt")
    assert "00:00:04.000 --> 00:00:06.471\nTak for i aften" in answer.text
    assert "Velkommen" not in answer.text


def test_closing_an_item_takes_effect_at_the_next_request(own: Built) -> None:
    """Not even from memory are the page and the text given."""
    client = TestClient(own.app)
    before = client.get(f"/moeder/{TEXT_ONLY}")
    assert "Museet holder åbent" in before.text
    own.catalogue.add_edit(TEXT_ONLY, edit(EditKind.CLOSE, None, None, item="1"))
    after = client.get(f"/moeder/{TEXT_ONLY}", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert "Museet" not in after.text
    assert "Museet" not in client.get(f"/api/v1/meetings/{TEXT_ONLY}/transcript?format=txt").text


def test_a_redaction_stops_the_sound_until_the_file_is_made_anew(own: Built) -> None:
    client = TestClient(own.app)
    assert client.get(PATH).status_code == 200
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 7.5, 8.0))
    assert client.get(PATH).status_code == 404
    assert "flere bænke" not in client.get(f"/moeder/{MAIN}").text
    silence(own.catalogue, own.catalogue.meeting(MAIN))
    assert client.get(PATH).status_code == 200


def test_sound_alone_is_audio(own: Built) -> None:
    one = own.catalogue.meeting(MAIN).recordings[0]
    own.catalogue.update_recording(replace(one, has_video=False))
    assert TestClient(own.app).get(PATH).headers["content-type"] == "audio/mp4"
