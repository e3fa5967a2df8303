"""Words become sentences: all of them, in order, cut where a sentence ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Segment, Word
from transcribe.gate import Doubt
from transcribe.hearing import Answer
from transcribe.sentences import LONG_PAUSE, LONGEST, rebuild
from transcribe.windows import Speech

PACE = 0.3  # s a word


def answer(text: str, start: float = 0.0, doubts: tuple[Doubt, ...] = (), aligned: bool = True) -> Answer:
    said = text.split()
    words = tuple(Word(start + n * PACE, start + (n + 1) * PACE, w, 0.9) for n, w in enumerate(said))
    end = start + max(1, len(said)) * PACE
    return Answer(start, end, (Speech(start, end),), text, words if aligned else (), doubts)


def sentences(*texts: str) -> list[str]:
    """The sentences of windows that follow one another at once."""
    clock, answers = 0.0, []
    for text in texts:
        answers.append(answer(text, clock))
        clock = answers[-1].end
    return [s.text for s in rebuild(answers)]


def check(segments: tuple[Segment, ...]) -> None:
    clock = 0.0
    for segment in segments:
        assert clock <= segment.start <= segment.end
        inside = segment.start
        for word in segment.words:
            assert inside <= word.start <= word.end <= segment.end
            inside = word.end
        clock = segment.end


some_words = st.sampled_from(["ja", "Nej.", "bl.a.", "5.", "maj", "Det", "er,", "så…", "»Hvad?«", "18.30"])


@st.composite
def recordings(draw: st.DrawFn) -> list[Answer]:
    """Windows in order, whose words may overlap the next window's, with doubts, without words, without text."""
    clock, answers = 0.0, list[Answer]()
    for _ in range(draw(st.integers(0, 8))):
        start = moment = clock
        words = []
        for said in draw(st.lists(some_words, max_size=20)):
            moment += draw(st.sampled_from([0.0, 0.1, 0.4, 2.0]))
            taken = draw(st.sampled_from([0.0, 0.3, 3.0]))
            words.append(Word(moment, moment + taken, said, 0.9))
            moment += taken
        end = moment + draw(st.floats(0, 1))
        clock = max(start, end - draw(st.sampled_from([0.0, 0.0, 1.0])))  # the next may begin before
        text = " ".join(w.word for w in words) or draw(st.sampled_from(["", "uden ord"]))
        doubts = draw(st.sampled_from([(), (), (Doubt.LOOP,), (Doubt.UNSURE, Doubt.HOLE)]))
        answers.append(Answer(start, end, (Speech(start, end),), text, tuple(words), doubts))
    return answers


@given(recordings())
def test_times_never_run_backwards(answers: list[Answer]) -> None:
    check(rebuild(answers))


@given(recordings())
def test_every_word_is_in_one_sentence_and_in_order(answers: list[Answer]) -> None:
    said = " ".join(a.text for a in answers if a.text)
    assert " ".join(s.text for s in rebuild(answers)) == said
    words = [w.word for a in answers for w in a.words]
    assert [w.word for s in rebuild(answers) for w in s.words] == words
    assert all(s.text == " ".join(w.word for w in s.words) for s in rebuild(answers) if s.words)


@given(recordings())
def test_no_sentence_is_much_longer_than_allowed(answers: list[Answer]) -> None:
    for segment in rebuild(answers):
        if segment.words:
            last = segment.words[-1]
            assert last.start - segment.start < LONGEST + LONG_PAUSE
            assert len(segment.words) == 1 or segment.words[-2].end - segment.start < LONGEST


@given(recordings())
def test_doubtful_text_shares_no_sentence_with_other_text(answers: list[Answer]) -> None:
    segments = rebuild(answers)
    for doubt in ("", "loop", "unsure"):
        theirs = [a.text for a in answers if a.text and (str(a.doubts[0]) if a.doubts else "") == doubt]
        assert " ".join(s.text for s in segments if s.doubt == doubt) == " ".join(theirs)


def test_nothing_heard_is_no_sentence() -> None:
    assert rebuild([]) == ()
    assert rebuild([answer("", doubts=(Doubt.EMPTY,))]) == ()


def test_a_sentence_goes_over_windows() -> None:
    assert sentences("Så går vi til", "det næste punkt. Det", "er budgettet.") == [
        "Så går vi til det næste punkt.",
        "Det er budgettet.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Vi har bl.a. set på Vestbyen.",
        "Mødet begynder kl. 18.30 i byrådssalen.",
        "Det var den 5. maj sidste år.",
        "Se pkt. 7 i bilaget.",
        "Det koster ca. 3 mio. kr. om året.",
        "Jf. § 12 i loven.",
        "Han var her f.eks. Mandag.",
        "Det er S. P. Jensens vej.",
        "Det er, hvad vi kalder Christian 10. Bro.",
        "Er det 2,5 pct. eller 3?",
        "Hvad er det? sagde han.",
        "Budgettet er 1.250.000 kr. om året.",
        "Vi tager nr. 14 først.",
        "Det gælder skoler, veje osv. i hele byen.",
    ],
)
def test_a_sentence_is_not_cut_within(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Det er vedtaget. Tak for det.", "Det er vedtaget."),
        ("Er der nogen? Det er der ikke.", "Er der nogen?"),
        ("Det var i 2025. Siden er det gået godt.", "Det var i 2025."),
        ("Mødet slutter kl. 18.30. Tak for i dag.", "Mødet slutter kl. 18.30."),
        ('Han sagde: "Ja." Så gik han.', 'Han sagde: "Ja."'),
        ("Nå… Vi får se.", "Nå…"),
        ("Det var det! 12 stemte for.", "Det var det!"),
    ],
)
def test_a_sentence_ends_at_its_stop(text: str, first: str) -> None:
    assert sentences(text) == [first, text[len(first) + 1 :]]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Vi er nået til punkt 7. Det handler om havnen.", "Vi er nået til punkt 7."),
        ("Det gælder veje, stier m.m. Derfor stemmer vi for.", "Det gælder veje, stier m.m."),
    ],
)
def test_a_sentence_that_ends_with_a_number_or_abbreviation_ends(text: str, first: str) -> None:
    assert sentences(text) == [first, text[len(first) + 1 :]]


def test_a_sentence_ends_with_its_quotation() -> None:
    assert sentences("Han sagde: »Ja.« Så gik han.") == ["Han sagde: »Ja.«", "Så gik han."]


def test_an_abbreviation_in_brackets_is_one_too() -> None:
    assert sentences("Vi ser på skoler (bl.a. Vestre Skole) i år.") == [
        "Vi ser på skoler (bl.a. Vestre Skole) i år."
    ]


def test_a_long_pause_ends_a_sentence() -> None:
    near, far = answer("og så er der"), answer("den næste", start=1.2 + LONG_PAUSE)
    assert [s.text for s in rebuild([near, far])] == ["og så er der", "den næste"]
    assert len(rebuild([near, answer("den næste", start=1.1 + LONG_PAUSE)])) == 1


def test_a_long_sentence_ends_at_a_comma_or_a_pause_and_in_any_case_at_last() -> None:
    words = ["ord"] * 90  # 27 s
    words[75] = "ord,"  # 22.8 s
    words[30] = "ord,"  # 9.3 s; not yet
    assert [len(s.words) for s in rebuild([answer(" ".join(words))])] == [76, 14]
    endless = rebuild([answer(" ".join(["ord"] * 400))])  # 120 s
    assert all(LONGEST <= s.end - s.start <= LONGEST + PACE + 1e-6 for s in endless[:-1])
    early, late = answer(" ".join(["ord"] * 70)), answer("ord ord", start=21.35)
    assert [len(s.words) for s in rebuild([early, late])] == [70, 2]


def test_text_that_could_not_be_aligned_has_its_windows_time() -> None:
    made = rebuild([answer("Ja og", 0.0), answer("uden ord", 3.0, aligned=False), answer("så videre.", 6.0)])
    assert [(s.text, s.start, len(s.words)) for s in made] == [
        ("Ja og", 0.0, 2),
        ("uden ord", 3.0, 0),
        ("så videre.", 6.0, 2),
    ]


def test_a_sentence_ends_where_doubt_begins_and_where_it_ends() -> None:
    made = rebuild([answer("Det er", 0), answer("måske", 0.6, (Doubt.UNSURE,)), answer("sådan.", 0.9)])
    assert [(s.text, s.doubt) for s in made] == [("Det er", ""), ("måske", "unsure"), ("sådan.", "")]
