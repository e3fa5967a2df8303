"""What a typed word is taken to mean, against the words of an archive."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.analyser import terms
from search.plan import Plan, make_plan, near_words
from search.query import parse_query
from search.vocabulary import Vocabulary

SAID = {"oevrigt": 900, "ovrigt": 1, "fortsat": 500, "forsat": 2, "far": 40, "faar": 3000, "cykelsti": 5}
STEMS = {stem: count for word, count in SAID.items() for stem in terms(word).lemmas}
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


def test_compounds_that_no_dictionary_splits_are_learned_from_the_archive() -> None:
    said = {
        "prehn": 9,
        "skole": 200,
        "prehnskolen": 4,
        "regering": 500,
        "ring": 40,
        "bil": 50,
        "billede": 60,
        "lede": 20,
    }
    stems = {stem: count for word, count in said.items() for stem in terms(word).lemmas}
    archive = Vocabulary(said, stems, {})
    (whole,) = terms("prehnskolen").lemmas
    for typed in ("prehn ", "skolen "):
        assert make_plan(parse_query(typed), archive).words[0].within == {whole}
    for typed in ("ring ", "bil "):
        assert not make_plan(parse_query(typed), archive).words[0].within


def test_passages_that_are_gone_neither_make_nor_hide_a_compound() -> None:
    """The lists count them until the engine has merged them away."""
    prehn, school, whole = (terms(word).lemmas[0] for word in ("prehn", "skole", "prehnskolen"))
    listed = {prehn: 9, school: 200, whole: 400}
    for there, found in (
        (listed, ()),  # said too often for its parts
        (listed | {whole: 4}, (whole,)),
        (listed | {whole: 4, prehn: 1}, ()),
        (listed | {whole: 0}, ()),
    ):
        counted = Vocabulary({}, listed, {}, lambda _, term, there=there: there[term])  # type: ignore[misc]
        assert counted.compounds(school) == found
    rare = Vocabulary(
        {}, {prehn: 2, school: 200, whole: 4}, {}, lambda _, term: {whole: 4, school: 200}[term]
    )
    assert rare.compounds(school) == ()  # and what the list decides alone is not counted


@given(
    st.dictionaries(st.text("abdeklrst", min_size=1, max_size=9), st.integers(1, 999), max_size=40),
    st.text("abdeklrst"),
)
def test_a_learned_compound_holds_the_word_and_another(said: dict[str, int], stem: str) -> None:
    for whole in Vocabulary(said, said, {}).compounds(stem):
        assert whole in said
        assert whole.startswith(stem) or whole.endswith(stem)
        assert len(whole) > len(stem)
