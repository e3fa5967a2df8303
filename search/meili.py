"""Meilisearch, in one place, through its official client: the production engine.

Two engines that tokenise, stem and forgive typos in their own ways never give the same hits. So the *set* of hits
is asked for by a filter over exact terms (`terms`, an array: "n:" norm, "l:" lemma, "p:" part), which the plan has
resolved. The *order* is Meilisearch's own: the query string holds the words, behind an anchor that every document
has, with the strategy `last`: words may go from the end until only the anchor is left, so ranking never shrinks the
set. Phrases stand in the query string in quotes and are never dropped (milli: query_graph.rs), so they decide too.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any, TypeVar

import meilisearch
import stamina
from meilisearch.errors import (
    MeilisearchApiError,
    MeilisearchCommunicationError,
    MeilisearchError,
    MeilisearchTimeoutError,
)
from meilisearch.index import Index

from catalogue import Settings, digest
from search.analyser import ANALYSER_VERSION
from search.contract import (
    FACETS,
    FILTERS,
    SCHEMA_VERSION,
    IndexUnavailable,
    Passage,
    SearchRequest,
)
from search.engine import Found
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

Answer = TypeVar("Answer")

ANCHOR = "zzalle"  # stands in every document; no Danish word
STAMPED = {"id": "stamp", "analyser": ANALYSER_VERSION, "schema": SCHEMA_VERSION}
BATCH = 20_000  # documents a request; the server takes 100 MB
TASK_SECONDS = 3600.0  # the longest a batch may take to be indexed
FRESH_SECONDS = 2.0  # how long the vocabulary is taken to be the index's without asking
ATTEMPTS = 3  # of a request that finds the server away or busy
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

    def __init__(self, settings: Settings) -> None:
        self._url = settings.meili_url or ""
        self._key = settings.meili_key
        self._timeout = settings.meili_timeout
        self._uid = settings.meili_index
        self._local = threading.local()
        self._known: _Known | None = None

    # Reading --------------------------------------------------------------------------------------------

    def vocabulary(self) -> Vocabulary:
        known, now = self._known, time.monotonic()
        if known is not None and now - known.asked < FRESH_SECONDS:
            return known.vocabulary
        with self._faults():
            updated = self._updated()
            if updated is None:
                return Vocabulary({}, {}, {})
            vocabulary = known.vocabulary if known and known.updated == updated else self._read_vocabulary()
            self._known = _Known(updated, now, vocabulary)
            return vocabulary

    def _updated(self) -> str | None:
        try:
            return str(self._asked(lambda: self._index().fetch_info().updated_at))
        except MeilisearchApiError as error:
            if error.code == "index_not_found":
                return None
            raise

    def _read_vocabulary(self) -> Vocabulary:
        counts = self._asked(lambda: self._index().search("", {"limit": 0, "facets": ["terms"]}))
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
        with self._faults():
            try:
                answer = self._asked(lambda: self._index().search(_ranking(plan), asked))
            except MeilisearchApiError as error:
                if error.code == "index_not_found":
                    return Found(0, (), {})  # nothing was ever indexed
                raise
        passages = tuple(load_passage(hit["passage"]) for hit in answer["hits"])
        total = int(answer["totalHits"])
        return Found(total, passages, answer["facetDistribution"] if total else {})

    def meetings(self) -> dict[str, int]:
        with self._faults():
            try:
                answer = self._asked(lambda: self._index().search("", {"limit": 0, "facets": ["meeting"]}))
            except MeilisearchApiError as error:
                if error.code == "index_not_found":
                    return {}
                raise
        counts: dict[str, int] = answer["facetDistribution"].get("meeting", {})
        return counts

    def needs_rebuild(self) -> str | None:
        with self._faults():
            if self._updated() is None:
                return None
            try:
                stamp = self._asked(lambda: dict(self._index("_stamp").get_document("stamp")))
            except MeilisearchApiError as error:
                if error.code in ("index_not_found", "document_not_found"):
                    return "its stamp is missing"
                raise
        same = all(stamp.get(name) == value for name, value in STAMPED.items())
        return None if same else "it was made by another version"

    def check(self) -> str:
        with self._faults():
            version = self._asked(lambda: self._client().get_version()["pkgVersion"])
        return f"Meilisearch {version} at {self._url}, {sum(self.meetings().values())} passages"

    # Writing --------------------------------------------------------------------------------------------

    def replace_meeting(self, meeting_id: str, passages: Sequence[Passage]) -> None:
        """New documents first and then the old ones away, so that a reader always finds the meeting."""
        generation = _generation(passages)
        with self._faults():
            if self._updated() is None:
                self._make(self._uid)
                self._stamp()
            documents = iter([_document(passage, generation) for passage in passages])
            while batch := list(islice(documents, BATCH)):
                self._load(self._uid, batch)
            stale = f"meeting = {_quoted(meeting_id)} AND generation != {_quoted(generation)}"
            self._done(self._asked(lambda: self._index().delete_documents(filter=stale)))

    def rebuild(
        self, meetings: Iterable[tuple[str, Sequence[Passage]]], progress: Callable[[int], None]
    ) -> int:
        """A new index beside the one in use, loaded and counted; then they change places in one move."""
        fresh, count = f"{self._uid}_next", 0
        with self._faults():
            self._drop(fresh)
            self._make(fresh)
            supply = (_document(p, g) for _, ps in meetings for g in [_generation(ps)] for p in ps)
            while batch := list(islice(supply, BATCH)):
                self._load(fresh, batch)
                count += len(batch)
                progress(count)
            held = self._asked(lambda: self._client().index(fresh).get_stats().number_of_documents)
            if held != count:
                raise self._unavailable(f"the new index holds {held} of {count} passages")
            if self._updated() is None:
                self._make(self._uid)
            swap: list[Mapping[str, list[str] | bool]] = [{"indexes": [self._uid, fresh]}]
            self._done(self._asked(lambda: self._client().swap_indexes(swap)))
            self._stamp()
            self._drop(fresh)
        return count

    def _make(self, uid: str) -> None:
        self._done(self._asked(lambda: self._client().create_index(uid, {"primaryKey": "id"})))
        self._done(self._asked(lambda: self._client().index(uid).update_settings(SETTINGS)))

    def _drop(self, uid: str) -> None:
        task = self._asked(lambda: self._client().index(uid).delete())
        self._done(task, forgiven=("index_not_found",))

    def _stamp(self) -> None:
        body = json.dumps(STAMPED).encode()
        self._done(self._asked(lambda: self._index("_stamp").add_documents_ndjson(body, primary_key="id")))

    def _load(self, uid: str, documents: list[dict[str, Any]]) -> None:
        # Our own UTF-8 bytes: the client would write æøå as escapes, a third more.
        body = "\n".join(json.dumps(document, ensure_ascii=False) for document in documents).encode()
        self._done(self._asked(lambda: self._client().index(uid).add_documents_ndjson(body)))

    # The client -----------------------------------------------------------------------------------------

    def _client(self) -> meilisearch.Client:
        """One client a thread: it changes its headers with every request."""
        client: meilisearch.Client | None = getattr(self._local, "client", None)
        if client is None:
            key = self._key.get_secret_value() if self._key else None
            client = self._local.client = meilisearch.Client(
                self._url, key, timeout=max(1, round(self._timeout))
            )
        return client

    def _index(self, suffix: str = "") -> Index:
        return self._client().index(self._uid + suffix)

    def _asked(self, request: Callable[[], Answer]) -> Answer:
        """The answer to a request, tried again while the server is away or busy."""
        for attempt in stamina.retry_context(
            on=_is_passing, attempts=ATTEMPTS, wait_initial=0.1, wait_max=2.0
        ):
            with attempt:
                return request()
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _done(self, task: Any, forgiven: tuple[str, ...] = ()) -> None:
        """Wait for a task; a failed one is an error with the server's own words."""
        finished = self._client().wait_for_task(task.task_uid, timeout_in_ms=int(TASK_SECONDS * 1000))
        if finished.status != "succeeded":
            error = finished.error or {}
            if error.get("code") not in forgiven:
                raise self._unavailable(f"a task failed: {error.get('message', finished.status)}")

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """The client's errors as ours, without the key."""
        try:
            yield
        except MeilisearchCommunicationError as error:
            raise self._unavailable("it cannot be reached") from error
        except MeilisearchTimeoutError as error:
            raise self._unavailable("it does not answer in time") from error
        except MeilisearchApiError as error:
            raise self._unavailable(f"it refuses: {error.code or error.status_code}") from error
        except MeilisearchError as error:
            raise self._unavailable(type(error).__name__) from error

    def _unavailable(self, reason: str) -> IndexUnavailable:
        return IndexUnavailable(
            f"Meilisearch cannot be used ({reason})",
            where=self._url,
            remedy="Check that it runs, TALERSTOL_MEILI_URL and TALERSTOL_MEILI_KEY; `talerstol run` then catches up.",
        )


def _is_passing(error: Exception) -> bool:
    if isinstance(error, MeilisearchApiError):
        return error.status_code == 503
    return isinstance(error, MeilisearchCommunicationError)


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
    return " OR ".join(one_of)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
