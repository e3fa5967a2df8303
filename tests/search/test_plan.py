"""What a typed word is taken to mean, against the words of an archive."""

from __future__ import annotations

from search.analyser import terms
from search.plan import Plan, make_plan, near_words
from search.query import parse_query
from search.vocabulary import Vocabulary

SAID = {"oevrigt": 900, "ovrigt": 1, "fortsat": 500, "forsat": 2, "far": 40, "faar": 3000, "cykelsti": 5}
STEMS = {stem: count for word, count in SAID.items() for stem in terms(word, word).lemmas}
ARCHIVE = Vocabulary(SAID, STEMS, {})


def plan(typed: str, *, widened: bool = False) -> Plan:
    return make_plan(parse_query(typed), ARCHIVE, widened=widened)


def norms(typed: str, *, widened: bool = False) -> set[str]:
    return set(plan(typed, widened=widened).words[0].norms)


def test_a_word_hardly_ever_said_stands_for_a_common_one_like_it() -> None:
    assert norms("ovrigt ") == {"ovrigt", "oevrigt"}
    assert norms("forsat ") == {"forsat", "fortsat"}


def test_a_word_of_its_own_is_left_alone_until_nothing_is_found() -> None:
    assert norms("far ") == {"far"}
    assert norms("far ", widened=True) == {"far", "faar"}


def test_a_common_word_never_stands_for_a_rare_one() -> None:
    assert norms("fortsat ") == {"fortsat"}


def test_words_like_those_hardly_said_are_named() -> None:
    assert near_words(parse_query("forsat cykelsti "), ARCHIVE) == {"forsat": ("fortsat",)}
    assert near_words(parse_query("cykelstj "), ARCHIVE) == {"cykelstj": ("cykelsti",)}
    assert near_words(parse_query("cykel"), ARCHIVE) == {}  # may be unfinished
    assert near_words(parse_query("fortsat "), ARCHIVE) == {}
