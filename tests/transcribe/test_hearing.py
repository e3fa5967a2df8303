"""How windows are asked for, answered and asked for again; the answers are made by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcribe.gate import NOT_SPEECH, Doubt
from transcribe.hearing import AGAINST_LOOPS, DEEPEST, Answer, Question, hear
from transcribe.names import Names
from transcribe.stretches import PADDING, Prepared
from transcribe.whisper import (
    FRAMES_A_SECOND,
    LONGEST_WINDOW,
    SAMPLE_RATE,
    Heard,
    HeardWord,
    Way,
    compression,
    log_mel,
)
from transcribe.windows import Speech, Window

MEL, BEAM = 80, 5
WHOLE = round(LONGEST_WINDOW * FRAMES_A_SECOND)
WITHOUT_LOOPS = Way(BEAM, *AGAINST_LOOPS)
NOBODY = Names(())
# A window, its halves and theirs: each is asked for, filled up, without loops, and perhaps with names.
MOST_QUESTIONS = 4 * (2 ** (DEEPEST + 1) - 1)

Reply = Callable[[Question], Heard]


@pytest.fixture(scope="module", autouse=True)
def _engine() -> None:
    pytest.importorskip("faster_whisper", reason="the extra [transcribe] is not installed")


def prepared(speech: tuple[Speech, ...]) -> Prepared:
    window = Window(max(0.0, speech[0].start - 0.25), speech[-1].end + 0.35, speech)
    length = window.end - window.start
    shown = min(-(-(length + PADDING) // 2) * 2, LONGEST_WINDOW)
    samples = np.zeros(round(length * SAMPLE_RATE), dtype=np.int16)
    return Prepared(window, samples, log_mel(samples, shown, MEL), 0.9)


def talk(seconds: float, pieces: int = 1, start: float = 100.0) -> Prepared:
    """A window of so many seconds of speech, in pieces with pauses of 0.3 s."""
    each = seconds / pieces
    return prepared(
        tuple(Speech(start + n * (each + 0.3), start + n * (each + 0.3) + each) for n in range(pieces))
    )


def answered(window: Prepared, reply: Reply, names: Names = NOBODY) -> tuple[list[Answer], list[Question]]:
    asked: list[Question] = []
    hearing = hear(window, MEL, BEAM, names)
    try:
        question = next(hearing)
        while True:
            asked.append(question)
            question = hearing.send(reply(question))
    except StopIteration as done:
        return done.value, asked


def words_for(seconds: float) -> list[str]:
    chance = random.Random(round(seconds * 1000))
    return ["".join(chance.choices("abdefghijklmnoprstuvæøå", k=6)) for _ in range(round(seconds * 2.5))]


def heard(
    words: list[str], seconds: float, sure: float = -0.3, certain: float = 0.95, at_limit: bool = False
) -> Heard:
    each = seconds / max(1, len(words))
    placed = tuple(HeardWord(n * each, (n + 1) * each, w, certain) for n, w in enumerate(words))
    text = " ".join(words)
    return Heard(text, placed, sure, 0.01, compression(text), at_limit)


def fine(question: Question) -> Heard:
    """As many words as the window has room for. (Filled up to 30 s its length cannot be told.)"""
    seconds = question.features.shape[1] / FRAMES_A_SECOND - PADDING
    return heard(words_for(seconds), seconds)


def test_a_good_answer_is_taken_at_once() -> None:
    window = talk(10.0)
    said = heard(words_for(10.0), 10.6)
    (answer,), asked = answered(window, lambda _: said)
    assert [q.way for q in asked] == [Way(BEAM)]
    assert np.array_equal(asked[0].features, window.features)
    assert (answer.text, answer.doubts, answer.decoded_again, answer.names) == (said.text, (), (), 0)
    assert (answer.start, answer.end) == (window.window.start, window.window.end)
    assert answer.speech == window.window.speech
    assert [w.word for w in answer.words] == said.text.split()


def test_a_loop_is_asked_for_again_filled_up_and_then_with_a_ban_on_loops() -> None:
    good = heard(words_for(10.0), 10.6)
    (answer,), asked = answered(
        talk(10.0), lambda q: good if q.way == WITHOUT_LOOPS else heard(["ja", "tak"] * 12, 10.6)
    )
    assert [q.way for q in asked] == [Way(BEAM), Way(BEAM), WITHOUT_LOOPS]
    assert [q.features.shape[1] for q in asked[1:]] == [WHOLE, WHOLE]
    assert answer.text == good.text
    assert answer.decoded_again == (Doubt.LOOP, Doubt.LOOP)


def test_a_loop_that_goes_away_when_filled_up_is_not_asked_for_a_third_time() -> None:
    good = heard(words_for(10.0), 10.6)
    (answer,), asked = answered(
        talk(10.0), lambda q: good if q.features.shape[1] == WHOLE else heard(["ja", "tak"] * 12, 10.6)
    )
    assert [q.way for q in asked] == [Way(BEAM), Way(BEAM)]
    assert (answer.text, answer.doubts) == (good.text, ())


@given(st.floats(4, 19), st.integers(1, 6))
@settings(max_examples=8, deadline=None)
def test_text_at_the_limit_is_halved_until_nothing_is_cut_off(seconds: float, pieces: int) -> None:
    """The whole window always comes to the limit, its parts never do."""
    window = talk(seconds, pieces)
    whole = {window.features.shape[1], WHOLE}

    def reply(question: Question) -> Heard:
        if question.features.shape[1] in whole:
            return heard(words_for(seconds), seconds, at_limit=True)
        return fine(question)

    answers, asked = answered(window, reply)
    if len(answers) == 1:  # so long that even its half is shown with as many frames
        assert Doubt.LIMIT in answers[0].doubts or len(asked) == 1
    else:
        assert not any(Doubt.LIMIT in answer.doubts for answer in answers)
        assert answers[0].decoded_again[:2] == (Doubt.LIMIT, Doubt.LIMIT)
    covers(answers, window)


def covers(answers: list[Answer], window: Prepared) -> None:
    """All speech of a window is in its answers, once and in order."""
    speech = [s for answer in answers for s in answer.speech]
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(speech))
    assert sum(s.seconds for s in speech) == pytest.approx(window.window.spoken)
    assert speech[0].start == window.window.speech[0].start
    assert speech[-1].end == window.window.speech[-1].end
    words = [w for answer in answers for w in answer.words]
    assert all(a.end <= b.start + 0.001 for a, b in pairwise(words))


def test_halves_that_are_no_better_are_not_taken() -> None:
    """Nobody hears anything: the window stays one, empty and doubted."""
    (answer,), asked = answered(talk(12.0, 4), lambda _: heard([], 0))
    assert (answer.text, answer.words, answer.doubts) == ("", (), (Doubt.EMPTY,))
    assert len(asked) <= MOST_QUESTIONS
    assert set(answer.decoded_again) == {Doubt.EMPTY}


def test_a_short_window_is_not_halved() -> None:
    window = talk(2.3, 2)
    assert window.window.end - window.window.start < 3.3
    short = talk(2.0, 2)
    _, asked = answered(short, lambda _: heard([], 0))
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("text", "doubt"),
    [("Danske tekster af Nicolai Winther", Doubt.STOCK), ("Tak fordi du så med", Doubt.STOCK)],
)
def test_text_that_is_nobodys_is_dropped_and_said(text: str, doubt: Doubt) -> None:
    (answer,), _ = answered(talk(2.5), lambda _: heard(text.split(), 2.5))
    assert (answer.text, answer.words) == ("", ())
    assert answer.doubts[0] == doubt


def test_text_where_nobody_is_heard_is_dropped() -> None:
    words = words_for(2.5)
    silent = Heard(" ".join(words), heard(words, 2.5).words, -1.5, 0.9, 1.0, False)
    (answer,), _ = answered(talk(2.5), lambda _: silent)
    assert answer.text == ""
    assert set(answer.doubts) & NOT_SPEECH == {Doubt.SILENT}


def test_a_doubtful_answer_that_never_gets_better_is_kept_and_marked() -> None:
    unsure = heard(words_for(10.0), 10.6, sure=-1.4)
    (answer,), asked = answered(talk(10.0), lambda _: unsure)
    assert len(asked) == 2
    assert answer.text == unsure.text
    assert answer.doubts == (Doubt.UNSURE,)
    assert answer.decoded_again == (Doubt.UNSURE,)


def test_of_two_doubtful_answers_the_much_surer_one_is_kept() -> None:
    first = heard(words_for(10.0), 10.6, sure=-1.5)
    for sure, kept in ((-1.2, True), (-1.46, False), (-1.8, False)):
        second = heard(words_for(10.2), 10.6, sure=sure)
        replies = iter([first, second])
        (answer,), _ = answered(talk(10.0), lambda _, replies=replies: next(replies))  # type: ignore[misc]
        assert answer.text == (second if kept else first).text


# Names

GELLERUP = Names(["Gellerupparken", "Kobberbækken"])


def with_name(name: str, certain: float, sure: float = -0.3) -> Heard:
    words = words_for(10.0)
    words[10] = name
    made = heard(words, 10.6, sure, certain=0.97)
    told = tuple(
        HeardWord(w.start, w.end, w.word, certain if w.word == name else w.probability) for w in made.words
    )
    return Heard(made.text, told, made.log_probability, made.no_speech, made.compression, False)


def test_a_name_is_asked_for_only_where_the_model_is_unsure_of_it() -> None:
    _, asked = answered(talk(10.0), lambda _: with_name("Gellerubparken", 0.95), GELLERUP)
    assert [q.names for q in asked] == [()]
    _, asked = answered(talk(10.0), lambda _: with_name("Gellerubparken", 0.4), GELLERUP)
    assert [q.names for q in asked] == [(), ("Gellerupparken",)]
    _, asked = answered(talk(10.0), lambda _: with_name("spildevand", 0.4), GELLERUP)
    assert [q.names for q in asked] == [()]


def test_a_name_that_comes_when_it_is_told_is_taken() -> None:
    right = with_name("Gellerupparken", 0.9, sure=-0.35)
    (answer,), asked = answered(
        talk(10.0), lambda q: right if q.names else with_name("Gellerubparken", 0.4), GELLERUP
    )
    assert (answer.text, answer.names, answer.doubts, answer.decoded_again) == (right.text, 1, (), ())
    assert asked[1].way == Way(BEAM)


@pytest.mark.parametrize(
    "told",
    [
        heard(
            ["Gellerupparken,", "Kobberbækken."] + ["Gellerupparken"] * 20, 10.6
        ),  # the list, over and over
        heard(["Gellerupparken,"], 10.6),  # the list
        heard(words_for(10.0), 10.6),  # no name at all
        with_name("Gellerupparken", 0.9, sure=-0.45),  # much less sure of the rest
        with_name("Gellerupparken", 0.9, sure=-1.2),
        heard([], 0),
    ],
)
def test_the_first_answer_is_kept_where_names_do_not_help(told: Heard) -> None:
    first = with_name("Gellerubparken", 0.4)
    (answer,), asked = answered(talk(10.0), lambda q: told if q.names else first, GELLERUP)
    assert len(asked) == 2
    assert (answer.text, answer.names, answer.doubts) == (first.text, 0, ())


def test_an_echo_of_two_names_in_the_order_told_is_not_taken() -> None:
    words = words_for(10.0)
    words[10:12] = ["Gellerubparken", "Koberbækken"]
    first = heard(words, 10.6, certain=0.4)

    def reply(question: Question) -> Heard:
        if not question.names:
            return first
        said = words_for(10.0)
        said[10:12] = question.names
        return heard(said, 10.6)

    (answer,), asked = answered(talk(10.0), reply, GELLERUP)
    assert set(asked[1].names) == {"Gellerupparken", "Kobberbækken"}
    assert answer.text == first.text


# Whatever the model says

some_text = st.sampled_from(
    ["", "ja", "tak " * 30, "Danske tekster af Nicolai Winther", "Gellerubparken ligger her", "♪"]
) | st.integers(1, 60).map(lambda n: " ".join(words_for(n)))


@st.composite
def anything(draw: st.DrawFn) -> Heard:
    text = draw(some_text).strip()
    times = st.floats(0, 25)
    words = tuple(HeardWord(draw(times), draw(times), w, draw(st.floats(0, 1))) for w in text.split()[:6])
    return Heard(
        text, words, draw(st.floats(-3, 0)), draw(st.floats(0, 1)), compression(text), draw(st.booleans())
    )


@given(st.data(), st.floats(1, 19), st.integers(1, 6))
@settings(max_examples=10, deadline=None)
def test_whatever_the_model_says_a_window_comes_to_an_end(
    data: st.DataObject, seconds: float, pieces: int
) -> None:
    window = talk(seconds, pieces)
    answers, asked = answered(window, lambda _: data.draw(anything()), GELLERUP)
    assert len(asked) <= MOST_QUESTIONS
    covers(answers, window)
    for answer in answers:
        assert not (answer.text and NOT_SPEECH & set(answer.doubts))
        assert bool(answer.text) or not answer.words
        assert answer.text or answer.doubts


@given(st.floats(4, 19), st.integers(1, 6), st.sampled_from(["ja tak " * 30, "", "ja"]), st.booleans())
@settings(max_examples=6, deadline=None)
def test_a_model_that_never_gets_better_is_not_asked_for_ever(
    seconds: float, pieces: int, text: str, at_limit: bool
) -> None:
    said = heard(text.split(), seconds, at_limit=at_limit)
    answers, asked = answered(talk(seconds, pieces), lambda _: said, GELLERUP)
    assert len(asked) <= MOST_QUESTIONS
    assert answers[0].decoded_again


def test_the_same_answers_come_to_the_same() -> None:
    def reply(question: Question) -> Heard:
        return fine(question) if question.features.shape[1] < 1000 else heard(["ja"] * 30, 12.0)

    assert answered(talk(18.0, 5), reply)[0] == answered(talk(18.0, 5), reply)[0]
