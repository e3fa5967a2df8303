"""Both engines answer the same query with the same set of hits, the same facets, the same highlights."""

from __future__ import annotations

from datetime import date

import pytest

from search import SearchEngine, SearchRequest, SearchResult

QUERIES = (
    "cykelsti", "cykelstier", "cykelstien ", "skole", "skolelukning", "folkeskole", "lukke skole", "vindmølle",
    "vindmøller havnen", "budget 2026", "budgettet", "sti", "plan", "Århus", "aarhus kommune", "aeroe", "ærø",
    "tonder", "Tonder klima", "§ 18", "§18", "1250000", "1.250.000", "svømehallen", "spildevansplan", "bygget",
    "cyk", "cyk ", '"ny cykelsti"', '"cykelsti ny"', '"for miljøet" økonomien', "cykelsti -kroner",
    'skolen -"imod at lukke"', "-cykelsti", "børn", "barn pædagog", "ældrepleje", "ældre pleje", "miljø",
    "cykelsti vindmølle svømmehal", "cykelsti xyzzyq", "xyzzyq", "", "og", '"', "-", "og det", "byråd", "idræt",
    '"sti"', '"ny sti"', '"skole"', 'skole -"tranevig skole"', '-"sti"', 'cykelsti -"ny sti"', '"nedlæggelse af tranevig"',
    '"tranevig skole" budget', 'budget -"budgetforlig 2026"',
)  # fmt: skip

FILTERS: tuple[dict[str, object], ...] = (
    {},
    {"sort": "newest"},
    {"sort": "oldest", "municipality": ("Tranevig",)},
    {"speaker": ("Jens Bro (V)", "Åse Lund (SF)"), "body": ("Byrådet",)},
    {"from_": date(2025, 1, 1), "to": date(2025, 9, 30)},
    {"to": date(2025, 9, 24), "party": ("A",)},
    {"municipality": ('Lyng"by \\ Kommune',), "item": ("2", "3")},
    {"meeting": ("tranevig-byraadet-2025-10-29",), "per_page": 7, "page": 2, "sort": "oldest"},
    {"section": ("tranevig-byraadet-2025-10-29/2", "tranevig-byraadet-2025-10-29/0")},
    {"without": ("tranevig-byraadet-2025-10-29", 'lyngby"-"byraadet', "lyngby-byraadet")},
)


def ask(engine: SearchEngine, query: str, filters: dict[str, object]) -> tuple[object, ...]:
    result = engine.search(SearchRequest(**({"q": query, "per_page": 100} | filters)))  # type: ignore[arg-type]
    hits = {h.passage.id: h for h in result.hits}
    whole = hits if result.total <= 100 or "page" in filters else None
    ordered = [h.passage.id for h in result.hits] if filters.get("sort") == "oldest" else None
    return result.total, dict(result.facets), result.relaxed, result.dropped, whole, ordered


CASES = [(q, f) for n, q in enumerate(QUERIES) for k, f in enumerate(FILTERS) if k == 0 or k % 4 == n % 4]


@pytest.mark.parametrize(("query", "filters"), CASES, ids=[f"{q or 'empty'}-{'+'.join(f)}" for q, f in CASES])
def test_the_same_answer(
    engine: SearchEngine, oracle: SearchEngine, query: str, filters: dict[str, object]
) -> None:
    assert ask(engine, query, filters) == ask(oracle, query, filters)


GROUPED: tuple[dict[str, object], ...] = (
    {},
    {"sort": "oldest", "per_page": 3},
    {"sort": "newest", "per_page": 5, "page": 2},
    {"municipality": ("Tranevig",), "per_page": 100},
    {"without": ("tranevig-byraadet-2025-10-29",), "per_page": 100},
)


@pytest.mark.parametrize("filters", GROUPED, ids=lambda f: "+".join(f) or "plain")
@pytest.mark.parametrize(
    "query", ["cykelsti", "skolelukning", "", "nedlæggelse", "cykelsti vindmølle svømmehal", "xyzzyq"]
)
def test_the_same_groups(
    engine: SearchEngine, oracle: SearchEngine, query: str, filters: dict[str, object]
) -> None:
    asked = SearchRequest(**({"q": query, "grouped": True} | filters))  # type: ignore[arg-type]
    ours, theirs = engine.search(asked), oracle.search(asked)
    assert (ours.total, ours.group_total, ours.facets) == (theirs.total, theirs.group_total, theirs.facets)
    assert ours.hits == ()
    assert len(ours.groups) == len(theirs.groups)
    for group in ours.groups:
        assert len({h.passage.section for h in group.hits}) == 1
        assert len(group.hits) == min(group.total, 3)
        assert ours.total > 100 or len(group.starts) == group.total
    if "sort" in filters or not query:
        assert ours.groups == theirs.groups
        assert ours.total > 100 or starts(ours) == starts(theirs)
    elif ours.group_total is not None and ours.group_total <= asked.per_page:
        assert sections(ours) == sections(theirs)


def starts(result: SearchResult) -> dict[str, list[int]]:
    """To the second: an index keeps them to a tenth."""
    return {g.hits[0].passage.section: [round(start) for start in g.starts] for g in result.groups}


def sections(result: SearchResult) -> dict[str, int]:
    return {group.hits[0].passage.section: group.total for group in result.groups}
