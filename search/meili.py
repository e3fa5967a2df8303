"""Meilisearch as our index: the production engine.

Two engines that tokenise, stem and forgive typos in their own ways never give the same hits. So the *set* of hits
is asked for by a filter over exact terms (`terms`, an array: "n:" norm, "l:" lemma, "p:" part), which the plan has
resolved. The *order* is Meilisearch's own: the query string holds the words, behind an anchor that every document
has, with the strategy `last`: words may go from the end until only the anchor is left, so ranking never shrinks the
set. Phrases stand in the query string in quotes and are never dropped (milli: query_graph.rs), so they decide too.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

from catalogue import Settings, digest
from search.analyser import ANALYSER_VERSION, all_terms
from search.contract import (
    BEST_OF_GROUP,
    FACETS,
    FILTERS,
    GROUPED,
    SCHEMA_VERSION,
    Passage,
    SearchRequest,
)
from search.engine import Found, FoundGroup
from search.meili_server import Index, MeiliServer
from search.plan import Alternatives, Plan
from search.stored import (
    KINDS,
    context,
    day_number,
    dump_passage,
    facet_values,
    heading,
    load_passage,
    marked,
    marked_terms,
    newest_key,
    norms,
    oldest_key,
    unmarked,
)
from search.vocabulary import Vocabulary

ANCHOR = "zzalle"  # stands in every document; no Danish word
PHRASED = ["norm", "heading", "anchor"]  # where phrases stand: in stems and parts every sequence is chance
STAMPED = {"id": "stamp", "analyser": ANALYSER_VERSION, "schema": SCHEMA_VERSION}
LOOKED_AT = 100  # passages of a page's groups in which the best of each are looked for first
BATCH = 20_000  # documents a request; the server takes 100 MB
FRESH_SECONDS = 2.0  # how long the vocabulary is taken to be the index's without asking
EVERY_VALUE = 1_000_000

# Why each setting is as it is: search.md, section 3.
SETTINGS: dict[str, Any] = {
    "searchableAttributes": ["norm", "lemma", "parts", "heading", "anchor"],
    "displayedAttributes": ["id", "meeting", "passage"],
    "filterableAttributes": [
        {
            "attributePatterns": ["terms", "titles", "context"],
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": False}},
        },
        {
            "attributePatterns": ["meeting", "section", "generation", *FACETS],
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": False}},
        },
        {
            "attributePatterns": ["day"],
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": True}},
        },
    ],
    "sortableAttributes": ["oldest", "newest"],
    "rankingRules": ["sort", "words", "typo", "proximity", "attributeRank", "exactness", "newest:desc"],
    "proximityPrecision": "byWord",  # the other makes "a b" mean a AND b
    "nonSeparatorTokens": ["§"],
    "typoTolerance": {"enabled": False},  # the plan has resolved typos
    "prefixSearch": "disabled",  # and the filter finds beginnings
    "faceting": {"maxValuesPerFacet": EVERY_VALUE},  # the vocabulary is a facet
    "pagination": {"maxTotalHits": EVERY_VALUE},  # exact totals
    "stopWords": [],
}


@dataclass(frozen=True)
class _Known:
    """The vocabulary of the index as it was at `updated`; asked for at `asked` on the monotonic clock."""

    updated: str
    asked: float
    vocabulary: Vocabulary


class MeiliBackend:
    """The Meilisearch index at `TALERSTOL_MEILI_URL`. Safe to share between threads."""

    name = "meilisearch"
    version = "1"

    def __init__(self, settings: Settings, only_search: bool = False) -> None:
        self._server = MeiliServer(settings, only_search)
        self._uid = settings.meili_index
        self._known: _Known | None = None

    # Reading --------------------------------------------------------------------------------------------

    def vocabulary(self) -> Vocabulary:
        known, now = self._known, time.monotonic()
        if known is not None and now - known.asked < FRESH_SECONDS:
            return known.vocabulary
        with self._server.faults():
            updated = self._updated()
            if updated is None:
                return Vocabulary({}, {}, {})
            vocabulary = known.vocabulary if known and known.updated == updated else self._read_vocabulary()
            self._known = _Known(updated, now, vocabulary)
            return vocabulary

    def _updated(self) -> str | None:
        """When the index last changed; None if nothing was ever indexed."""
        return self._server.asked_or(None, lambda: str(self._index().fetch_info().updated_at))

    def _read_vocabulary(self) -> Vocabulary:
        asked = {"limit": 0, "facets": ["terms", "titles"]}
        counts = self._server.asked(lambda: self._index().search("", asked))["facetDistribution"]
        kinds = unmarked(Counter(counts.get("terms", {})) + Counter(counts.get("titles", {})))
        return Vocabulary(kinds["norm"], kinds["lemma"], kinds["parts"])

    def find(self, plan: Plan, request: SearchRequest) -> Found:
        with self._server.faults():
            if request.grouped:
                return self._groups(plan, request)
            facets = {"facets": list(FACETS)} if request.facets else {}
            page = {"page": request.page, "hitsPerPage": request.per_page}
            (answer,) = self._answers([self._asked(plan, request) | facets | page])
        total = int(answer["totalHits"])
        return Found(total, _passages(answer), answer.get("facetDistribution", {}) if total else {})

    def _groups(self, plan: Plan, request: SearchRequest) -> Found:
        """The best passage of each group on the page, then the groups' counts, and of each the first passages."""
        asked = self._asked(plan, request)
        leading = asked | {"distinct": "section", "page": request.page, "hitsPerPage": request.per_page}
        counted = asked | {"facets": list(FACETS), "page": 1, "hitsPerPage": 0}
        leaders, all_of_them = self._answers([leading, counted])
        total, sections = int(all_of_them["totalHits"]), [p.section for p in _passages(leaders)]
        if not total:
            return Found(0, (), {}, group_total=0)
        counts, best, starts = self._in_sections(asked, sections)
        # The index may have changed between two questions: what the later ones do not know is left out.
        known = [s for s in sections if counts.get(s) and best.get(s)]
        return Found(
            total,
            (),
            all_of_them.get("facetDistribution", {}),
            tuple(FoundGroup(counts[s], best[s], starts[s]) for s in known),
            int(leaders["totalHits"]) if total <= GROUPED else None,
        )

    def _in_sections(
        self, asked: Mapping[str, Any], sections: Sequence[str]
    ) -> tuple[Mapping[str, int], Mapping[str, tuple[Passage, ...]], Mapping[str, tuple[float, ...]]]:
        """For each of these sections how many passages match, the first of them, and when those begin that were
        looked at."""
        if not sections:
            return {}, {}, {}
        these = f"section IN [{', '.join(map(_quoted, sections))}]"
        together = {"filter": [*asked["filter"], these], "facets": ["section"], "limit": LOOKED_AT}
        (answer,) = self._answers([{**asked, **together}])
        counts: Mapping[str, int] = answer.get("facetDistribution", {}).get("section", {})
        best = defaultdict[str, tuple[Passage, ...]](tuple)
        starts = defaultdict[str, tuple[float, ...]](tuple)
        for passage in _passages(answer):
            best[passage.section] = (*best[passage.section], passage)[:BEST_OF_GROUP]
            starts[passage.section] = (*starts[passage.section], passage.start)
        short = [s for s in sections if len(best[s]) < min(BEST_OF_GROUP, counts.get(s, 0))]
        alone = [
            {**asked, "filter": [*asked["filter"], f"section = {_quoted(s)}"], "limit": BEST_OF_GROUP}
            for s in short
        ]
        best |= dict(zip(short, map(_passages, self._answers(alone)), strict=True))
        return counts, best, starts

    def _asked(self, plan: Plan, request: SearchRequest) -> dict[str, Any]:
        """What every query for this plan says."""
        asked: dict[str, Any] = {
            "indexUid": self._uid,
            "q": _ranking(plan),
            "filter": _filter(plan, request),
            "matchingStrategy": "last",
            "attributesToRetrieve": ["passage"],
        }
        if plan.phrases or plan.without_phrases:
            asked["attributesToSearchOn"] = PHRASED
        if request.sort == "oldest":
            asked["sort"] = ["oldest:asc"]
        elif request.sort == "newest" or not (plan.words or plan.phrases):
            asked["sort"] = ["newest:desc"]
        return asked

    def _answers(self, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answers to queries that go to the server together; empty ones where nothing was ever indexed."""
        if not asked:
            return []
        nothing: list[dict[str, Any]] = [{"hits": [], "totalHits": 0, "facetDistribution": {}} for _ in asked]
        return self._server.asked_or(
            nothing, lambda: list(self._server.client().multi_search(asked)["results"])
        )

    def by_meeting(self, plan: Plan, request: SearchRequest) -> dict[str, int]:
        counted = self._asked(plan, request) | {"facets": ["meeting"], "page": 1, "hitsPerPage": 0}
        with self._server.faults():
            (answer,) = self._answers([counted])
        counts: dict[str, int] = answer.get("facetDistribution", {}).get("meeting", {})
        return counts

    def meetings(self) -> dict[str, int]:
        nothing: dict[str, Any] = {"facetDistribution": {}}
        counted = {"limit": 0, "facets": ["meeting"]}
        with self._server.faults():
            answer = self._server.asked_or(nothing, lambda: self._index().search("", counted))
        counts: dict[str, int] = answer["facetDistribution"].get("meeting", {})
        return counts

    def needs_rebuild(self) -> str | None:
        with self._server.faults():
            if self._updated() is None:
                return None
            stamp = self._server.asked_or(None, lambda: dict(self._index("_stamp").get_document("stamp")))
        if stamp is None:
            return "its stamp is missing"
        same = all(stamp.get(name) == value for name, value in STAMPED.items())
        return None if same else "it was made by another version"

    def check(self) -> str:
        with self._server.faults():
            version = self._server.version()
        return f"Meilisearch {version} at {self._server.url}, {sum(self.meetings().values())} passages"

    # Writing --------------------------------------------------------------------------------------------

    def replace_meeting(self, meeting_id: str, passages: Sequence[Passage]) -> None:
        """New documents first and then the old ones away, so that a reader always finds the meeting."""
        generation = _generation(passages)
        with self._server.faults():
            if self._updated() is None:
                self._make(self._uid)
                self._stamp()
            documents = iter([_document(passage, generation) for passage in passages])
            while batch := list(islice(documents, BATCH)):
                self._server.load(self._uid, batch)
            stale = f"meeting = {_quoted(meeting_id)} AND generation != {_quoted(generation)}"
            self._server.done(lambda: self._index().delete_documents(filter=stale))

    def rebuild(
        self, meetings: Iterable[tuple[str, Sequence[Passage]]], progress: Callable[[int], None]
    ) -> int:
        """A new index beside the one in use, loaded and counted; then they change places in one move."""
        fresh, count = f"{self._uid}_next", 0
        with self._server.faults():
            self._server.drop(fresh)
            self._make(fresh)
            supply = (_document(p, g) for _, ps in meetings for g in [_generation(ps)] for p in ps)
            while batch := list(islice(supply, BATCH)):
                self._server.load(fresh, batch)
                count += len(batch)
                progress(count)
            held = self._server.asked(lambda: self._server.index(fresh).get_stats().number_of_documents)
            if held != count:
                raise self._server.unavailable(f"the new index holds {held} of {count} passages")
            if self._updated() is None:
                self._make(self._uid)
            swap: list[Mapping[str, list[str] | bool]] = [{"indexes": [self._uid, fresh]}]
            # A second time would change them back.
            self._server.done(lambda: self._server.client().swap_indexes(swap), once=True)
            self._stamp()
            self._server.drop(fresh)
        return count

    def _make(self, uid: str) -> None:
        self._server.done(lambda: self._server.client().create_index(uid, {"primaryKey": "id"}))
        self._server.done(lambda: self._server.index(uid).update_settings(SETTINGS))

    def _stamp(self) -> None:
        self._server.load(f"{self._uid}_stamp", [STAMPED])

    def _index(self, suffix: str = "") -> Index:
        return self._server.index(self._uid + suffix)


def _generation(passages: Sequence[Passage]) -> str:
    """A name for what a meeting's documents hold, so that those of before can be told from those of now."""
    return digest([dump_passage(passage) for passage in passages])[:16]


def _document(passage: Passage, generation: str) -> dict[str, Any]:
    found = all_terms(passage.text)
    return {
        "id": passage.id,
        **facet_values(passage),
        "generation": generation,
        "day": day_number(passage.date),
        "oldest": oldest_key(passage),
        "newest": newest_key(passage),
        "terms": sorted({term for f in found for term in marked_terms(f)}),
        "norm": " ".join(f.norm for f in found),
        "lemma": " ".join(lemma for f in found for lemma in f.lemmas),
        "parts": " ".join(part for f in found for part in f.parts),
        "heading": norms(heading(passage)),
        "titles": marked(heading(passage)),
        "context": marked(context(passage)),
        "anchor": ANCHOR,
        "passage": dump_passage(passage),
    }


def _ranking(plan: Plan) -> str:
    """The query string: the anchor, the words for the order, the phrases, and the phrases that may not be there.

    It ends with a space: no word in it is a beginning.
    """
    words = [min(word.norms or word.lemmas) for word in plan.words if word.norms or word.lemmas]
    phrases = [f'"{" ".join(phrase)}"' for phrase in plan.phrases]
    without = [f'-"{" ".join(phrase)}"' for phrase in plan.without_phrases]
    return " ".join([ANCHOR, *phrases, *words, *without]) + " "


def _filter(plan: Plan, request: SearchRequest) -> list[str]:
    """All of these: one for each word, each word that may not be there, each filter."""
    clauses = _words(plan) + [f"NOT ({_any_of(word, 'context')})" for word in plan.without_words]
    for name in FILTERS:
        values: tuple[str, ...] = getattr(request, name)
        if values:
            clauses.append(f"{name} IN [{', '.join(_quoted(value) for value in values)}]")
    if request.without:
        clauses.append(f"meeting NOT IN [{', '.join(map(_quoted, request.without))}]")
    if request.from_ or request.to:
        clauses.append(f"day >= {day_number(request.from_) or 1}")
    if request.to:
        clauses.append(f"day <= {day_number(request.to)}")
    return clauses


def _words(plan: Plan) -> list[str]:
    if plan.at_least == 0:
        return []
    words = [f"({_any_of(word, 'context')})" for word in plan.words]
    if plan.at_least is not None:
        choices = combinations(words, plan.at_least)
        words = [" OR ".join(f"({' AND '.join(choice)})" for choice in choices)]
    if words and not plan.phrases:
        words.append(" OR ".join(_any_of(word, "titles") for word in plan.words))
    return words


def _any_of(word: Alternatives, titles: str) -> str:
    """The word in the text, or in the attribute `titles`."""
    terms, one_of = ", ".join(_quoted(term) for term in word.marked()), list[str]()
    for attribute in ("terms", titles):
        if terms:
            one_of.append(f"{attribute} IN [{terms}]")
        if word.prefix is not None:
            one_of.append(f"{attribute} STARTS WITH {_quoted(KINDS['norm'] + word.prefix)}")
    if word.apart:
        one_of.append(" AND ".join(f"({_any_of(part, titles)})" for part in word.apart))
    return " OR ".join(f"({way})" for way in one_of)


def _passages(answer: Mapping[str, Any]) -> tuple[Passage, ...]:
    return tuple(load_passage(hit["passage"]) for hit in answer["hits"])


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
