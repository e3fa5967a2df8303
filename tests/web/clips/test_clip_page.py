"""A clip from the form to the file, by the real ffmpeg, and after what it shows was withheld."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from catalogue import EditKind
from ingest import Progress, can_draw, cut_clip, probe
from tests.web.conftest import HIDDEN, MAIN, SECRETS, STALE, TEXT_ONLY, Built, edit, silence
from web import create_app
from web.clips.waiting import ClipId, Waiting

PAGE, API = f"/moeder/{MAIN}/klip", f"/api/v1/meetings/{MAIN}/clips"
FORM = {"begynder": "0:00", "slutter": "0:03", "form": "lyd"}
SOUND = f"{PAGE}/0-3-lyd.m4a"


@pytest.fixture
def reader(own: Built) -> Iterator[TestClient]:
    client = TestClient(own.app, follow_redirects=False)
    yield client
    own.app.state.clips.stop()


def ready(client: TestClient, address: str) -> dict[str, Any]:
    """Ask the API until a clip is ready."""
    tick = threading.Event()
    for _ in range(600):
        state: dict[str, Any] = client.get(address).json()
        if state["state"] not in ("queued", "working"):
            assert state["state"] == "ready", state
            return state
        tick.wait(0.05)
    raise AssertionError("no clip within 30 seconds")


def cut(client: TestClient, start: float = 0, end: float = 3, form: str = "sound") -> str:
    address = f"{API}?start={start}&end={end}&form={form}"
    assert client.post(address).status_code in (200, 202)
    file: str = ready(client, address)["file"]
    return file.removeprefix("https://arkiv.example")


def test_from_the_form_to_the_file(reader: TestClient, tmp_path: Path) -> None:
    page = reader.get(f"{PAGE}?fra=0&til=3&form=lyd")
    assert page.status_code == 200
    assert 'value="0:00"' in page.text and 'value="0:03"' in page.text
    assert "Velkommen til mødet i byrådet." in page.text
    assert f'src="/medie/{MAIN}/1#t=0,3"' in page.text

    answer = reader.post(PAGE, data=FORM)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{PAGE}?fra=0&til=3&form=lyd#klippet"
    ready(reader, f"{API}?start=0&end=3&form=sound")
    done = reader.get(answer.headers["location"])
    assert "Klippet er færdigt" in done.text and f'href="{SOUND}"' in done.text

    file = reader.get(SOUND)
    assert file.headers["content-type"] == "audio/mp4"
    assert unquote(file.headers["content-disposition"]) == (
        f'attachment; filename="{MAIN}-0.00-0.03.m4a"; '
        "filename*=UTF-8''Aarhus Kommune Byrådet 2025-10-08 0.00-0.03.m4a"
    )
    saved = tmp_path / "saved.m4a"
    saved.write_bytes(file.content)
    assert probe(saved).duration == pytest.approx(3, abs=0.2)


def test_the_file_can_be_had_in_ranges(reader: TestClient) -> None:
    address = cut(reader)
    whole = reader.get(address)
    part = reader.get(address, headers={"range": "bytes=10-19", "if-range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert reader.get(address, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
    assert reader.get(address, headers={"range": "bytes=99999999-"}).status_code == 416


@pytest.mark.skipif(not can_draw(), reason="this ffmpeg draws no letters")
@pytest.mark.parametrize("form", ["burned", "track"])
def test_pictures_come_with_captions(reader: TestClient, tmp_path: Path, form: str) -> None:
    saved = tmp_path / "saved.mp4"
    saved.write_bytes(reader.get(cut(reader, 12, 14, form)).content)
    info = probe(saved)
    assert (info.video, info.audio) == ("h264", "aac")
    assert b"arkiv.example/moeder/" in saved.read_bytes()


def test_captions_beside_it_are_there_at_once(reader: TestClient) -> None:
    vtt, srt = reader.get(f"{PAGE}/2-4-lyd.vtt"), reader.get(f"{PAGE}/2-4-lyd.srt")
    assert vtt.headers["content-type"].startswith("text/vtt")
    assert vtt.text.startswith("WEBVTT")
    assert "00:00:00.000 --> " in vtt.text
    for said in (vtt.text, srt.text):
        assert "Vi tager punkt to" in said
        assert "Den nuværende sti er for smal." in said
        assert "Velkommen" not in said


def test_the_second_reader_gets_the_same_file(reader: TestClient, own: Built) -> None:
    address = cut(reader)
    made = list(own.settings.clips_folder.rglob("*.m4a"))
    assert len(made) == 1
    stamp = made[0].stat().st_mtime_ns
    assert reader.post(f"{API}?start=0&end=3&form=sound").json()["state"] == "ready"
    assert cut(reader) == address
    assert made[0].stat().st_mtime_ns == stamp


def test_what_is_withheld_after_it_was_cut_is_never_served(reader: TestClient, own: Built) -> None:
    address = cut(reader)
    assert reader.get(address).status_code == 200
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 2.0, 2.5))
    for path in (address, f"{PAGE}/0-3-lyd.vtt", f"{PAGE}/0-3-lyd.srt"):
        assert reader.get(path).status_code == 404
        assert reader.get(path, headers={"range": "bytes=0-9"}).status_code == 404
    assert reader.get(f"{API}?start=0&end=3&form=sound").status_code == 422
    page = reader.get(f"{PAGE}?fra=0&til=3&form=lyd")
    assert page.status_code == 422
    assert "Det kan ikke klippes" in page.text
    assert "punkt to og tre" not in page.text
    # The player's file is made anew; the clip of before is gone, from the disk as well.
    silence(own.catalogue, own.catalogue.meeting(MAIN))
    assert reader.get(f"{PAGE}?fra=6&til=8&form=lyd").status_code == 200
    own.app.state.clips._tidy()
    assert not list(own.settings.clips_folder.rglob("*.m4a"))
    own_again = cut(reader, 6, 8)
    assert reader.get(own_again).status_code == 200


def test_what_is_withheld_while_it_is_cut_is_thrown_away(
    reader: TestClient, own: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*arguments: Any) -> Path:
        made = cut_clip(*arguments)
        own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 12.5, 13.0))
        return made

    monkeypatch.setattr("web.clips.cutting.cut_clip", meanwhile)
    address = f"{API}?start=0&end=3&form=sound"
    reader.post(address)
    tick = threading.Event()
    while (state := reader.get(address)).status_code == 200 and state.json()["state"] in (
        "queued",
        "working",
    ):
        tick.wait(0.05)
    assert not list(own.settings.clips_folder.rglob("*.m4a"))
    assert reader.get(SOUND).status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"begynder": "x"}, "Tiden kan ikke læses"),
        ({"slutter": "1:99"}, "Tiden kan ikke læses"),
        ({"slutter": "0:00"}, "slutte, efter at det er begyndt"),
        ({"slutter": "9:00"}, "højst vare fem minutter"),
        ({"slutter": "0:05"}, "udeladt"),
        ({"begynder": "0:06", "slutter": "0:08.5"}, "én optagelse"),
        ({"begynder": "5:00", "slutter": "5:30"}, "ingen optagelse"),
        ({"begynder": '"><script>'}, "Tiden kan ikke læses"),
    ],
)
def test_what_cannot_be_cut_is_said(reader: TestClient, fields: dict[str, str], said: str) -> None:
    page = reader.post(PAGE, data=FORM | fields)
    assert page.status_code == 422
    assert said in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize("meeting", [HIDDEN, "nej", "..%2f.."])
def test_no_page_of_what_is_not_public(reader: TestClient, meeting: str) -> None:
    assert reader.get(f"/moeder/{meeting}/klip").status_code == 404
    assert reader.post(f"/moeder/{meeting}/klip", data=FORM).status_code == 404
    assert reader.get(f"/moeder/{meeting}/klip/0-3-lyd.m4a").status_code == 404


@pytest.mark.parametrize("meeting", [TEXT_ONLY, STALE])
def test_where_nothing_may_be_played_nothing_is_cut(reader: TestClient, meeting: str) -> None:
    page = reader.get(f"/moeder/{meeting}/klip")
    assert page.status_code == 200
    assert "ingen optagelse at klippe i" in page.text
    assert reader.post(f"/moeder/{meeting}/klip", data=FORM).status_code == 422


@pytest.mark.parametrize(
    "name",
    [
        "0-3-lyd.mp4", "0-3-indbraendt.m4a", "..%2f..%2fcatalogue.sqlite", "%2e%2e", "0-3-lyd.m4a%00", "x", "0-3-lyd.exe",
        "3-6-lyd.vtt", "0-3-lyd.m4a", "1-0-lyd.srt", "0-3-" + "lyd" * 999 + ".m4a",
    ],
)  # fmt: skip
def test_tricks_with_names_find_nothing(reader: TestClient, name: str) -> None:
    answer = reader.get(f"{PAGE}/{name}")
    assert answer.status_code == 404
    assert not any(secret in answer.text for secret in SECRETS)


def test_a_full_queue_says_when_to_come_back(
    reader: TestClient, own: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = threading.Event()

    def make(clip: ClipId, progress: Progress, given_up: Callable[[], bool]) -> None:
        hold.wait(30)

    full = Waiting(1, 1, make, lambda: None)
    monkeypatch.setattr(own.app.state.clips, "_waiting", full)
    try:
        times = [(0, 2), (0, 2.5), (0, 3), (0, 3.5), (1, 3)]
        answers = [reader.post(f"{API}?start={a}&end={b}&form=sound") for a, b in times]
        refused = next(answer for answer in answers if answer.status_code == 503)
        assert refused.headers["retry-after"]
        assert refused.json()["error"]["code"] == "unavailable"
        page = reader.post(PAGE, data={"begynder": "0:02", "slutter": "0:04", "form": "lyd"})
        assert page.status_code == 503
        assert page.headers["retry-after"]
        assert "Prøv igen om et minut" in page.text
        waits = (
            reader.get(f"{PAGE}?fra=0&til=2.5&form=lyd").text
            + reader.get(f"{PAGE}?fra=0&til=2&form=lyd").text
        )
        assert "data-waiting" in waits
    finally:
        hold.set()
        full.stop()


def test_a_visitor_gets_so_many(own: Built) -> None:
    settings = own.settings.model_copy(update={"clips_an_hour": 1})
    app = create_app(settings, own.catalogue, own.store, own.app.state.site.engine)
    client = TestClient(app, follow_redirects=False)
    try:
        assert client.post(PAGE, data=FORM).status_code == 303
        assert client.post(PAGE, data=FORM).status_code == 303  # the same one costs nothing
        page = client.post(PAGE, data=FORM | {"slutter": "0:02"})
        assert page.status_code == 429
        assert int(page.headers["retry-after"]) > 3000
        assert "om 60 minutter" in page.text
        other = TestClient(app, follow_redirects=False, client=("192.0.2.9", 1))
        assert other.post(PAGE, data=FORM | {"slutter": "0:02"}).status_code == 303
        assert client.post(f"{API}?start=0&end=2.5&form=sound").json()["error"]["code"] == "too_many_requests"
    finally:
        app.state.clips.stop()


def test_forms_of_other_sites_and_large_ones_are_refused(reader: TestClient) -> None:
    assert reader.post(PAGE, data=FORM, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert reader.post(PAGE, content=b"fra=" + b"1" * 9000).status_code == 413
    for body in (b"\xff\xfe", b"&" * 50 + b"a=b&" * 40, b"", b"%00=%ff"):
        assert reader.post(PAGE, content=body).status_code < 500


@pytest.mark.parametrize(
    "query", ["", "?start=x&end=2", "?start=0&end=2&form=nej", "?start=0&end=5", "?start=5&end=0"]
)
def test_the_api_says_what_is_wrong(reader: TestClient, query: str) -> None:
    for answer in (reader.get(API + query), reader.post(API + query)):
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "invalid_request"


def test_the_page_is_there_in_english(reader: TestClient) -> None:
    assert reader.get(f"/en{PAGE}?fra=0&til=3").status_code == 200
    answer = reader.post(f"/en{PAGE}", data=FORM)
    assert answer.headers["location"].startswith(f"/en{PAGE}?fra=0")


def test_stopping_the_application_ends_the_threads(own: Built) -> None:
    with TestClient(own.app) as client:
        client.post(f"{API}?start=0&end=3&form=burned")
        threads = own.app.state.clips._waiting._threads
        assert threads
    assert not any(thread.is_alive() for thread in threads)
    assert not list(own.settings.clips_folder.rglob("clip.*"))
