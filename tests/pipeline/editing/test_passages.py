"""People correct, leave out, close, open and take back; what they write is in the seconds that the page shows."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import (
    Agenda,
    AgendaItem,
    EditKind,
    InputError,
    Interval,
    ItemSpan,
    Meeting,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    Settings,
    SpanStatus,
    TranscriptOrigin,
    agenda_key,
    make_transcript,
    published_meeting,
    withheld_in,
)
from pipeline.archive import Archive, open_archive
from pipeline.editing.passages import LONGEST_CORRECTION, Wishes, edits_on_record, make_edits, whole_sentences
from tests.pipeline.conftest import Talerstol

AGENDA = Agenda(
    (AgendaItem("1", "Skolen"), AgendaItem("2", "Køb af Granvænget 7", open=False), AgendaItem("3", "Vej"))
)
SPANS = (
    ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 40.0, 0.9),
    ItemSpan(1, SpanStatus.CLOSED, 40.0, 60.0, 0.9),
    ItemSpan(2, SpanStatus.DISCUSSED, 60.0, 100.0, 0.9),
)
SAID = (
    Segment(0.0, 9.4, "Velkommen til mødet."),
    Segment(9.4, 14.8, "Hans nummer er 010203-1234."),
    Segment(15.3, 20.0, "Vi går videre."),
    Segment(41.0, 45.0, "Fire millioner for Granvænget."),
    Segment(61.0, 65.0, "Vejen er smal."),
)


def fill(archive: Archive, kind: RecordingKind = RecordingKind.NONE) -> None:
    recording = Recording("m-1", 1, kind, "-", offset=0.0, duration=100.0)
    said = make_transcript("m-1", "da", SAID, Provenance(TranscriptOrigin.CAPTIONS, "m.vtt"))
    archive.catalogue.add_meeting(Meeting("m", "B", None, "", "", (recording,), AGENDA), [("m-1", said)])
    archive.catalogue.save_segmentation("m", Segmentation(agenda_key(AGENDA), (said.id,), SPANS))


def public(archive: Archive) -> list[str]:
    meeting = published_meeting(archive.catalogue, "m")
    return [sentence.text for sentence in meeting.sentences] if meeting else []


def change(archive: Archive, **wishes: tuple[str, ...] | tuple[int, ...]) -> None:
    make_edits(archive, "m", Wishes(**wishes), "Anna", "persondata")  # type: ignore[arg-type]


def withheld(archive: Archive) -> list[tuple[float, float]]:
    return [(i.start, i.end) for i in withheld_in(archive.catalogue, "m")]


ALL = [SAID[n].text for n in (0, 1, 2, 4)]


@pytest.mark.parametrize("written", ["0:09-0:12", "9.4-12", "0:10-0:11", "0:09-0:15"])
def test_what_is_left_out_is_whole_sentences(settings: Settings, written: str) -> None:
    """Of the second in which one ends and the next begins, the one that begins."""
    with open_archive(settings) as archive:
        fill(archive)
        change(archive, redact=(written,))
        assert public(archive) == [ALL[0], ALL[2], ALL[3]]
        first, last = withheld(archive)[0]
        assert first <= 9.4 and last >= 14.8  # the sound of all of it


def test_before_it_is_public_whole_sentences_are_left_out_too(settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive, RecordingKind.FILE)  # there is no file to play yet
        assert published_meeting(archive.catalogue, "m") is None
        change(archive, redact=("0:10-0:11",))
        assert withheld(archive)[0] == (9.4, 14.8)


def test_what_was_left_out_by_mistake_is_taken_back(settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        before = withheld(archive)
        change(archive, redact=("0:15-0:20",))
        change(archive, redact=("0:09-0:12",))
        change(archive, take_back=(1,))
        assert public(archive) == [ALL[0], ALL[2], ALL[3]]
        first, second = edits_on_record(archive, "m")
        assert (first.number, second.taken_back) == (1, None)
        assert first.taken_back is not None and (first.taken_back.by, first.taken_back.why) == (
            "Anna",
            "persondata",
        )
        for number in ((1,), (3,), (2, 9)):
            with pytest.raises(InputError):
                change(archive, take_back=number)
        change(archive, take_back=(2,))
        assert (public(archive), withheld(archive)) == (ALL, before)
        meeting = published_meeting(archive.catalogue, "m")
        assert meeting is not None and meeting.edits == ()


@pytest.mark.parametrize("written", ["0:09=Hans nummer er udeladt.", "9.4=Hans  nummer er udeladt. "])
def test_a_sentence_is_corrected_and_its_neighbours_stay(settings: Settings, written: str) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        change(archive, correct=(written,))
        assert public(archive) == [ALL[0], "Hans nummer er udeladt.", ALL[2], ALL[3]]
        change(archive, correct=("0:00-0:09=Velkommen.",))
        assert public(archive) == ["Velkommen.", ALL[2], ALL[3]]


def test_items_are_closed_and_opened(settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        change(archive, close=("3",))
        assert ALL[3] not in public(archive)
        change(archive, open=("2", "#3"))
        assert public(archive) == [said.text for said in SAID]
        change(archive, close=("2",))
        assert SAID[3].text not in public(archive)


def test_what_was_withheld_in_doubt_is_opened_by_its_time(settings: Settings) -> None:
    """And never what is between a closed item's beginning and its end."""
    with open_archive(settings) as archive:
        fill(archive)
        change(archive, open=("0:40-1:00",))
        assert SAID[3].text not in public(archive)
        assert archive.catalogue.edits("m")[0].kind is EditKind.OPEN


def test_the_text_of_a_correction_that_is_withheld_is_not_shown(settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        change(archive, correct=("0:09=Hans nummer er 010203.",))
        assert edits_on_record(archive, "m")[0].edit.text
        change(archive, redact=("0:09-0:10",))
        assert [one.edit.text for one in edits_on_record(archive, "m")] == ["", ""]
        change(archive, take_back=(2,))
        change(archive, take_back=(1,))
        assert [one.edit.text for one in edits_on_record(archive, "m")] == ["", ""]


@pytest.mark.parametrize(
    "wishes",
    [
        {"redact": ("0:09",)}, {"redact": ("0:12-0:09",)}, {"redact": ("2:00-3:00",)}, {"redact": ("x-y",)},
        {"redact": ("-",)}, {"correct": ("0:09",)}, {"correct": ("0:09= ",)}, {"correct": ("0:41=Fire.",)},
        {"correct": ("0:09=\u0007",)}, {"correct": ("0:09=" + "a" * (LONGEST_CORRECTION + 1),)}, {"open": ("9",)},
        {"close": ("9",)}, {"open": ("0:10-",)}, {"redact": ("0:09-0:10",), "close": ("9",)},
        {"redact": ("0:09-0:10",), "take_back": (1,)},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_whole(
    settings: Settings, wishes: dict[str, tuple[str, ...] | tuple[int, ...]]
) -> None:
    with open_archive(settings) as archive:
        fill(archive)
        with pytest.raises(InputError) as refused:
            change(archive, **wishes)
        assert "Granvænget" not in str(refused.value)
        assert archive.catalogue.edits("m") == []


@given(
    st.lists(st.tuples(st.floats(0, 90), st.floats(0.1, 20)), max_size=12),
    st.floats(0, 99) | st.integers(0, 99).map(float),
    st.floats(0.1, 60) | st.integers(1, 60).map(float),
)
def test_no_half_of_a_sentence_is_left_out(
    spoken: list[tuple[float, float]], start: float, length: float
) -> None:
    sentences = [Interval(at, at + lasts) for at, lasts in sorted(spoken)]
    first, last = whole_sentences(start, start + length, sentences)
    assert last >= start + length
    assert first <= start or math.floor(first) == start  # at the latest in the second that was named
    for s in sentences:
        if s.start < start + length and s.end > max(start, first):
            assert first <= s.start and s.end <= last


def test_the_command_tells_what_it_came_to(talerstol: Talerstol, settings: Settings) -> None:
    with open_archive(settings) as archive:
        fill(archive)
    assert "Nobody has changed anything" in talerstol("edit", "m").out
    told = talerstol("edit", "m", "--redact", "0:09-0:12", "--why", "CPR", "--by", "Anna")
    assert (told.code, "Now withheld: 0:00:09–0:00:14." in told.out, "talerstol run m" in told.out) == (
        0,
        True,
        True,
    )
    told = talerstol("edit", "m", "--correct", "1:01=Vejen er [smal]nere.")
    assert "reads otherwise now" in told.out and "talerstol run" not in told.out
    listed = talerstol("edit", "m").out
    assert "redaction" in listed and "CPR" in listed and "Vejen er [smal]nere." in listed
    assert "010203" not in listed and "Granvænget" not in listed
    body = json.loads(talerstol("edit", "m", "--take-back", "1", "--why", "forkert", "--json").out)
    assert body["change"]["released"] and body["edits"][0]["taken_back"]["why"] == "forkert"
    for wrong in (
        ("--redact", "0:09-0:12"),
        ("--take-back", "1", "--why", "x"),
        ("--why", "x"),
        ("--open", "2"),
    ):
        assert talerstol("edit", "m", *wrong).code == 2, wrong
    assert talerstol("edit", "nej").code == 2
