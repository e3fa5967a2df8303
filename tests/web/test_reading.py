"""How a meeting is laid out for reading, and the seconds in its addresses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue import Interval, PublishedMeeting, PublishedRecording, Sentence
from web.language import DANISH
from web.lru import Lru
from web.moments import address_seconds, clock, parse_moment
from web.reading import Gap, Turn, lay_out, recording_at, sentence_at
from web.words import Words


def meeting(
    *sentences: Sentence,
    withheld: tuple[Interval, ...] = (),
    recordings: tuple[PublishedRecording, ...] = (),
) -> PublishedMeeting:
    return PublishedMeeting("m", "Møde", date(2025, 1, 1), "", "", (), sentences, recordings, withheld)


def said(start: float, text: str = "Ja.", speaker: str | None = None) -> Sentence:
    return Sentence(start, start + 1, text, speaker, None, 1)


def recorded(ordinal: int, offset: float, playable: str | None = "x") -> PublishedRecording:
    return PublishedRecording(f"m-{ordinal}", ordinal, offset, 10.0, playable, False, None)


def test_turns_follow_the_speakers() -> None:
    reading = lay_out(meeting(said(0, speaker="A"), said(1, speaker="A"), said(2, speaker="B")))
    turns = [block for block in reading.sections[0].blocks if isinstance(block, Turn)]
    assert [(turn.speaker, len(turn.lines)) for turn in turns] == [("A", 2), ("B", 1)]


def test_a_long_speech_is_broken_into_paragraphs() -> None:
    reading = lay_out(meeting(*(said(n, "ord " * 50, "A") for n in range(20))))
    turns = [block for block in reading.sections[0].blocks if isinstance(block, Turn)]
    assert len(turns) == 5
    assert [turn.continued for turn in turns] == [False, True, True, True, True]


def test_sentences_at_the_same_second_have_their_own_anchors() -> None:
    assert lay_out(meeting(said(1.5), said(1.5), said(2))).anchors == ("s-1.5", "s-1.5-2", "s-2")


def test_gaps_stand_where_they_are_also_at_the_ends() -> None:
    reading = lay_out(meeting(said(5), withheld=(Interval(0, 5), Interval(6, 1e9))))
    blocks = [block for section in reading.sections for block in section.blocks]
    assert [type(block) for block in blocks] == [Gap, Turn, Gap]
    assert blocks[-1] == Gap(6, None)


def test_sentence_at() -> None:
    m = meeting(said(1), said(3), said(9), withheld=(Interval(5, 8),))
    assert [sentence_at(m, t) for t in (0, 1, 2.9, 3, 5, 7.9, 8, 9, 1e6)] == [
        None,
        0,
        0,
        1,
        None,
        None,
        1,
        2,
        2,
    ]
    assert sentence_at(meeting(), 3) is None


def test_recording_at() -> None:
    m = meeting(recordings=(recorded(1, 0.0), recorded(2, 10.0, None), recorded(3, 20.0)))
    found = [recording_at(m, t) for t in (0.0, 15.0, 20.0, 99.0)]
    assert [r.ordinal for r in found if r] == [1, 1, 3, 3]
    assert recording_at(meeting(), 0.0) is None


@given(st.text())
@example("0\x1f")
def test_any_text_is_a_moment_or_none(text: str) -> None:
    moment = parse_moment(text)
    assert moment is None or 0 <= moment <= 1_000_000


@given(st.floats(0, 200_000))
def test_a_second_survives_its_address(second: float) -> None:
    moment = parse_moment(address_seconds(second))
    assert moment is not None
    assert abs(moment - second) <= 0.0051


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (65.9, "1:05"), (3600, "1:00:00"), (45_297, "12:34:57")]
)
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (1, "1 sekund"),
        (59.2, "60 sekunder"),
        (60, "1 minut"),
        (3600, "1 time"),
        (11_520, "3 timer og 12 minutter"),
    ],
)
def test_length(seconds: float, shown: str) -> None:
    assert Words(DANISH).length(seconds) == shown


def test_what_was_used_last_is_remembered() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    lru: Lru[str, int] = Lru(2)
    assert [lru.get(key, make) for key in "abacab"] == [0, 1, 0, 2, 0, 3]


def test_a_doubtful_sentence_is_marked_and_not_hidden() -> None:
    doubtful = Sentence(0, 1, "Mange selskaber.", None, None, 1, doubt="unsure")
    turn = lay_out(meeting(doubtful, said(2))).sections[0].blocks[0]
    assert isinstance(turn, Turn)
    assert [(line.text, line.doubtful) for line in turn.lines] == [("Mange selskaber.", True), ("Ja.", False)]
