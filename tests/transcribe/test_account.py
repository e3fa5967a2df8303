"""No second of speech is lost without being listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Word
from transcribe.account import account
from transcribe.gate import Doubt
from transcribe.hearing import Answer
from transcribe.windows import Speech

LONGEST_LOST = 2.0  # s of speech that may have no text without being listed


def answer(
    speech: tuple[Speech, ...], words: tuple[Word, ...] = (), doubts: tuple[Doubt, ...] = ()
) -> Answer:
    return Answer(speech[0].start, speech[-1].end, speech, " ".join(w.word for w in words), words, doubts)


def word(start: float, end: float) -> Word:
    return Word(start, end, "ord", 0.9)


def lost(answers: list[Answer]) -> float:
    """The most seconds of speech, one after another, that have neither a word nor a line in the account."""
    gaps = account(answers, 1000.0, 1.0).gaps
    told = [(g.start, g.end) for g in gaps] + [(w.start - 0.05, w.end) for a in answers for w in a.words]
    spoken = [(s.start, s.end) for a in answers for s in a.speech]
    most = run = 0.0
    for n in range(round(max(end for _, end in spoken) / 0.05)):
        moment = (n + 0.5) * 0.05
        if any(start <= moment <= end for start, end in told):
            run = 0.0
        elif any(start <= moment < end for start, end in spoken):
            run += 0.05
            most = max(most, run)
    return most


@given(st.floats(0.5, 20), st.lists(st.tuples(st.floats(0, 20), st.floats(0, 1)), min_size=1, max_size=12))
def test_every_uncovered_stretch_of_speech_is_a_gap(length: float, said: list[tuple[float, float]]) -> None:
    """One window of unbroken speech with words anywhere in it."""
    words, clock = [], 0.0
    for start, taken in sorted(said):
        clock = min(max(start, clock), length)
        words.append(word(clock, min(clock + taken, length)))
        clock = words[-1].end
    assert lost([answer((Speech(0.0, length),), tuple(words))]) <= LONGEST_LOST + 0.1


def test_speech_with_short_pauses_and_no_words_is_a_gap() -> None:
    """Ten seconds of speech in pieces of 0.9 s; only the first has words."""
    speech = tuple(Speech(n * 1.1, n * 1.1 + 0.9) for n in range(10))
    words = tuple(word(n * 0.15, n * 0.15 + 0.15) for n in range(6))
    assert lost([answer(speech, words)]) <= LONGEST_LOST


def test_speech_without_words_over_the_border_of_two_windows_is_a_gap() -> None:
    first = answer((Speech(0.0, 10.0),), tuple(word(n * 0.5, n * 0.5 + 0.5) for n in range(17)))
    second = answer((Speech(10.0, 20.0),), tuple(word(n * 0.5, n * 0.5 + 0.5) for n in range(23, 40)))
    assert lost([first, second]) <= LONGEST_LOST


@given(st.sampled_from(Doubt), st.lists(st.floats(0.1, 9), min_size=1, max_size=5))
def test_speech_of_a_window_without_text_is_all_a_gap(doubt: Doubt, lengths: list[float]) -> None:
    speech = tuple(Speech(n * 10.0, n * 10.0 + length) for n, length in enumerate(lengths))
    made = account([answer(speech, doubts=(doubt,))], 100.0, 1.0)
    assert [(g.start, g.end) for g in made.gaps] == [(s.start, round(s.end, 3)) for s in speech]
    assert made.covered == pytest.approx(0.0, abs=0.05)
    assert made.doubtful == ()


def test_a_gap_says_whose_text_was_left_out() -> None:
    speech = (Speech(0.0, 5.0),)
    gaps = account(
        [
            answer(speech, doubts=(Doubt.STOCK, Doubt.SPARSE)),
            answer(speech, doubts=(Doubt.LOOP, Doubt.SILENT)),
            answer(speech, doubts=(Doubt.EMPTY,)),
        ],
        10.0,
        1.0,
    ).gaps
    assert [gap.reason for gap in gaps] == ["stock", "silent", "empty"]


def test_doubtful_text_is_listed_with_its_worst_reason_and_other_text_is_not() -> None:
    speech, words = (Speech(0.0, 1.0),), (word(0.0, 1.0),)
    made = account([answer(speech, words, (Doubt.LOOP, Doubt.UNSURE)), answer(speech, words)], 10.0, 1.0)
    assert [(p.start, p.end, p.reason) for p in made.doubtful] == [(0.0, 1.0, "loop")]
    assert made.gaps == ()


def test_windows_questions_and_seconds_are_counted() -> None:
    one = Answer(0, 2, (Speech(0, 2),), "ord", (word(0, 2),), (), (Doubt.LOOP, Doubt.LOOP, Doubt.FAST), 1)
    made = account([one, answer((Speech(3, 4.5),), (word(3, 4),))], 60.0004, 2.0)
    assert made.decoded_again == (("fast", 1), ("loop", 2))
    assert (made.windows, made.names, made.speech, made.duration, made.busy) == (2, 1, 3.5, 60.0, 2.0)


def test_nothing_heard_has_an_account_too() -> None:
    made = account([], 0.0, 0.0)
    assert (made.gaps, made.doubtful, made.covered, made.speed) == ((), (), 1.0, 0.0)
