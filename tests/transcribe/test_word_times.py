"""Words are where somebody speaks, whatever the model's alignment says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Interval, Word, touches, union
from transcribe.whisper import HeardWord
from transcribe.windows import Speech, Window
from transcribe.word_times import BRIDGE, NEAR, on_recording, uncovered

ROUNDED = 0.001  # s


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = clock = draw(st.floats(0, 20_000))
    speech = []
    for pause, length in draw(
        st.lists(st.tuples(st.floats(0, 3), st.floats(0.05, 8)), min_size=1, max_size=8)
    ):
        speech.append(Speech(clock + pause, clock + pause + length))
        clock = speech[-1].end
    return Window(start, clock + draw(st.floats(0, 0.35)), tuple(speech))


moments = st.floats(-2, 40)
alignments = st.lists(
    st.builds(HeardWord, moments, moments, st.sampled_from(["ja", "kommunalbestyrelsen"]), st.floats(0, 1)),
    max_size=40,
)


@given(windows(), alignments)
def test_words_are_inside_speech_and_never_run_backwards(window: Window, heard: list[HeardWord]) -> None:
    placed = on_recording(heard, window)
    assert [w.word for w in placed] == [h.word for h in heard]
    assert all(a.end <= b.start for a, b in pairwise(placed))
    for word in placed:
        assert word.start <= word.end
        for moment in (word.start, word.end):
            assert any(s.start - ROUNDED <= moment <= s.end + ROUNDED for s in window.speech)


@given(windows(), alignments)
def test_a_word_goes_over_no_long_pause(window: Window, heard: list[HeardWord]) -> None:
    for word in on_recording(heard, window):
        for before, after in pairwise(window.speech):
            if after.start - before.end > BRIDGE:
                assert word.end <= before.end + ROUNDED or word.start >= after.start - ROUNDED


def test_the_first_word_does_not_begin_in_the_silence_before_it() -> None:
    window = Window(100.0, 110.0, (Speech(104.0, 109.0),))
    placed = on_recording([HeardWord(0.0, 4.5, "Tak", 0.9), HeardWord(4.5, 5.0, "for", 0.9)], window)
    assert [(w.start, w.end) for w in placed] == [(104.0, 104.5), (104.5, 105.0)]


def test_a_word_stretched_over_a_pause_is_where_most_of_it_is_spoken() -> None:
    window = Window(0.0, 10.0, (Speech(0.0, 2.0), Speech(5.0, 9.0)))
    placed = on_recording([HeardWord(1.8, 5.6, "kommunen", 0.9)], window)
    assert (placed[0].start, placed[0].end) == (5.0, 5.6)


def test_a_word_may_go_over_a_short_pause() -> None:
    window = Window(0.0, 4.0, (Speech(0.0, 1.0), Speech(1.3, 3.0)))
    placed = on_recording([HeardWord(0.8, 1.6, "kommunen", 0.9)], window)
    assert (placed[0].start, placed[0].end) == (0.8, 1.6)


def test_a_word_in_a_pause_is_moved_to_the_nearest_speech() -> None:
    window = Window(0.0, 10.0, (Speech(1.0, 2.0), Speech(6.0, 9.0)))
    words = [HeardWord(2.5, 2.9, "a", 0.9), HeardWord(5.0, 5.5, "b", 0.9), HeardWord(9.5, 9.9, "c", 0.9)]
    assert [w.start for w in on_recording(words, window)] == [2.0, 6.0, 9.0]


def test_a_window_without_speech_keeps_its_words_times() -> None:
    placed = on_recording([HeardWord(0.5, 1.0, "ja", 0.91234)], Window(7.0, 9.0, ()))
    assert placed == (Word(7.5, 8.0, "ja", 0.9123),)


@given(windows(), alignments, st.floats(0, 3))
def test_what_is_uncovered_is_speech_near_no_word(
    window: Window, heard: list[HeardWord], longest: float
) -> None:
    words = on_recording(heard, window)
    holes = uncovered(words, window.speech, longest)
    spoken = union(Interval(s.start, s.end) for s in window.speech)  # pieces that touch are one
    assert not holes or sum(hole.end - hole.start for hole in holes) > longest
    for hole in holes:
        assert any(s.start <= hole.start and hole.end <= s.end for s in spoken)
        assert not any(w.start - NEAR < hole.end - 1e-6 and hole.start + 1e-6 < w.start + NEAR for w in words)
    assert all(a.end <= b.start for a, b in pairwise(holes))


@given(windows(), alignments)
def test_every_second_of_speech_is_uncovered_or_near_a_word(window: Window, heard: list[HeardWord]) -> None:
    words = on_recording(heard, window)
    holes = uncovered(words, window.speech, 0.0)
    for piece in window.speech:
        for n in range(10):
            moment = piece.start + (n + 0.5) / 10 * piece.seconds
            near = any(w.start - NEAR <= moment <= w.end + NEAR for w in words)
            assert near or touches(holes, moment, moment)


def test_a_hole_counts_only_beyond_the_longest_allowed() -> None:
    words = [Word(0.0, 0.5, "ja", 0.9), Word(3.0, 3.5, "nej", 0.9)]
    speech = [Speech(0.0, 3.5)]
    assert uncovered(words, speech, 1.0) == [Interval(1.0, 2.5)]
    assert uncovered(words, speech, 1.5) == []
    assert uncovered([], speech, 1.0) == [Interval(0.0, 3.5)]
    assert uncovered(words, [], 1.0) == []


@pytest.mark.parametrize(("word", "covers"), [("ja", 1.04), ("kommunalbestyrelsen", 3.08)])
def test_a_word_covers_no_more_than_it_takes_to_say(word: str, covers: float) -> None:
    """A word that the alignment stretches over ten seconds hides no speech."""
    (hole,) = uncovered([Word(0.0, 10.0, word, 0.9)], [Speech(0.0, 10.0)], 1.0)
    assert hole.start == pytest.approx(covers + NEAR)
