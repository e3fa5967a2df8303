"""Where Danish may be broken: the Line Treatment that the captions keep."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.phrases import (
    BOUND,
    CHARACTERS_A_LINE,
    CLAUSE,
    CLOSE,
    CONJUNCTION,
    PLAIN,
    PREPOSITION,
    SENTENCE,
    Passage,
    blocks,
    break_cost,
    hyphenated,
)


@pytest.mark.parametrize(
    ("before", "after", "cost"),
    [
        ("åbnet.", "Vi", SENTENCE),
        ("sagt?«", "Ja", SENTENCE),
        ("naboerne,", "kommunen", CLAUSE),
        ("punkt:", "Budgettet", CLAUSE),
        ("godt", "og", CONJUNCTION),
        ("mener", "at", CONJUNCTION),
        ("haven", "som", CONJUNCTION),
        ("skolen", "i", PREPOSITION),
        ("pengene", "til", PREPOSITION),
        ("kommunen", "betaler", PLAIN),
        ("har", "besluttet", CLOSE),
        ("mener", "vi", CLOSE),
        ("skal", "ikke", CLOSE),
        ("tager", "ned", CLOSE),
        ("bliver", "til", CLOSE),
        ("glad", "for,", PLAIN),
        ("en", "plan", BOUND),
        ("den", "gamle", BOUND),
        ("økonomiske", "planer", BOUND),
        ("Karen", "Holm", BOUND),
        ("Holm", "(A)", BOUND),
        ("nr.", "5", BOUND),
        ("hr.", "Hansen", BOUND),
        ("1.", "behandling", BOUND),
        ("12", "millioner", BOUND),
        ("punkt", "7", BOUND),
        ("på", "torsdag", BOUND),
        ("og", "kommunen", BOUND),
        ("tid", "–", BOUND),
        ("–", "altså", CLAUSE),
    ],
)
def test_what_a_break_costs(before: str, after: str, cost: float) -> None:
    assert break_cost(before, after) == cost


def broken(text: str, indent: int = 0) -> list[list[str]]:
    words = text.split()
    passage = Passage(words, [float(n) for n in range(len(words) + 1)], [len(words)] * len(words), indent)
    found = []
    for block in blocks(passage, 0.8, 17.0):
        cut = block.end if block.second is None else block.second
        found.append([" ".join(words[block.start : cut]), " ".join(words[cut : block.end])])
    return found


def test_breaks_after_punctuation_and_before_small_words() -> None:
    assert broken("Vi har talt om det her i udvalget, og derfor stemmer vi for planen.") == [
        ["Vi har talt om det her i udvalget,", "og derfor stemmer vi for planen."]
    ]
    assert broken("Forvaltningen vender tilbage med et notat om skolerne i Tranevig.") == [
        ["Forvaltningen vender tilbage", "med et notat om skolerne i Tranevig."]
    ]


def test_a_name_stays_whole() -> None:
    shown = broken("Ordet er nu givet videre til fru Karen Margrethe Holm Sørensen fra gruppen.")
    assert any("Karen Margrethe Holm Sørensen" in line for block in shown for line in block)


def test_the_shorter_line_comes_first() -> None:
    ((above, below),) = broken("aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeee")
    assert len(above) < len(below)


def test_a_name_takes_room_on_the_first_line_only() -> None:
    assert broken("Jeg vil gerne takke for et godt oplæg", indent=0) == [
        ["Jeg vil gerne takke for et godt oplæg", ""]
    ]
    assert broken("Jeg vil gerne takke for et meget godt oplæg i dag", indent=20) == [
        ["Jeg vil gerne takke", "for et meget godt oplæg i dag"]
    ]
    assert broken("Jeg vil gerne takke for et godt oplæg", indent=42) == [
        ["", "Jeg vil gerne takke for et godt oplæg"]
    ]


def test_a_text_of_single_letters_takes_time_in_proportion() -> None:
    began = time.process_time()
    assert len(broken("a " * 20_000)) >= 400
    assert time.process_time() - began < 4.0


@given(st.lists(st.text("abcø,.-", min_size=1, max_size=42), max_size=60), st.integers(0, 42))
def test_every_word_is_in_one_block_and_every_line_fits(words: list[str], indent: int) -> None:
    found = broken(" ".join(words), indent)
    assert [word for block in found for line in block for word in line.split()] == words
    for number, (above, below) in enumerate(found):
        assert len(above) + (indent if number == 0 and above else 0) <= CHARACTERS_A_LINE
        assert len(below) <= CHARACTERS_A_LINE


def test_a_word_longer_than_a_line_is_hyphenated_and_whole() -> None:
    first, second = hyphenated("Sammenhængskommissionsbetænkningsudvalgsformandskandidaten")
    assert (first, second) == ("Sammenhængskommissionsbetænkningsudvalgsf-", "ormandskandidaten")


def test_an_accent_stays_on_its_letter_and_an_emoji_whole() -> None:
    first, second = hyphenated("a" * 40 + "e\u0301" + "a" * 20)
    assert (first, second[:2]) == ("a" * 40 + "-", "e\u0301")
    first, second = hyphenated("a" * 40 + "\U0001f469\u200d\U0001f4bb" + "a" * 20)
    assert second.startswith("\U0001f469\u200d\U0001f4bb")
    assert all(len(part) <= 42 for part in hyphenated("e" + "\u0301" * 500))


@given(st.text(min_size=1, max_size=300))
def test_a_word_in_parts_is_whole(word: str) -> None:
    *parts, last = hyphenated(word)
    assert all(len(part) <= CHARACTERS_A_LINE and part.endswith("-") for part in parts)
    assert "".join(part[:-1] for part in parts) + last == word
