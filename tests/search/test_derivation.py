from __future__ import annotations

import pytest

from search.analyser import apart, terms
from search.derivation import verb
from search.highlight import Marker
from search.plan import Plan, make_plan
from search.query import parse_query
from search.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("noun", "wanted"),
    [
        ("lukning", "lukke"),
        ("bygning", "bygge"),
        ("udvidelse", "udvide"),
        ("nedlæggelse", "nedlægge"),
        ("sammenlægning", "sammenlægge"),
        ("honning", None),
        ("skole", None),
    ],
)
def test_nouns_lead_to_their_verbs(noun: str, wanted: str | None) -> None:
    assert verb(noun) == wanted


def test_a_compound_is_said_apart_also_as_something_done() -> None:
    assert apart("skolelukninger") == (frozenset({"skol"}), frozenset({"lukning", "luk"}))
    assert apart("skole") == ()


def test_an_unsaid_compound_is_looked_for_by_what_it_says() -> None:
    archive = Vocabulary({"lukke": 3, "skole": 9}, {"luk": 3, "skol": 9}, {})
    (word,) = make_plan(parse_query("skolelukning "), archive).words
    assert [set(part.lemmas) for part in word.apart] == [{"skol"}, {"lukning", "luk"}]
    text = "De vil lukke en skole i byen"
    assert [text[a:b] for a, b in Marker(Plan((word,), (), (), ())).highlight(text)] == ["lukke", "skole"]
    assert Marker(Plan((word,), (), (), ())).highlight("Skolen er god") == ()


def test_a_compound_hardly_ever_said_is_found_whole_and_apart() -> None:
    archive = Vocabulary(
        {"lukke": 30, "skole": 90, "skolelukning": 2}, {"luk": 30, "skol": 90, "skolelukning": 2},
        {"skol": 2, "lukning": 2},
    )  # fmt: skip
    (word,) = make_plan(parse_query("skolelukning "), archive).words
    assert [set(part.lemmas) for part in word.apart] == [{"skol"}, {"lukning", "luk"}]
    assert word.match(terms("skolelukningen"))
    said_often = Vocabulary({"skolelukning": 9}, {"skolelukning": 9, "luk": 3, "skol": 9}, {})
    assert make_plan(parse_query("skolelukning "), said_often).words[0].apart == ()
