"""Search over a backend: parse, resolve, find, relax, highlight. Only finding differs between engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from catalogue import Settings
from search.analyser import all_terms
from search.contract import (
    FACETS,
    FEW,
    LARGEST_PAGE,
    MOST_FACET_VALUES,
    MOST_HITS,
    FacetValue,
    Group,
    Hit,
    Passage,
    SearchEngine,
    SearchRequest,
    SearchResult,
)
from search.highlight import Marker
from search.names import Names
from search.plan import Alternatives, Plan, make_plan, near_words
from search.query import parse_query
from search.vocabulary import Vocabulary
from search.why import reasons

WARMING = (
    "cykelstj ",
    "cyk",
)  # a slip and a beginning: what they are looked up in is sorted at the first look


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """How many passages of an agenda item match, the first of them, and when those begin that were looked at."""

    total: int
    passages: tuple[Passage, ...]
    starts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a backend found: passages, or groups where those were asked for. Counts are of all that
    matches; `group_total` is None where there are more than `GROUPED` passages."""

    total: int
    passages: tuple[Passage, ...]
    facets: Mapping[str, Mapping[str, int]]
    groups: tuple[FoundGroup, ...] = ()
    group_total: int | None = None


class Backend(Protocol):
    """An engine that finds exact terms."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    def vocabulary(self) -> Vocabulary: ...
    def find(self, plan: Plan, request: SearchRequest) -> Found: ...
    def by_meeting(self, plan: Plan, request: SearchRequest) -> Mapping[str, int]: ...
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
        self._names: tuple[Vocabulary, Names] | None = None
        self.vocabulary = backend.vocabulary
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
        query, vocabulary = parse_query(request.q), self._backend.vocabulary()
        strict = make_plan(query, vocabulary)
        plan, found = strict, self._backend.find(strict, request)
        if not found.total and strict.words:
            plan, found = self._relaxed(make_plan(query, vocabulary, widened=True), request)
        relaxed = plan != strict and bool(found.total)
        dropped = _dropped(strict, plan) if relaxed else ()
        left = tuple(word for word in strict.words if word.surface not in dropped)
        marked = _Hits(plan, left if relaxed else (), request.why)
        return SearchResult(
            query=request.q,
            total=found.total,
            page=request.page,
            per_page=request.per_page,
            hits=marked.of(found.passages),
            facets={name: _facet(found.facets.get(name, {})) for name in FACETS},
            relaxed=relaxed,
            dropped=dropped,
            near=near_words(query, vocabulary),
            groups=tuple(
                Group(g.total, marked.of(g.passages), tuple(sorted(g.starts))) for g in found.groups
            ),
            group_total=found.group_total,
            also=self._also(plan, found, request),
        )

    def _also(self, plan: Plan, found: Found, request: SearchRequest) -> tuple[Hit, ...]:
        """What lacks one word more than what was found, then two, where the list is short."""
        room, best = min(FEW, request.per_page) - found.total, dict[str, Hit]()
        if not found.total or room <= 0 or request.page > 1 or request.sort != "relevance":
            return ()
        # Groups show but their best, so what was found is known by what it lacks and not by where it stands.
        whole = replace(plan, at_least=None)
        marked = _Hits(whole, plan.words, request.why)
        allowed = 0 if plan.at_least is None else len(plan.words) - plan.at_least
        asked = replace(request, per_page=FEW + found.total, grouped=False, facets=False)
        for fewer in _fewer(whole):
            if fewer.at_least == plan.at_least:
                continue
            hits = marked.of(self._backend.find(fewer, asked).passages)
            best |= {h.passage.id: h for h in hits if len(h.missing) > allowed and h.passage.id not in best}
            if len(best) >= room:
                break
        return tuple(best.values())[:room]

    def samples(self, request: SearchRequest) -> tuple[int, tuple[Passage, ...]]:
        """Nothing but what the backend finds."""
        plan = make_plan(parse_query(request.q), self._backend.vocabulary())
        found = self._backend.find(plan, replace(request, facets=False))
        return found.total, found.passages

    def by_meeting(self, request: SearchRequest) -> Mapping[str, int]:
        """Counted by the backend, with the plan that has all the words."""
        plan = make_plan(parse_query(request.q), self._backend.vocabulary())
        return self._backend.by_meeting(plan, request)

    def warm(self) -> None:
        """Analyse the newest passages, so that no early reader waits for words to be looked up. A second or two."""
        vocabulary = self.vocabulary()
        for typed in WARMING:
            near_words(parse_query(typed), vocabulary)
        newest = SearchRequest(per_page=LARGEST_PAGE)
        for page in range(1, MOST_HITS // LARGEST_PAGE + 1):
            for passage in self.samples(replace(newest, page=page))[1]:
                all_terms(passage.text)

    def names(self) -> Names:
        """Read anew where the index has changed: it then has another vocabulary."""
        known, vocabulary = self._names, self._backend.vocabulary()
        if known is None or known[0] is not vocabulary:
            everything = make_plan(parse_query(""), vocabulary)
            counts = self._backend.find(everything, SearchRequest(per_page=1)).facets.get("speaker", {})
            known = self._names = (vocabulary, Names(counts))
        return known[1]

    def _relaxed(self, plan: Plan, request: SearchRequest) -> tuple[Plan, Found]:
        """The plan with ever fewer words until something is found, or as it was."""
        found = self._backend.find(plan, request)
        relaxed = plan
        if not found.total:
            for relaxed in self._relaxations(plan, request):
                found = self._backend.find(relaxed, request)
                if found.total:
                    break
        return relaxed, found

    def _relaxations(self, plan: Plan, request: SearchRequest) -> Iterable[Plan]:
        """First without the words that the archive does not have, then with one word fewer, two fewer, any one."""
        fewest = _fewest(plan)
        words = tuple(word for word in plan.words if word.passages)
        if fewest <= len(words) < len(plan.words):
            yield replace(plan, words=words)
        if len(words) > max(fewest, 1):
            without_one = [replace(plan, words=words[:n] + words[n + 1 :]) for n in range(len(words))]
            count = replace(request, page=1, per_page=1, grouped=False, facets=False)
            possible = [fewer for fewer in without_one if self._backend.find(fewer, count).total]
            if len(possible) == 1:
                yield possible[0]
        yield from _fewer(replace(plan, words=words))
        if fewest < len(words) - 2:
            yield replace(plan, words=words, at_least=fewest)


class _Hits:
    """Passages as the hits of a plan. `required`: the words that a hit may lack, and then says so."""

    def __init__(self, plan: Plan, required: Sequence[Alternatives], why: bool) -> None:
        self._plan, self._why = plan, why
        self._marker = Marker(plan, required)  # one for all of a page: it remembers the words it has seen

    def of(self, passages: Iterable[Passage]) -> tuple[Hit, ...]:
        hits = map(self._marker.hit, passages)
        return tuple(replace(h, why=reasons(h.passage, self._plan)) if self._why else h for h in hits)


def _fewest(plan: Plan) -> int:
    """How many words are to be left. Quotes are meant: a phrase is never left out, and beside one every word may be."""
    return 0 if plan.phrases else 1


def _fewer(plan: Plan) -> Iterable[Plan]:
    """The plan with any one of its words missing, then any two; a compound alone by its parts."""
    words = plan.words
    if len(words) == 1 and words[0].apart and not plan.phrases:
        parts = words[0].apart
        yield replace(plan, words=parts, at_least=max(1, len(parts) - 1))
    for left in (len(words) - 1, len(words) - 2):
        if _fewest(plan) <= left < len(words):
            yield replace(plan, at_least=left)


def _dropped(strict: Plan, plan: Plan) -> tuple[str, ...]:
    """What no hit has to have."""
    left = {word.surface for word in plan.words}
    return tuple(word.surface for word in strict.words if word.surface not in left)


def _facet(counts: Mapping[str, int]) -> tuple[FacetValue, ...]:
    """The values with the highest counts; equal counts by name, so that both engines agree."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(value, count) for value, count in ranked[:MOST_FACET_VALUES])


def open_engine(settings: Settings, *, only_search: bool = False) -> SearchEngine:
    """Meilisearch where its address is set, else the embedded engine in the data folder. Connects to nothing yet.

    `only_search`: for who never writes; such a one needs no key that may.
    """
    if settings.meili_url:
        from search.meili import MeiliBackend

        return Search(MeiliBackend(settings, only_search))
    from search.embedded import EmbeddedBackend

    return Search(EmbeddedBackend(settings.index_folder))
