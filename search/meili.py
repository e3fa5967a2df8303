"""Meilisearch as our index: the production engine.

Two engines that tokenise, stem and forgive typos in their own ways never give the same hits. So the *set* of hits
is asked for by a filter over exact terms (`terms`, an array: "n:" norm, "l:" lemma, "p:" part), which the plan has
resolved. The *order* is Meilisearch's own: the query string holds the words, behind an anchor that every document
has, with the strategy `last`: words may go from the end until only the anchor is left, so ranking never shrinks the
set. Phrases stand in the query string in quotes and are never dropped (milli: query_graph.rs), so they decide too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

from catalogue import Settings, digest
from search.analyser import ANALYSER_VERSION
from search.contract import FACETS, FILTERS, SCHEMA_VERSION, Passage, SearchRequest
from search.engine import Found
from search.meili_server import Index, MeiliServer
from search.plan import Alternatives, Plan
from search.stored import (
    analysed,
    day_number,
    dump_passage,
    facet_values,
    load_passage,
    newest_key,
    oldest_key,
)
from search.vocabulary import Vocabulary

ANCHOR = "zzalle"  # stands in every document; no Danish word
STAMPED = {"id": "stamp", "analyser": ANALYSER_VERSION, "schema": SCHEMA_VERSION}
BATCH = 20_000  # documents a request; the server takes 100 MB
FRESH_SECONDS = 2.0  # how long the vocabulary is taken to be the index's without asking
EVERY_VALUE = 1_000_000
KINDS = {"norm": "n:", "lemma": "l:", "parts": "p:"}

# Why each setting is as it is: search.md, section 3.
SETTINGS: dict[str, Any] = {
    "searchableAttributes": ["norm", "lemma", "parts", "anchor"],
    "displayedAttributes": ["id", "meeting", "passage"],
    "filterableAttributes": [
        {
            "attributePatterns": ["terms"],
            "features": {"facetSearch": False, "filter": {"equality": True, "comparison": False}},
        },
        {
            "attributePatterns": ["meeting", "generation", *FACETS],
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
        counts = self._server.asked(lambda: self._index().search("", {"limit": 0, "facets": ["terms"]}))
        terms: Mapping[str, int] = counts["facetDistribution"].get("terms", {})
        kinds = {
            kind: {term[len(mark) :]: n for term, n in terms.items() if term.startswith(mark)}
            for kind, mark in KINDS.items()
        }
        return Vocabulary(kinds["norm"], kinds["lemma"], kinds["parts"])

    def find(self, plan: Plan, request: SearchRequest) -> Found:
        asked: dict[str, Any] = {
            "filter": _filter(plan, request),
            "matchingStrategy": "last",
            "page": request.page,
            "hitsPerPage": request.per_page,
            "facets": list(FACETS),
            "attributesToRetrieve": ["passage"],
        }
        if request.sort == "oldest":
            asked["sort"] = ["oldest:asc"]
        elif request.sort == "newest" or not (plan.words or plan.phrases):
            asked["sort"] = ["newest:desc"]
        nothing: dict[str, Any] = {"hits": [], "totalHits": 0}
        with self._server.faults():
            answer = self._server.asked_or(nothing, lambda: self._index().search(_ranking(plan), asked))
        passages = tuple(load_passage(hit["passage"]) for hit in answer["hits"])
        total = int(answer["totalHits"])
        return Found(total, passages, answer["facetDistribution"] if total else {})

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
            self._server.done(lambda: self._server.client().swap_indexes(swap))
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
    found = analysed(passage)
    terms = {f"n:{f.norm}" for f in found} | {f"l:{lemma}" for f in found for lemma in f.lemmas}
    terms |= {f"p:{part}" for f in found for part in f.parts}
    return {
        "id": passage.id,
        **facet_values(passage),
        "generation": generation,
        "day": day_number(passage.date),
        "oldest": oldest_key(passage),
        "newest": newest_key(passage),
        "terms": sorted(terms),
        "norm": " ".join(f.norm for f in found),
        "lemma": " ".join(lemma for f in found for lemma in f.lemmas),
        "parts": " ".join(part for f in found for part in f.parts),
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
    clauses = [_any_of(word) for word in plan.words] if plan.at_least is None else _some_of(plan)
    clauses += [f"NOT ({_any_of(word)})" for word in plan.without_words]
    for name in FILTERS:
        values: tuple[str, ...] = getattr(request, name)
        if values:
            clauses.append(f"{name} IN [{', '.join(_quoted(value) for value in values)}]")
    if request.from_ or request.to:
        clauses.append(f"day >= {day_number(request.from_) or 1}")
    if request.to:
        clauses.append(f"day <= {day_number(request.to)}")
    return clauses


def _some_of(plan: Plan) -> list[str]:
    """At least so many of the words, written out: every choice of them."""
    if not plan.at_least:
        return []
    choices = combinations([f"({_any_of(word)})" for word in plan.words], plan.at_least)
    return [" OR ".join(f"({' AND '.join(choice)})" for choice in choices)]


def _any_of(word: Alternatives) -> str:
    terms = [f"n:{term}" for term in sorted(word.norms)]
    terms += [f"l:{term}" for term in sorted(word.lemmas)]
    terms += [f"p:{term}" for term in sorted(word.parts)]
    one_of = [f"terms IN [{', '.join(_quoted(term) for term in terms)}]"] if terms else []
    if word.prefix is not None:
        one_of.append(f"terms STARTS WITH {_quoted('n:' + word.prefix)}")
    if word.apart:
        one_of.append(" AND ".join(f"({_any_of(part)})" for part in word.apart))
    return " OR ".join(f"({way})" for way in one_of)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
