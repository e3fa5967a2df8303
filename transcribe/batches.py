"""Windows waiting to be decoded, handed out in batches of a kind."""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

from transcribe.hearing import Answer, Question
from transcribe.whisper import Heard, Way

Owner = TypeVar("Owner")


@dataclass(slots=True, eq=False)
class Pending(Generic[Owner]):
    """A window on its way: the generator that asks, its question now, and whose window it is."""

    hearing: Generator[Question, Heard, list[Answer]]
    question: Question
    owner: Owner
    place: int  # among the owner's windows
    prompt: tuple[int, ...] = ()
    begun: int = 0  # number of its stretch: the lower, the longer it waits


Kind = tuple[int, Way, tuple[int, ...]]  # what all windows of a batch have in common


class Pool(Generic[Owner]):
    """Windows by kind. A window's text does not depend on its company, so any full batch will do.

    The oldest come first: a stretch is only kept when its last window is done, however rare that one's kind.
    """

    def __init__(self, batch_size: int, room: int) -> None:
        self.room = room  # windows it is meant to hold
        self._batch_size = batch_size
        self._kinds: dict[Kind, list[Pending[Owner]]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._kinds.values()))

    def add(self, pending: Pending[Owner]) -> None:
        kind = (int(pending.question.features.shape[1]), pending.question.way, pending.prompt)
        self._kinds.setdefault(kind, []).append(pending)

    def take(self, partly: bool) -> list[Pending[Owner]]:
        """A full batch, of the kind that waits the longest if it can be; none if it is worth waiting for more.

        `partly`: there is no more to wait for. Of a kind that waits in a pool half full, fewer are taken as well.
        """
        if not self._kinds:
            return []
        oldest = min(self._kinds, key=lambda kind: min(p.begun for p in self._kinds[kind]))
        full = [kind for kind, waiting in self._kinds.items() if len(waiting) >= self._batch_size]
        if oldest in full or partly or 2 * len(self) >= self.room:
            return self._taken(oldest)
        return self._taken(full[0]) if full else []

    def _taken(self, kind: Kind) -> list[Pending[Owner]]:
        waiting = sorted(self._kinds.pop(kind), key=lambda p: p.begun)
        if waiting[self._batch_size :]:
            self._kinds[kind] = waiting[self._batch_size :]
        return waiting[: self._batch_size]

    def drop(self, owners: Collection[Owner]) -> None:
        """Forget all windows of some owners."""
        for kind in list(self._kinds):
            kept = [p for p in self._kinds.pop(kind) if p.owner not in owners]
            if kept:
                self._kinds[kind] = kept
