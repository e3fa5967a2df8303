"""What a search found, less what is no longer public: the index follows the catalogue, but never at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalogue import Catalogue, Interval, published_without, touches
from search import Group, Hit, SearchResult
from web.lru import Lru

MEETINGS_KEPT = 4_000  # of each only the withheld stretches


@dataclass(frozen=True, slots=True)
class _Known:
    """What is withheld of a meeting; None: all of it."""

    withheld: tuple[Interval, ...] | None


class StillPublic:
    """Checks hits against the catalogue as it is now, remembered until a meeting changes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: Lru[tuple[str, int], _Known] = Lru(MEETINGS_KEPT)

    def of(self, result: SearchResult) -> SearchResult:
        """The result without the hits that reach into withheld time or a meeting that is not public.

        The counts of a page that lost any are of what was withdrawn too, so they are left out.
        """
        result = replace(result, also=self._public(result.also))
        hits = self._public(result.hits)
        groups = tuple(self._group(group) for group in result.groups)
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

    def _group(self, group: Group) -> Group:
        """The group less what is withheld; empty where nothing that was to be shown is left."""
        hits = self._public(group.hits)
        return Group(group.total - len(group.hits) + len(hits) if hits else 0, hits)

    def _public(self, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        known = {meeting_id: self._withheld(meeting_id) for meeting_id in {h.passage.meeting for h in hits}}
        return tuple(hit for hit in hits if _is_public(hit, known[hit.passage.meeting]))

    def _withheld(self, meeting_id: str) -> tuple[Interval, ...] | None:
        revision = self._catalogue.revision(meeting_id)
        if revision is None:
            return None
        key = (meeting_id, revision)
        return self._known.get(key, lambda: _Known(published_without(self._catalogue, meeting_id))).withheld


def _is_public(hit: Hit, withheld: tuple[Interval, ...] | None) -> bool:
    # By sentence: what is withheld may lie between two of them.
    return withheld is not None and not any(
        touches(withheld, start, end) for _, start, end in hit.passage.sentences
    )
