from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalogue import Segment, Word
from segment.stream import Stream


def test_words_begin_sentences_after_full_stops_pauses_and_new_speakers() -> None:
    stream = Stream.of(
        [
            Segment(0, 4, "Tak for det. Så går vi", "A"),
            Segment(4, 6, "til punkt fem", "A"),
            Segment(6, 7, "ja", "B"),
            Segment(9, 10, "nej", "B"),
        ]
    )
    assert [w for w, begins in zip(stream.words, stream.begins, strict=True) if begins] == [
        "tak",
        "så",
        "ja",
        "nej",
    ]
    assert stream.gaps[-1] == 2.0


def test_a_word_has_the_time_of_the_recognised_word_or_its_share_of_the_segment() -> None:
    timed = Segment(
        10,
        20,
        "Hej med dig",
        words=(Word(10, 11, " Hej", 1), Word(15, 16, " med", 1), Word(19, 20, " dig", 1)),
    )
    assert Stream.of([timed]).times == (10, 15, 19)
    untimed = Stream.of([Segment(10, 20, "Hej med dig")]).times
    assert untimed[0] == 10
    assert 12 < untimed[1] < untimed[2] < 20


@given(st.lists(st.tuples(st.text(max_size=30), st.floats(0, 5), st.floats(0, 5)), max_size=10))
def test_times_never_run_backwards_and_lie_in_their_segment(parts: list[tuple[str, float, float]]) -> None:
    at, spoken = 0.0, []
    for text, gap, length in parts:
        spoken.append(Segment(at + gap, at + gap + length, text))
        at += gap + length
    stream = Stream.of(spoken)
    assert list(stream.times) == sorted(stream.times)
    for time, segment in zip(stream.times, stream.segments, strict=True):
        assert spoken[segment].start <= time <= spoken[segment].end
