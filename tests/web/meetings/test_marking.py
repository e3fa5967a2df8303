"""Marks in a text that is rendered already: the words stay as they were, whatever is marked in them."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from catalogue import Sentence, Word
from web.marking import sentence_html, sentence_places, with_marks
from web.reading import Line, Ranges, unsure_words

RANGES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair))), max_size=5
).map(lambda ranges: tuple(sorted(ranges)))


def line(text: str, unsure: Ranges = ()) -> Line:
    return Line("s-1", "1", text, corrected=False, doubtful=False, end="2", unsure=unsure)


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"</?(?:u|mark)>", "", markup))


@given(st.text(max_size=30), RANGES, RANGES)
def test_marks_change_no_word_and_close_what_they_open(text: str, unsure: Ranges, marked: Ranges) -> None:
    made = str(sentence_html(line(text, unsure), marked))
    assert text_of(made).replace("\r", "\n") == text.replace("\r", "\n")
    opened: list[str] = []
    for closing, tag in re.findall(r"<(/?)(u|mark)>", made):
        if closing:
            assert opened.pop() == tag
        else:
            opened.append(tag)
    assert not opened


def test_what_was_found_and_what_is_unsure() -> None:
    made = sentence_html(line("Ny cykelsti & bro", ((3, 11),)), ((3, 8), (14, 17)))
    assert made == "Ny <mark><u>cykel</u></mark><u>sti</u> &amp; <mark>bro</mark>"


def test_marks_are_set_into_a_rendered_text() -> None:
    page = Markup('<p><a id="s-1" href="?t=1">Et &lt;b&gt;</a> <a id="s-2" href="?t=2">To</a></p>')
    places = sentence_places(page)
    made = with_marks(page, places, "s-1", {"s-2": Markup("<mark>To</mark>"), "s-9": Markup("nej")})
    assert made == (
        '<p><a id="s-1" aria-current="true" href="?t=1">Et &lt;b&gt;</a> '
        '<a id="s-2" href="?t=2"><mark>To</mark></a></p>'
    )
    assert with_marks(page, places, None, {}) is page


def heard(text: str, *words: tuple[str, float]) -> Sentence:
    return Sentence(0.0, 1.0, text, None, None, 1, tuple(Word(0.0, 1.0, word, sure) for word, sure in words))


def test_words_the_model_is_unsure_of() -> None:
    said = heard(
        "En ny ny bro, tak.", (" En", 0.9), (" ny", 0.9), (" ny", 0.4), (" bro,", 0.2), (" tak.", 0.5)
    )
    assert [said.text[a:b] for a, b in unsure_words(said)] == ["ny bro,"]
    assert unsure_words(said)[0][0] == 6


def test_a_word_that_is_not_in_the_text_is_passed_over() -> None:
    said = heard("To pct. er nok.", (" 2", 0.1), (" %", 0.1), (" er", 0.9), (" nok.", 0.1))
    assert [said.text[a:b] for a, b in unsure_words(said)] == ["nok."]
