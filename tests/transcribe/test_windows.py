"""Windows hold all of the speech, once and in order, whatever the voice detector says."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcribe.windows import (
    LONGEST,
    MARGIN_AFTER,
    MARGIN_BEFORE,
    SHORTEST_PAUSE,
    SILENCE_BELOW,
    SPEECH_FROM,
    Speech,
    Window,
    cut_long,
    cut_windows,
    find_speech,
    halves,
)

STEP = 0.032  # s; Silero's own
NEARLY = 1e-6  # s


@st.composite
def probabilities(draw: st.DrawFn) -> list[float]:
    """Runs of silence, speech and what is neither, from nothing to some minutes."""
    figure = st.sampled_from([0.0, 0.1, SILENCE_BELOW, 0.25, SPEECH_FROM, 0.6, 1.0]) | st.floats(0, 1)
    runs = draw(st.lists(st.tuples(figure, st.integers(1, 1500) | st.integers(1, 12)), max_size=25))
    return [p for p, length in runs for _ in range(length)]


@st.composite
def speeches(draw: st.DrawFn) -> list[Speech]:
    """Pieces in order, none longer than a window, some with no pause between them."""
    clock, pieces = 0.0, list[Speech]()
    pauses = st.just(0.0) | st.floats(0.16, 1) | st.floats(1, 60)
    for pause, length in draw(st.lists(st.tuples(pauses, st.floats(0.1, LONGEST)), min_size=1, max_size=60)):
        start = clock + pause
        clock = start + length
        pieces.append(Speech(start, min(clock, start + LONGEST)))
    return pieces


def pieces_of(windows: list[Window]) -> list[Speech]:
    return [piece for window in windows for piece in window.speech]


@given(probabilities())
def test_speech_is_found_in_order_and_apart(sure: list[float]) -> None:
    found = find_speech(sure, STEP)
    assert all(0 <= s.start < s.end <= len(sure) * STEP + NEARLY for s in found)
    assert all(b.start - a.end >= SHORTEST_PAUSE - STEP - NEARLY for a, b in pairwise(found))


@given(probabilities())
def test_every_moment_that_is_surely_speech_is_in_the_speech_found(sure: list[float]) -> None:
    found = find_speech(sure, STEP)
    for n, probability in enumerate(sure):
        middle = (n + 0.5) * STEP
        inside = any(s.start < middle < s.end for s in found)
        assert inside or probability < SPEECH_FROM


def test_a_stop_within_a_word_is_no_pause_and_a_pause_is() -> None:
    speech = [0.9] * 20
    assert find_speech([*speech, *[0.0] * 4, *speech], STEP) == [Speech(0.0, 44 * STEP)]
    assert len(find_speech([*speech, *[0.0] * 5, *speech], STEP)) == 2


def test_nothing_and_silence_hold_no_speech() -> None:
    assert find_speech([], STEP) == []
    assert find_speech([0.3] * 1000, STEP) == []
    assert cut_long([], [], STEP) == []
    assert cut_windows([], 0.0) == []


@given(probabilities())
@settings(max_examples=60)
def test_long_speech_is_cut_and_no_time_of_it_is_lost(sure: list[float]) -> None:
    found = find_speech(sure, STEP)
    pieces = cut_long(found, sure, STEP)
    assert all(0 < p.seconds <= LONGEST + NEARLY for p in pieces)
    assert sum(p.seconds for p in pieces) == pytest.approx(sum(s.seconds for s in found))
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    assert {s.start for s in found} <= {p.start for p in pieces}
    assert {s.end for s in found} <= {p.end for p in pieces}


def test_long_speech_is_cut_at_its_quietest_moment() -> None:
    sure = [0.9] * 1000  # 32 s
    sure[570] = 0.4  # 18.24 s
    assert [p.end for p in cut_long(find_speech(sure, STEP), sure, STEP)] == pytest.approx([18.24, 32.0])


@given(speeches())
def test_windows_hold_every_piece_of_speech_once_and_in_order(speech: list[Speech]) -> None:
    assert pieces_of(cut_windows(speech, speech[-1].end + 1)) == speech


@given(speeches(), st.floats(0, 5))
def test_windows_are_short_and_hold_no_sound_of_their_neighbours_speech(
    speech: list[Speech], after: float
) -> None:
    total = speech[-1].end + after
    windows = cut_windows(speech, total)
    for window in windows:
        first, last = window.speech[0], window.speech[-1]
        assert 0 <= window.start <= first.start < last.end <= window.end <= total
        assert last.end - first.start <= LONGEST + NEARLY
        assert window.end - window.start <= LONGEST + MARGIN_BEFORE + MARGIN_AFTER + NEARLY
    for a, b in pairwise(windows):
        assert a.end <= b.speech[0].start  # they share some of the pause at most
        assert a.speech[-1].end <= b.start


def test_a_long_pause_is_preferred_to_a_short_one() -> None:
    """Ten pieces of 2 s with short pauses, one of which is long: there, and at no other pause before it."""
    clock, speech = 0.0, list[Speech]()
    for n in range(10):
        clock += 1.0 if n == 5 else 0.2
        speech.append(Speech(clock, clock + 2.0))
        clock += 2.0
    windows = cut_windows(speech, clock)
    assert [len(w.speech) for w in windows] == [5, 5]


def test_short_speech_between_long_pauses_is_not_put_together_beyond_the_longest() -> None:
    speech = [Speech(n * 30.0, n * 30.0 + 1.0) for n in range(20)]
    assert all(len(w.speech) == 1 for w in cut_windows(speech, 600.0))


def test_windows_of_many_pieces_take_time_in_step_with_their_number() -> None:
    def seconds(count: int) -> float:
        chance, clock, speech = random.Random(count), 0.0, list[Speech]()
        for _ in range(count):
            start = clock + chance.uniform(0.16, 0.5)
            clock = start + chance.uniform(0.1, 0.4)
            speech.append(Speech(start, clock))
        began = time.process_time()
        assert pieces_of(cut_windows(speech, clock)) == speech
        return time.process_time() - began

    few, many = min(seconds(1000) for _ in range(3)), seconds(10_000)
    assert many < 25 * few + 0.5
    assert many < 10


@given(speeches())
def test_halves_lose_no_speech(speech: list[Speech]) -> None:
    for window in cut_windows(speech, speech[-1].end + 1):
        cut = halves(window)
        if cut is None:
            assert len(window.speech) == 1
            assert window.spoken < 2.0
            continue
        first, second = cut
        assert (first.start, second.end) == (window.start, window.end)
        assert first.speech[-1].end <= second.start + NEARLY
        assert first.end <= second.speech[0].start + NEARLY
        assert first.spoken + second.spoken == pytest.approx(window.spoken)
        for half in cut:
            assert half.speech
            assert half.start <= half.speech[0].start <= half.speech[-1].end <= half.end
            assert half.end - half.start < window.end - window.start


def test_a_window_is_halved_at_its_long_pause() -> None:
    speech = (Speech(0, 4), Speech(4.2, 8), Speech(8.2, 11), Speech(12, 16))
    cut = halves(Window(0, 16, speech))
    assert cut is not None
    assert [half.speech for half in cut] == [speech[:3], speech[3:]]


def test_of_equal_pauses_a_window_is_halved_at_the_one_nearest_its_middle() -> None:
    speech = tuple(Speech(n * 2.0, n * 2.0 + 1.7) for n in range(6))
    cut = halves(Window(0, 11.7, speech))
    assert cut is not None
    assert [len(half.speech) for half in cut] == [3, 3]


def test_no_sound_is_in_two_windows() -> None:
    speech = [Speech(0.0, 15.0), Speech(15.3, 30.0)]
    first, second = cut_windows(speech, 30.0)
    assert first.end <= second.start
