"""Search over a backend: parse, resolve, find, relax, highlight. Only finding differs between engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from catalogue import Settings
from search.contract import (
    FACETS,
    MOST_FACET_VALUES,
    FacetValue,
    Passage,
    SearchEngine,
    SearchRequest,
    SearchResult,
)
from search.highlight import make_hit
from search.plan import Plan, make_plan
from search.query import parse_query
from search.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a backend found; facet counts are of all that matches."""

    total: int
    passages: tuple[Passage, ...]
    facets: Mapping[str, Mapping[str, int]]


class Backend(Protocol):
    """An engine that finds exact terms."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    def vocabulary(self) -> Vocabulary: ...
    def find(self, plan: Plan, request: SearchRequest) -> Found: ...
    def replace_meeting(self, meeting_id: str, passages: Sequence[Passage]) -> None: ...
    def meetings(self) -> dict[str, int]: ...
    def rebuild(
        self, meetings: Iterable[tuple[str, Sequence[Passage]]], progress: Callable[[int], None]
    ) -> int: ...
    def needs_rebuild(self) -> str | None: ...
    def check(self) -> str: ...


class Search:
    """The `SearchEngine` over a backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.replace_meeting = backend.replace_meeting
        self.meetings = backend.meetings
        self.rebuild = backend.rebuild
        self.needs_rebuild = backend.needs_rebuild
        self.check = backend.check

    @property
    def name(self) -> str:
        return self._backend.name

    @property
    def version(self) -> str:
        return self._backend.version

    def search(self, request: SearchRequest) -> SearchResult:
        """The page asked for; where nothing has all the words, what has most of them."""
        plan = make_plan(parse_query(request.q), self._backend.vocabulary())
        found = self._backend.find(plan, request)
        dropped: tuple[str, ...] = ()
        if not found.total:
            for relaxed in _relaxations(plan):
                found = self._backend.find(relaxed, request)
                if found.total:
                    # By word and not by surface: of a compound that was searched by its parts, one may be left.
                    dropped = tuple(dict.fromkeys(w.surface for w in plan.words if w not in relaxed.words))
                    plan = relaxed
                    break
        return SearchResult(
            query=request.q,
            total=found.total,
            page=request.page,
            per_page=request.per_page,
            hits=tuple(make_hit(passage, plan) for passage in found.passages),
            facets={name: _facet(found.facets.get(name, {})) for name in FACETS},
            relaxed=bool(dropped),
            dropped=dropped,
        )


def _relaxations(plan: Plan) -> Iterable[Plan]:
    """The plan with ever fewer words: first without those the archive does not have, then without the commonest.

    Quotes are meant: a phrase is never left out, and beside one every word may be.
    """
    fewest = 0 if plan.phrases else 1
    words = [word for word in plan.words if word.passages]
    if fewest <= len(words) < len(plan.words):
        yield replace(plan, words=tuple(words))
    while len(words) > fewest:
        words.remove(max(words, key=lambda word: word.passages))
        yield replace(plan, words=tuple(words))


def _facet(counts: Mapping[str, int]) -> tuple[FacetValue, ...]:
    """The values with the highest counts; equal counts by name, so that both engines agree."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(value, count) for value, count in ranked[:MOST_FACET_VALUES])


def open_engine(settings: Settings) -> SearchEngine:
    """Meilisearch where its address is set, else the embedded engine in the data folder. Connects to nothing yet."""
    if settings.meili_url:
        from search.meili import MeiliBackend

        return Search(MeiliBackend(settings))
    from search.embedded import EmbeddedBackend

    return Search(EmbeddedBackend(settings.index_folder))
