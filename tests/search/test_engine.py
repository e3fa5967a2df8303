"""What a citizen types finds what was said, on both engines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import InvalidRequest, SearchEngine, SearchRequest, SearchResult
from search.embedded.queries import Queries
from tests.search.conftest import MEETINGS, corpus


def search(engine: SearchEngine, q: str, **more: object) -> SearchResult:
    return engine.search(SearchRequest(q=q, per_page=100, **more))  # type: ignore[arg-type]


def marked(result: SearchResult) -> set[str]:
    return {hit.passage.text[a:b] for hit in result.hits for a, b in hit.highlights}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cykelstier", {"cykelstien", "cykelsti"}),  # inflected
        ("skole ", {"skolen", "skolens", "Skole"}),  # part of a compound, which alone is marked
        ("sti ", {"stien", "sti"}),
        ("Aarhus", {"Aarhus", "Århus"}),  # both spellings
        ("toender", {"Tønder"}),  # letters spelled out
        ("tonder", {"Tønder"}),  # and left bare
        ("spild", {"Spildevandsplanen"}),  # the last word may be unfinished
        ("svømehallen ", {"svømmehallen"}),  # a typo
        ("idretsforeningerne ", {"Idrætsforeningerne"}),
        ("1250000", {"1.250.000"}),
        ("§18", {"§ 18"}),
        ('"ny cykelsti"', {"ny", "cykelsti"}),
    ],
)
def test_what_is_typed_finds_what_was_said(engine: SearchEngine, query: str, found: set[str]) -> None:
    result = search(engine, query)
    assert result.total >= 4
    assert not result.relaxed
    assert marked(result) >= found


@pytest.mark.parametrize(
    "query", ["cyk ", '"cykelsti ny"', "xyzzyq", "bib ", "42424", "cykelsti -cykelstien -ny"]
)
def test_what_was_not_said_is_not_found(engine: SearchEngine, query: str) -> None:
    assert search(engine, query).total == 0


def test_words_are_combined_and_excluded(engine: SearchEngine) -> None:
    both = search(engine, "cykelsti børnene")
    assert both.total
    assert all("ykelsti" in h.passage.text and "ørne" in h.passage.text for h in both.hits)
    without = search(engine, "cykelsti -kroner")
    assert without.total
    assert not any("kroner" in h.passage.text for h in without.hits)


def test_where_nothing_has_all_the_words_it_says_so(engine: SearchEngine) -> None:
    result = search(engine, "cykelsti xyzzyq")
    assert (result.relaxed, result.dropped) == (True, ("xyzzyq",))
    assert result.total == search(engine, "cykelsti ").total


def test_what_has_most_of_the_words_says_what_it_lacks(engine: SearchEngine) -> None:
    result = search(engine, "cyklisterne folkeskolen landsbyer ")
    assert (result.relaxed, result.dropped) == (True, ())
    assert {hit.missing for hit in result.hits} == {("folkeskolen",), ("landsbyer",)}
    assert all("yklisterne" in hit.passage.text for hit in result.hits)


def test_a_phrase_is_kept_where_no_word_stands_beside_it(engine: SearchEngine) -> None:
    alone, beside = search(engine, '"for miljøet"'), search(engine, '"for miljøet" vindmølle bibliotek ')
    assert beside.relaxed
    assert {hit.passage.id for hit in beside.hits} <= {hit.passage.id for hit in alone.hits}
    one = search(engine, '"for miljøet" bibliotek ')
    assert one.relaxed and one.total
    assert all("bibliotek" in hit.missing for hit in one.hits)


def test_only_the_part_that_was_meant_is_marked(engine: SearchEngine) -> None:
    assert marked(search(engine, "lukning ")) == {"lukningen"}
    assert marked(search(engine, "Skolelukning ")) == {"Skolelukningen"}


def test_a_form_is_found_by_every_word_it_may_be(engine: SearchEngine) -> None:
    assert "venter" in marked(search(engine, "ventede "))
    assert "siger" in marked(search(engine, "sagde "))


def test_every_hit_is_marked_and_starts_within_its_passage(engine: SearchEngine) -> None:
    for query in ("skole", "cykelsti", "budget", '"for miljøet"'):
        for hit in search(engine, query).hits:
            assert hit.highlights or (hit.passage.opens and hit.item_highlights)
            assert hit.passage.start <= hit.start <= hit.passage.end
            place = next(n for n, at, _ in reversed(hit.passage.sentences) if at == hit.start)
            assert place <= (hit.highlights[0][0] if hit.highlights else 0)


def test_a_title_is_found_where_its_item_begins(engine: SearchEngine) -> None:
    found = search(engine, "nedlæggelser ").hits
    assert {(h.passage.meeting, h.passage.opens) for h in found} == {(m, "item") for m, *_ in MEETINGS}
    for hit in found:
        title = hit.passage.item_title or ""
        assert {title[a:b] for a, b in hit.item_highlights} == {"Nedlæggelse"}


SPOKEN = sorted(
    {word for _, passages in corpus() for p in passages for word in p.text.split()}
    | set("cykel skole a".split())
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(SPOKEN), min_size=2, max_size=3), unfinished=st.booleans())
def test_what_no_title_has_is_looked_for_in_the_text_alone(
    oracle: SearchEngine, words: list[str], unfinished: bool
) -> None:
    typed = " ".join(words) + ("" if unfinished else " ")
    short = search(oracle, typed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Queries, "_has_title_with", lambda *_: True)
        assert search(oracle, typed) == short


def test_a_quoted_title_is_found_where_its_item_begins(engine: SearchEngine) -> None:
    found = search(engine, '"nedlæggelse af tranevig skole"').hits
    assert len(found) == len(MEETINGS)
    assert {h.passage.opens for h in found} == {"item"}
    assert search(engine, '"tranevig skole byrådsmøde"').total == 0  # from one title into another


def test_titles_have_the_words_that_a_text_need_not_repeat(engine: SearchEngine) -> None:
    here, everywhere = search(engine, "tranevig cykelsti"), search(engine, "cykelsti")
    assert 0 < here.total < everywhere.total
    assert {h.passage.municipality for h in here.hits} == {"Tranevig"}
    assert all(h.highlights for h in here.hits)  # the other word is said


def test_who_speaks_need_not_be_said(engine: SearchEngine) -> None:
    found = search(engine, "karen holm cykelsti ").hits
    assert found
    assert {hit.passage.speaker for hit in found} == {"Karen Holm (A)"}
    assert all(hit.highlights for hit in found)  # the other word is said
    assert search(engine, "karen ").total == 0  # nobody says her name


def test_what_a_title_says_is_left_out_too(engine: SearchEngine) -> None:
    everywhere, without = search(engine, "cykelsti "), search(engine, "cykelsti -budgetforlig ")
    assert 0 < without.total < everywhere.total
    assert "Budgetforlig 2026" not in {hit.passage.item_title for hit in without.hits}


def test_signs_and_abbreviations_are_read_out(engine: SearchEngine) -> None:
    for typed in ("1.250.000 kr ", "1250000 krone ", '"1.250.000 kroner"'):
        assert {hit.passage.text for hit in search(engine, typed).hits} >= {
            "En ny cykelsti koster 1.250.000 kroner, og pengene er der ikke."
        }


def test_a_short_list_is_followed_by_what_has_almost_all(engine: SearchEngine) -> None:
    result = search(engine, "vindmølle borgmester havn ")  # said together nowhere, or hardly
    both = search(engine, "aftalen havnen kommune ")
    for found in (result, both):
        shown = {hit.passage.id for hit in found.hits}
        assert found.total >= len(shown)
        assert not shown & {hit.passage.id for hit in found.also}
        assert len(found.hits) + len(found.also) <= max(10, len(found.hits))
        assert all(hit.missing for hit in found.also)
    assert search(engine, "cykelsti ").also == ()  # there are enough
    assert search(engine, "vindmølle borgmester havn ", sort="oldest").also == ()


def test_what_has_all_the_words_is_not_shown_as_having_almost_all(engine: SearchEngine) -> None:
    """Also what a group counts and does not show."""
    everywhere = search(engine, "cykelsti børnene", grouped=True)
    assert everywhere.groups and everywhere.also
    here = search(engine, "tranevig fo", grouped=True, section=("tranevig-byraadet-2025-09-24/4",))
    assert [(group.total, len(group.hits)) for group in here.groups] == [(6, 3)]
    relaxed = search(engine, "miljøet økonomien kommunen ", item=("3",))
    assert relaxed.relaxed and relaxed.also
    for found in (everywhere, here, relaxed):
        assert all(hit.missing for hit in found.also)
        assert len({hit.passage.id for hit in found.also}) == len(found.also) <= 10 - found.total
    apart = search(engine, "cykelsti børnene")
    assert not {h.passage.id for h in apart.hits} & {h.passage.id for h in everywhere.also}
    assert apart.also == everywhere.also


def test_an_excluded_phrase_is_left_out_of_titles_too(engine: SearchEngine) -> None:
    title = '"nedlæggelse af tranevig skole"'
    assert search(engine, title).total == len(MEETINGS)
    without = search(engine, f"skole -{title}")
    assert without.total
    assert not [h for h in without.hits if h.passage.opens and h.passage.item == "2"]


def test_a_meeting_can_be_left_out_of_all_that_is_found_and_counted(engine: SearchEngine) -> None:
    kept, *others = (meeting for meeting, *_ in MEETINGS)
    for q in ("cykelsti", "", '"ny cykelsti"', "-cykelsti"):
        alone, rest = search(engine, q, meeting=(kept,)), search(engine, q, without=tuple(others))
        assert (alone.total, alone.facets) == (rest.total, rest.facets)
        assert {h.passage.meeting for h in rest.hits} == {kept}
        assert engine.samples(SearchRequest(q=q, without=tuple(others)))[0] == alone.total


def test_a_compound_nobody_said_is_found_by_one_of_its_parts(engine: SearchEngine) -> None:
    result = search(engine, "bibliotekspoliti ")
    assert result.relaxed and result.total
    assert {word for hit in result.hits for word in hit.missing} == {"bibliotekspoliti"}


def test_groups_have_their_best_and_count_the_rest(engine: SearchEngine) -> None:
    result = engine.search(SearchRequest(q="cykelsti", grouped=True, per_page=100))
    assert sum(group.total for group in result.groups) == result.total
    assert len(result.groups) == result.group_total
    for group in result.groups:
        section = group.hits[0].passage.section
        alone = search(engine, "cykelsti", section=(section,))
        assert alone.total == group.total
        assert alone.hits[:3] == group.hits


def test_pages_of_groups_are_stable_and_whole(engine: SearchEngine) -> None:
    whole = engine.search(SearchRequest(q="skole", grouped=True, per_page=100)).groups
    pages = [
        engine.search(SearchRequest(q="skole", grouped=True, per_page=4, page=n)).groups for n in (1, 2, 3)
    ]
    assert [g for page in pages for g in page] == list(whole[:12])


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_groups_are_the_same_however_few_passages_are_looked_at(
    oracle: SearchEngine, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    asked = SearchRequest(q="skole", grouped=True, per_page=4, page=2, sort=sort)  # type: ignore[arg-type]
    whole = oracle.search(asked)
    assert whole.group_total
    monkeypatch.setattr("search.embedded.backend.GROUPED", 1)
    monkeypatch.setattr("search.embedded.backend.LOOKED_AT", 1)
    few = oracle.search(asked)
    assert few.group_total is None
    assert (few.total, few.groups) == (whole.total, whole.groups)


def test_facets_count_passages_of_the_whole_result(engine: SearchEngine) -> None:
    result = engine.search(SearchRequest(q="cykelsti", per_page=1))
    for name in ("municipality", "body"):
        assert sum(value.count for value in result.facets[name]) == result.total
    filtered = search(engine, "cykelsti", speaker=("Jens Bro (V)",))
    assert filtered.total == next(v.count for v in result.facets["speaker"] if v.value == "Jens Bro (V)")
    assert {h.passage.speaker for h in filtered.hits} == {"Jens Bro (V)"}


def test_dates_bound_the_result(engine: SearchEngine) -> None:
    result = search(engine, "", from_=date(2025, 9, 24), to=date(2025, 9, 24))
    assert {h.passage.date for h in result.hits} == {date(2025, 9, 24)}


def test_paging_is_stable_and_whole(engine: SearchEngine) -> None:
    seen = [
        hit.passage.id
        for page in range(1, 10)
        for hit in engine.search(SearchRequest(q="", per_page=20, page=page, sort="newest")).hits
    ]
    assert len(seen) == len(set(seen)) == engine.search(SearchRequest()).total == 160
    dates = [h.passage.date or date.min for h in search(engine, "skole", sort="newest").hits]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": 0},
        {"per_page": 101},
        {"page": 51, "per_page": 20},
        {"sort": "best"},
        {"q": "x" * 501},
        {"body": ("x",) * 51},
    ],
)
def test_what_is_out_of_bounds_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        SearchRequest(**wrong)  # type: ignore[arg-type]
