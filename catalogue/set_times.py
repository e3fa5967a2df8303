"""The times that people set in a meeting: they are seconds, and stay where they are whatever becomes of the sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalogue.boundaries import said_boundaries
from catalogue.edits import closed_time, edit_time, opened_time
from catalogue.intervals import Interval, stretch
from catalogue.records import AgendaItem, Edit, EditKind


def set_times(edits: Sequence[Edit], items: Sequence[AgendaItem]) -> tuple[Interval, ...]:
    """Of corrections, of stretches that are withheld or released, and of the boundaries that hold; meeting's clock."""
    return tuple(_times(edits, items))


def _times(edits: Sequence[Edit], items: Sequence[AgendaItem]) -> Iterator[Interval]:
    for edit in edits:
        if edit.kind is EditKind.CORRECTION:
            yield edit_time(edit)
        elif time := closed_time(edit) or opened_time(edit):
            yield time
    for edit in said_boundaries(edits, items).values():
        if edit.start is not None:
            yield stretch(edit.start, edit.start if edit.end is None else edit.end)
