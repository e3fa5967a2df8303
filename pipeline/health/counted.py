"""How far a look through many things is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from ingest import Progress

Thing = TypeVar("Thing")


def counted(things: Sequence[Thing], progress: Progress) -> Iterator[Thing]:
    """Each in turn; what was handed out before is told as done."""
    for number, thing in enumerate(things):
        progress(number, len(things))
        yield thing
