"""Windows waiting to be decoded, handed out in batches of a kind."""

from __future__ import annotations

from collections import OrderedDict, deque
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


Kind = tuple[int, Way, tuple[int, ...]]  # what all windows of a batch have in common


class Pool(Generic[Owner]):
    """Windows by kind. A window's text does not depend on its company, so any full batch will do."""

    def __init__(self, batch_size: int) -> None:
        self._batch_size = batch_size
        self._kinds: OrderedDict[Kind, deque[Pending[Owner]]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, pending: Pending[Owner]) -> None:
        kind = (int(pending.question.features.shape[1]), pending.question.way, pending.prompt)
        self._kinds.setdefault(kind, deque()).append(pending)
        self._count += 1

    def take(self, partly: bool) -> list[Pending[Owner]]:
        """A full batch, the longest waiting kind first; with `partly` the fullest one if none is full."""
        full = next((k for k, waiting in self._kinds.items() if len(waiting) >= self._batch_size), None)
        if full is None and partly and self._kinds:
            full = max(self._kinds, key=lambda k: len(self._kinds[k]))
        if full is None:
            return []
        waiting = self._kinds[full]
        batch = [waiting.popleft() for _ in range(min(self._batch_size, len(waiting)))]
        if not waiting:
            del self._kinds[full]
        self._count -= len(batch)
        return batch

    def drop(self, owners: Collection[Owner]) -> None:
        """Forget all windows of some owners."""
        for kind in list(self._kinds):
            kept = deque(p for p in self._kinds[kind] if p.owner not in owners)
            self._count -= len(self._kinds[kind]) - len(kept)
            if kept:
                self._kinds[kind] = kept
            else:
                del self._kinds[kind]
