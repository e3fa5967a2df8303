"""What a meeting's page tells: of its text, what people changed, what is missing, and what can be fetched."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from catalogue import Agenda, Arrival, EditKind, Part, Segment, SpanStatus, Version, Word, make_transcript
from tests.web.conftest import MAIN, STALE, TEXT_ONLY, WORDS, Built, edit, heard

PAGE = f"/moeder/{MAIN}"


def test_each_sentence_says_from_when_to_when(client: TestClient) -> None:
    sentences = re.findall(
        r'<a id="(s-[^"]+)"[^>]* data-start="([^"]+)" data-end="([^"]+)">', client.get(PAGE).text
    )
    assert ("s-3", "3", "4") in sentences
    assert all(float(start) < float(end) for _, start, end in sentences)


def test_the_sentence_asked_for_has_its_actions_without_a_script(client: TestClient) -> None:
    page = client.get(f"{PAGE}?t=7.2").text
    now = page.split('class="now"')[1].split("</section>")[0]
    for link in (f"{PAGE}/citat?fra=7&amp;til=8", f"{PAGE}/klip?fra=7&amp;til=8", f"{PAGE}/fejl?t=7"):
        assert f'href="{link}"' in now
    assert f'href="/en{PAGE}/citat?fra=7&amp;til=8"' in client.get(f"/en{PAGE}?t=7.2").text
    withheld = client.get(f"{PAGE}?t=5.5").text.split('class="now"')[1].split("</section>")[0]
    assert "citat" not in withheld


def test_a_withheld_stretch_says_where_it_goes_on(client: TestClient) -> None:
    page = client.get(PAGE).text
    assert '<a href="?t=6" data-seek>Gå videre til 0:06</a>' in page


def test_unsure_words_are_underlined_and_explained(own: Built) -> None:
    assert "<u>" not in TestClient(own.app).get(f"/moeder/{TEXT_ONLY}").text
    words = (Word(0, 1, " Museet", 0.9), Word(1, 2, " holder", 0.3), Word(2, 4, " lukket.", 0.2))
    _hear(own, Segment(0.0, 4.0, "Museet holder lukket.", "Formanden", words))
    page = TestClient(own.app).get(f"/moeder/{TEXT_ONLY}").text
    assert "Museet <u>holder lukket.</u></a>" in page
    assert "Vis usikre ord" in page


def test_a_doubtful_sentence_is_not_underlined_as_well(own: Built) -> None:
    words = (Word(0, 4, " Museet.", 0.1),)
    _hear(own, Segment(0.0, 4.0, "Museet.", "Formanden", words, doubt="unsure"))
    page = TestClient(own.app).get(f"/moeder/{TEXT_ONLY}").text
    assert "<u>" not in page.split('id="tekst"')[1]
    assert "[usikkert hørt]" in page


def test_speech_without_text_is_said_where_it_is(own: Built) -> None:
    said = (Segment(0.0, 1.0, "Før.", "Formanden"), Segment(5.0, 6.0, "Efter.", "Formanden"))
    _hear(own, *said, gaps=(Part(1.5, 4.5, "silent"), Part(4.6, 5.0, "hole")))
    page = TestClient(own.app).get(f"/moeder/{TEXT_ONLY}").text
    assert page.count("Her mangler tekst") == 1
    assert "Her mangler tekst (3 sekunder): programmet hører nogen tale, men kan ikke høre ordene." in page
    assert page.index("Før.</a>") < page.index("Her mangler tekst") < page.index("Efter.</a>")
    assert page.split('id="tekst"')[1].count('<span class="speaker">') == 1  # it is still one speech


LACKS = (
    (
        False,
        "halvdelen",
        20.0,
        "Arkivet har ikke fået hele optagelsen: 0:08 af de 0:20, som kilden oplyser.",
        "The archive did not get all of the recording: 0:08 of the 0:20 that its source announces.",
        {"reason": "short", "announced": 20.0},
    ),
    (
        False,
        "noget",
        None,
        "Arkivet har ikke fået hele optagelsen: noget af den manglede, da den blev hentet.",
        "The archive did not get all of the recording: some of it was missing when it was fetched.",
        {"reason": "parts", "announced": None},
    ),
    (
        True,
        "",
        20.0,
        "Da arkivet sidst så efter, blev optagelsen stadig længere hos kilden, så slutningen mangler måske her.",
        "When the archive last looked, the recording was still getting longer at its source, so its end may be missing here.",
        {"reason": "growing", "announced": None},
    ),
)


@pytest.mark.parametrize(("growing", "what", "announced", "danish", "english", "told"), LACKS)
def test_a_recording_that_is_not_whole_is_said_to_be_so(
    own: Built,
    growing: bool,
    what: str,
    announced: float | None,
    danish: str,
    english: str,
    told: dict[str, object],
) -> None:
    client, page, api = TestClient(own.app), f"/moeder/{STALE}", f"/api/v1/meetings/{STALE}"
    assert client.get(api).json()["recordings"][0]["incomplete"] is None
    assert "hos kilden" not in client.get(page).text and "har ikke fået" not in client.get(page).text
    one = own.catalogue.meeting(STALE).recordings[0]
    if growing:
        own.catalogue.arrivals.keep(
            Arrival(one.id, Version(), datetime(2025, 6, 3, tzinfo=UTC), growing=True)
        )
    else:
        own.catalogue.update_recording(replace(one, announced=announced, incomplete=what))
    assert client.get(page).text.count(danish) == 1
    assert client.get(f"/en{page}").text.count(english) == 1
    assert client.get(api).json()["recordings"][0]["incomplete"] == told


def test_of_several_recordings_it_is_said_which(own: Built) -> None:
    one = own.catalogue.meeting(MAIN).recordings[1]
    own.catalogue.update_recording(replace(one, announced=3600.0, incomplete="det meste"))
    page = TestClient(own.app).get(PAGE).text
    assert page.count("har ikke fået") == 1
    assert "Arkivet har ikke fået hele optagelse 2: 0:08 af de 1:00:00, som kilden oplyser." in page
    assert page.index("har ikke fået") < page.index('class="controls"')


def _hear(own: Built, *said: Segment, gaps: tuple[Part, ...] = ()) -> None:
    """Another transcript of the meeting that has only text."""
    recording = own.catalogue.meeting(TEXT_ONLY).recordings[0]
    transcript = make_transcript(recording.id, "da", said, WORDS, heard(6.0, gaps))
    own.catalogue.save_transcript(recording.id, transcript)
    before = own.catalogue.segmentation(TEXT_ONLY)
    assert before is not None
    own.catalogue.save_segmentation(TEXT_ONLY, replace(before, transcripts=(transcript.id,)))


def test_what_people_changed_is_told_without_who_why_or_what(client: TestClient) -> None:
    page = client.get(PAGE).text
    history = page.split('class="history')[1].split("</ol>")[0]
    assert "3 ændringer, heraf 1 rettelse af teksten" in page
    assert (
        '9. oktober 2025</time> Teksten er rettet, <a class="time" href="?t=3#s-3" data-seek>0:03</a>'
        in history
    )
    assert "Punkt 8 er lukket" in history
    assert '</time> Tekst og lyd er udeladt, <span class="time">0:04–0:06</span>' in history
    for untold in ("kirsten", "fordi", "forkerthoert"):
        assert untold not in page
    assert "Ingen har rettet eller udeladt noget." in client.get(f"/moeder/{TEXT_ONLY}").text


def test_the_day_of_a_change_is_the_day_in_denmark(own: Built) -> None:
    client = TestClient(own.app)
    for at, day in (
        (datetime(2025, 10, 9, 22, 30, tzinfo=UTC), "10. oktober 2025"),  # half past midnight, in summer
        (datetime(2026, 1, 9, 22, 30, tzinfo=UTC), "9. januar 2026"),  # half past eleven, in winter
    ):
        own.catalogue.add_edit(TEXT_ONLY, replace(edit(EditKind.CLOSE, None, None, item="1"), at=at))
        newest = client.get(f"/moeder/{TEXT_ONLY}").text.split('class="history')[1].split("</li>")[0]
        assert f"{day}</time> Punkt 1 er lukket" in newest


def test_the_api_tells_the_same_changes(client: TestClient) -> None:
    edits = client.get(f"/api/v1/meetings/{MAIN}").json()["edits"]
    assert [(e["kind"], e["start"], e["end"], e["items"]) for e in edits] == [
        ("close", None, None, [7]),
        ("redaction", 4.0, 6.0, []),
        ("correction", 3.0, 3.9, []),
    ]


def test_which_model_and_which_revision(client: TestClient) -> None:
    page = client.get(PAGE).text
    assert 'Talemodel <strong>base</strong>, udgave <code title="abc123">abc123</code>' in page
    assert "internkilde" not in client.get(f"/moeder/{TEXT_ONLY}").text


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        (f"/medie/{MAIN}/2", "video/mp4"),
        (f"{PAGE}/undertekster/2.vtt", "text/vtt"),
        (f"{PAGE}/undertekster/2.srt", "application/x-subrip"),
        (f"{PAGE}/kapitler/2.vtt", "text/vtt"),
        (f"/api/v1/meetings/{MAIN}/chapters?format=json", "application/json"),
    ],
)
def test_what_can_be_fetched(client: TestClient, link: str, kind: str) -> None:
    assert f'<a href="{link}" download="{MAIN}' in client.get(PAGE).text
    assert client.get(link).headers["content-type"].startswith(kind)


def test_subtitles_are_on_the_recordings_own_clock(client: TestClient) -> None:
    text = client.get(f"{PAGE}/undertekster/2.srt").text
    assert "00:00:04,000 --> 00:00:06,471\nTak for i aften" in text
    assert client.get(f"{PAGE}/undertekster/9.srt").status_code == 404


def test_a_recording_that_waits_is_told_apart_from_none(client: TestClient) -> None:
    assert "Optagelsen bliver gjort klar igen" in client.get(f"/moeder/{STALE}").text
    assert "Arkivet har kun mødets tekst" in client.get(f"/moeder/{TEXT_ONLY}").text


def test_one_of_several_recordings_may_wait(own: Built) -> None:
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 12.5, 13.0))
    page = TestClient(own.app).get(PAGE).text
    assert "Optagelse 2 kan ikke afspilles lige nu." in page
    assert f'src="/medie/{MAIN}/1' in page


def test_nothing_placed_says_what_to_do(own: Built) -> None:
    before = own.catalogue.segmentation(TEXT_ONLY)
    assert before is not None
    lost = replace(before.spans[0], status=SpanStatus.NOT_FOUND, start=None, end=None)
    own.catalogue.save_segmentation(TEXT_ONLY, replace(before, spans=(lost,)))
    page = TestClient(own.app).get(f"/moeder/{TEXT_ONLY}").text
    assert "0 af 1 punkt placeret" in page
    assert "Ingen af punkterne er fundet i optagelsen." in page


def test_no_agenda_and_everything_closed(own: Built) -> None:
    client = TestClient(own.app)
    own.catalogue.add_edit(TEXT_ONLY, edit(EditKind.CLOSE, None, None, item="1"))
    page = client.get(f"/moeder/{TEXT_ONLY}").text
    assert "Lukket punkt" in page
    assert "Her er tekst og lyd udeladt" in page
    assert 'id="q-her"' not in page  # there is nothing to find in
    own.catalogue.replace_agenda(TEXT_ONLY, Agenda(()))


def test_keys_are_listed_where_there_is_a_player(client: TestClient) -> None:
    assert "<kbd>mellemrum</kbd>" in client.get(PAGE).text
    assert "<kbd>" not in client.get(f"/moeder/{TEXT_ONLY}").text


def test_the_page_that_is_kept_is_the_page(own: Built) -> None:
    client = TestClient(own.app)
    plain = client.get(PAGE, headers={"accept-encoding": "identity"})
    for _ in range(2):
        packed = client.get(PAGE, headers={"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["vary"] == "Accept-Encoding"
        assert packed.text == plain.text
        assert packed.headers["etag"] == plain.headers["etag"]
    assert '<html lang="en">' in client.get(f"/en{PAGE}", headers={"accept-encoding": "gzip"}).text
    assert "x=%22y" in client.get(f'{PAGE}?x="y', headers={"accept-encoding": "gzip"}).text
    assert "x=%22y" not in client.get(PAGE, headers={"accept-encoding": "gzip"}).text
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 7.0, 8.0))
    assert "flere bænke" not in client.get(PAGE, headers={"accept-encoding": "gzip"}).text


def test_what_is_fetched_head_first_has_no_body(client: TestClient) -> None:
    answer = client.head(PAGE, headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer.content) == (200, b"")
