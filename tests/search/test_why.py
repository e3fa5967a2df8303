"""Each hit can say which word answers each word that was typed, and how."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Passage, Reason, SearchEngine, SearchRequest
from search.highlight import Marker
from search.plan import make_plan
from search.query import parse_query
from search.vocabulary import Vocabulary
from search.why import reasons
from tests.search.conftest import corpus


def told(engine: SearchEngine, query: str) -> set[tuple[str, str, str]]:
    hits = engine.search(SearchRequest(q=query, why=True, per_page=100)).hits
    return {(reason.typed, reason.found.lower(), reason.way) for hit in hits for reason in hit.why}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("cykelstien ", ("cykelstien", "cykelstien", "word")),
        ("cykelstier ", ("cykelstier", "cykelstien", "form")),
        ("cykelst", ("cykelst", "cykelstien", "beginning")),
        ("sti ", ("sti", "cykelstien", "part")),
        ("vimdmølle ", ("vimdmølle", "vindmølle", "like")),
        ("miljoet ", ("miljoet", "miljøet", "spelling")),
        ('"for miljøet"', ("for miljøet", "for miljøet", "phrase")),
    ],
)
def test_the_way_is_told(oracle: SearchEngine, query: str, reason: tuple[str, str, str]) -> None:
    assert reason in told(oracle, query)


def test_a_form_is_no_likeness_though_like_words_are_looked_for(oracle: SearchEngine) -> None:
    ways = told(oracle, "skolelukning vindmølle bibliotek ")  # nowhere together, so like words count
    assert ("skolelukning", "skolelukningen", "form") in ways


def test_a_title_is_named_as_such(oracle: SearchEngine) -> None:
    hits = oracle.search(SearchRequest(q="nedlæggelse ", why=True)).hits
    assert {reason for hit in hits for reason in hit.why} == {
        Reason("nedlæggelse", "Nedlæggelse", "word", "item")
    }


def test_who_speaks_is_a_reason(oracle: SearchEngine) -> None:
    hits = oracle.search(SearchRequest(q="karen cykelsti ", why=True)).hits
    assert hits
    assert all(Reason("karen", "Karen", "word", "speaker") in hit.why for hit in hits)


def test_nothing_is_told_unasked(oracle: SearchEngine) -> None:
    assert not any(hit.why for hit in oracle.search(SearchRequest(q="cykelsti")).hits)


@given(
    st.text(alphabet='abcdeklmnrstøå "-', max_size=30), st.sampled_from([p for _, ps in corpus() for p in ps])
)
def test_what_is_told_stands_there(query: str, passage: Passage) -> None:
    plan = make_plan(parse_query(query), Vocabulary({}, {}, {}))
    texts = "\n".join(
        (
            passage.text,
            passage.item_title or "",
            passage.title,
            passage.body,
            passage.municipality,
            passage.speaker or "",
        )
    )
    found = reasons(passage, plan)
    assert all(reason.found in texts for reason in found)
    # What is marked has a reason, and what has none is not marked.
    hit = Marker(plan).hit(passage)
    assert bool(hit.highlights) == any(r.place == "text" for r in found) or any(
        r.place != "text" for r in found
    )
