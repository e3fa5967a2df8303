"""Items as chapters: on the right clock, in order, and nothing of what is closed."""

from __future__ import annotations

import webvtt
from starlette.testclient import TestClient

from catalogue import EditKind
from tests.web.conftest import HIDDEN, MAIN, NASTY, TEXT_ONLY, Built, edit

API = f"/api/v1/meetings/{MAIN}/chapters"


def cues(text: str) -> list[tuple[str, str, str]]:
    return [(cue.start, cue.end, cue.raw_text) for cue in webvtt.from_string(text).captions]


def test_the_items_of_a_meeting_are_its_chapters(client: TestClient) -> None:
    answer = client.get(API).json()
    assert (answer["id"], answer["recording"]) == (MAIN, None)
    assert [(c["start"], c["end"], c["title"], c["items"]) for c in answer["chapters"]] == [
        (0.0, 2.0, "1: Godkendelse af dagsorden", ["1"]),
        (2.0, 4.0, "2, 3: Cykelsti langs Havnegade & Åboulevarden · Tilskud til cykelparkering", ["2", "3"]),
        (6.0, 9.0, f"5: Høring om {NASTY} på havnen", ["5"]),
        (12.0, 14.0, "9: Eventuelt", ["9"]),
    ]


def test_chapters_as_webvtt(client: TestClient) -> None:
    answer = client.get(API, params={"format": "vtt"})
    assert answer.headers["content-type"].startswith("text/vtt")
    assert answer.text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n1: Godkendelse af dagsorden\n")
    escaped = '5: Høring om &lt;script&gt;alert("x")&lt;/script&gt; på havnen'
    assert cues(answer.text)[2] == ("00:00:06.000", "00:00:09.000", escaped)
    assert "Havnegade &amp; Åboulevarden" in answer.text


def test_each_recording_has_its_own_on_its_own_clock(client: TestClient) -> None:
    one, two = (client.get(f"/moeder/{MAIN}/kapitler/{n}.vtt").text for n in (1, 2))
    assert [start for start, _, _ in cues(one)] == ["00:00:00.000", "00:00:02.000", "00:00:06.000"]
    assert cues(one)[-1][1] == "00:00:08.000"  # the recording ends before its item does
    assert cues(two) == [("00:00:03.000", "00:00:05.000", "9: Eventuelt")]
    assert client.get(API, params={"format": "vtt", "recording": "2"}).text == two
    rows = client.get(API, params={"recording": "2"}).json()
    assert (rows["recording"], rows["chapters"][0]["start"]) == (2, 3.0)


def test_they_are_linked_from_the_meeting(client: TestClient) -> None:
    answer = client.get(f"/api/v1/meetings/{MAIN}").json()
    assert answer["chapters"]["vtt"] == f"https://arkiv.example{API}?format=vtt"
    assert answer["recordings"][1]["chapters"] == f"https://arkiv.example/moeder/{MAIN}/kapitler/2.vtt"
    page = client.get(f"/moeder/{MAIN}?t=13").text
    assert (
        f'<track kind="chapters" srclang="da" label="Punkter" src="/moeder/{MAIN}/kapitler/2.vtt" default>'
        in page
    )
    assert f'data-chapters="/moeder/{MAIN}/kapitler/1.vtt"' in page


def test_what_is_asked_for_wrongly(client: TestClient) -> None:
    assert client.get(API, params={"format": "srt"}).status_code == 422
    assert client.get(API, params={"recording": "x"}).status_code == 422
    assert client.get(API, params={"recording": "7"}).status_code == 404
    assert client.get(f"/moeder/{MAIN}/kapitler/7.vtt").status_code == 404
    assert client.get(f"/api/v1/meetings/{HIDDEN}/chapters").status_code == 404


def test_closing_an_item_takes_its_chapter_away_at_once(own: Built) -> None:
    client = TestClient(own.app)
    assert "Museets" in client.get(f"/moeder/{TEXT_ONLY}/kapitler/1.vtt").text
    own.catalogue.add_edit(TEXT_ONLY, edit(EditKind.CLOSE, None, None, item="1"))
    assert client.get(f"/moeder/{TEXT_ONLY}/kapitler/1.vtt").text == "WEBVTT\n"
    assert client.get(f"/api/v1/meetings/{TEXT_ONLY}/chapters").json()["chapters"] == []
