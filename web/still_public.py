"""A search of what is public at this moment: the index follows the catalogue, but never at once.

What a hit says can be checked one by one, what is counted cannot. So a meeting of which the index may still hold what
was withdrawn (or an old title, a text before its correction) is left out of the search, counts and all, until the
outbox has delivered it: seconds. The hits are then checked too, for what is withdrawn while the engine searches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from catalogue import Catalogue, Interval, published_without, touches
from search import Group, Hit, SearchEngine, SearchRequest, SearchResult
from web.lru import Lru

MEETINGS_KEPT = 4_000  # of each only the withheld stretches

#: By meeting; None: all of it.
Withheld = Mapping[str, tuple[Interval, ...] | None]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is withheld of a meeting; None: all of it."""

    withheld: tuple[Interval, ...] | None


class StillPublic:
    """Holds a search against the catalogue as it is now; what is read of a meeting is remembered until it changes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: Lru[tuple[str, int], _Known] = Lru(MEETINGS_KEPT)

    def search(self, engine: SearchEngine, asked: SearchRequest) -> SearchResult:
        """What the engine finds and is public at this moment. Raises `EngineError`."""
        return self.of(engine.search(self.asked(asked)))

    def asked(self, request: SearchRequest) -> SearchRequest:
        """The request without the meetings that may not be public any more as the index has them.

        To be asked at once: what is withdrawn after this, it does not know of.
        """
        return replace(request, without=self._catalogue.outbox.withdrawing())

    def of(self, result: SearchResult) -> SearchResult:
        """The result without the hits that reach into withheld time or a meeting that is not public.

        The counts of a page that lost any are of what was withdrawn too, so they are left out.
        """
        every = (*result.hits, *result.also, *(hit for group in result.groups for hit in group.hits))
        known = self._withheld({hit.passage.meeting for hit in every})
        result = replace(result, also=_public(result.also, known))
        hits = _public(result.hits, known)
        groups = tuple(_group(group, known) for group in result.groups)
        lost = len(result.hits) - len(hits)
        lost += sum(before.total - after.total for before, after in zip(result.groups, groups, strict=True))
        if not lost:
            return result
        shown = tuple(group for group in groups if group.hits)
        gone = len(groups) - len(shown)
        return replace(
            result,
            hits=hits,
            groups=shown,
            group_total=None if result.group_total is None else result.group_total - gone,
            total=max(len(hits), result.total - lost),
            facets=dict.fromkeys(result.facets, ()),
        )

    def _withheld(self, meetings: set[str]) -> Withheld:
        """What is withheld of each of these meetings; those that are gone are not in it."""
        revisions = self._catalogue.revisions_of(sorted(meetings)) if meetings else {}
        return {meeting_id: self._of(meeting_id, revision) for meeting_id, revision in revisions.items()}

    def _of(self, meeting_id: str, revision: int) -> tuple[Interval, ...] | None:
        found = self._known.get(
            (meeting_id, revision), lambda: _Known(published_without(self._catalogue, meeting_id))
        )
        return found.withheld


def _group(group: Group, known: Withheld) -> Group:
    """The group less what is withheld; empty where nothing that was to be shown is left."""
    hits = _public(group.hits, known)
    return Group(group.total - len(group.hits) + len(hits) if hits else 0, hits)


def _public(hits: tuple[Hit, ...], known: Withheld) -> tuple[Hit, ...]:
    return tuple(hit for hit in hits if _is_public(hit, known.get(hit.passage.meeting)))


def _is_public(hit: Hit, withheld: tuple[Interval, ...] | None) -> bool:
    # By sentence: what is withheld may lie between two of them.
    return withheld is not None and not any(
        touches(withheld, start, end) for _, start, end in hit.passage.sentences
    )
