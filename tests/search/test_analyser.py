from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analyser import analyse
from search.compounds import parts
from search.highlight import Marker
from search.lemmas import lemma
from search.plan import Plan, make_plan
from search.query import MOST_WORDS, Phrase, Word, parse_query
from search.tokens import fold, tokenise
from search.vocabulary import Vocabulary

text = st.text(max_size=120) | st.lists(
    st.sampled_from(
        ["cykelsti", '"ny cykelsti"', "-skole", "§ 18", "1.250.000", "Århus", "og", '"', "-", "æ", " "]
    ),
    max_size=12,
).map(" ".join)


@settings(deadline=None)  # the first word loads the dictionary
@given(text)
def test_a_token_is_the_text_at_its_place(said: str) -> None:
    end = 0
    for token, terms in analyse(said):
        assert said[token.start : token.end] == token.surface
        assert end <= token.start < token.end
        assert token.norm == terms.norm
        assert terms.norm.strip() == terms.norm != ""
        assert not any(c.isspace() for term in (terms.norm, *terms.lemmas, *terms.parts) for c in term)
        end = token.end


@settings(deadline=None)  # the first word loads the dictionary
@given(text)
def test_nothing_that_is_typed_is_an_error(typed: str) -> None:
    query = parse_query(typed)
    count = len(query.words) + sum(len(p.tokens) for p in query.phrases)
    count += sum(len(w.tokens) if isinstance(w, Phrase) else 1 for w in query.without)
    assert count <= MOST_WORDS
    plan = make_plan(query, Vocabulary({"cykelsti": 3}, {"cykelsti": 3}, {"sti": 2}))
    assert isinstance(plan, Plan)
    spans = Marker(plan).highlight(typed)
    assert all(0 <= a < b <= len(typed) for a, b in spans)
    assert list(spans) == sorted(set(spans))


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Århus", "aarhus"),
        ("Ærø", "aeroe"),
        ("café", "cafe"),
        ("A\u030arhus", "aarhus"),
        ("STRASSE", "strasse"),
    ],
)
def test_spellings_fold_together(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_raad_is_not_rad() -> None:
    assert fold("råd") != fold("rad")


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("cykelstierne", ("cykel", "sti")),
        ("skolelukningen", ("skole", "lukning")),
        ("bibliotekslukning", ("bibliotek", "slukning", "lukning")),
        ("folkeskolen", ("folk", "skole")),
        ("spildevandsplan", ("spilde", "vand", "plan")),
        ("ældrepleje", ("gammel", "pleje")),
        ("kommuneplantillæg", ("kommune", "plan", "tillæg")),
        ("fællesskab", ()),
        ("sundhed", ()),
        ("skole", ()),
    ],
)
def test_compounds_are_split(word: str, wanted: tuple[str, ...]) -> None:
    assert parts(word) == wanted


def test_the_language_of_queries() -> None:
    query = parse_query('cykelsti og "ny skole" -vindmøller -"stor plan" strand')
    assert [(w.token.norm, w.prefix) for w in query.words] == [("cykelsti", False), ("strand", True)]
    assert [[t.norm for t in p.tokens] for p in query.phrases] == [["ny", "skole"]]
    excluded = [w.token.norm if isinstance(w, Word) else [t.norm for t in w.tokens] for w in query.without]
    assert excluded == ["vindmoeller", ["stor", "plan"]]
    assert not parse_query("strand ").words[0].prefix
    assert [w.token.norm for w in parse_query("og det").words] == ["og", "det"]
    assert [t.norm for t in tokenise("Høje-Taastrup 1.000 §18")] == ["hoeje", "taastrup", "1000", "§18"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2 %", "2 procent"),
        ("2 pct.", "2 procent"),
        ("3 mio. kr.", "3 millioner kroner"),
        ("nr. 4", "nummer 4"),
    ],
)
def test_what_is_written_short_is_what_is_said(written: str, said: str) -> None:
    assert [terms.lemmas for _, terms in analyse(written)] == [terms.lemmas for _, terms in analyse(said)]


def test_a_word_in_s_is_not_taken_for_another() -> None:
    assert lemma("kurs") == "kurs" and lemma("indsats") == "indsats"
    assert lemma("mødes") == lemma("møde") and lemma("øges") == "øge"
    assert lemma("tres") == "tres"  # sixty is no genitive of a tree
