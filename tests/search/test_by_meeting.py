"""How many passages of each meeting match."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from search import SearchEngine, SearchRequest
from tests.search.conftest import LIVE, corpus, embedded, meilisearch


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    made = embedded(tmp_path_factory.mktemp("index"))
    made.rebuild(corpus(), lambda _: None)
    return made


@pytest.mark.parametrize("query", ["cykelsti", "skolelukning", '"ny cykelsti"', "", "xyzzyq"])
def test_counts_by_meeting_are_those_of_the_hits(filled: SearchEngine, query: str) -> None:
    total, found = filled.samples(SearchRequest(q=query, per_page=100))
    counts = filled.by_meeting(SearchRequest(q=query))
    assert sum(counts.values()) == total
    if total <= 100:
        assert counts == Counter(p.meeting for p in found)


def test_counts_keep_to_the_filters(filled: SearchEngine) -> None:
    counts = filled.by_meeting(SearchRequest(q="cykelsti", municipality=("Tranevig",), body=("Byrådet",)))
    assert counts.keys() == {"tranevig-byraadet-2025-09-24", "tranevig-byraadet-2025-10-29"}


def test_an_index_that_is_not_there_has_no_meetings(tmp_path: Path) -> None:
    assert embedded(tmp_path).by_meeting(SearchRequest(q="cykelsti")) == {}


@pytest.mark.meilisearch
@pytest.mark.skipif(not LIVE, reason="no Meilisearch at TALERSTOL_MEILI_URL")
@pytest.mark.parametrize("query", ["cykelsti", "skolelukning", '"ny cykelsti"', "", "xyzzyq"])
def test_both_engines_count_alike(tmp_path: Path, filled: SearchEngine, query: str) -> None:
    live = meilisearch(tmp_path, "talerstol_by_meeting")
    live.rebuild(corpus(), lambda _: None)
    assert live.by_meeting(SearchRequest(q=query)) == filled.by_meeting(SearchRequest(q=query))
