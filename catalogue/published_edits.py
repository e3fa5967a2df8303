"""What people have changed in a meeting, as the public may know it: what was done and when, never by whom or why.

Reasons and names are the staff's own notes, and may say what is withheld or was corrected away. A time is told only
where nobody may learn from it what the published view hides:

- a correction's own time, and only where none of it is withheld;
- of what is withheld, the whole withheld stretch that it lies in, as the page shows it; never its own time;
- of an item only that it was opened, closed or given a time; a closed item's time is not told, so neither is that
  somebody set it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalogue.edits import edit_time, named_items, opened_time
from catalogue.intervals import Interval, touches
from catalogue.records import Edit, EditKind
from catalogue.withholding import Decision


@dataclass(frozen=True, slots=True)
class PublishedEdit:
    """One change by a person. Seconds on the meeting's clock, None where no time is told; `items` are positions."""

    kind: EditKind
    at: datetime
    start: float | None = None
    end: float | None = None
    items: tuple[int, ...] = ()


def published_edits(decision: Decision) -> tuple[PublishedEdit, ...]:
    """The changes that may be told, in the order they were made."""
    told = (_published(edit, decision) for edit in decision.edits)
    return tuple(edit for edit in told if edit is not None)


def _published(edit: Edit, decision: Decision) -> PublishedEdit | None:
    if edit.item is not None and edit.kind is not EditKind.REDACTION and edit.kind is not EditKind.CORRECTION:
        return _of_items(edit, decision)
    if edit.kind is EditKind.CORRECTION:
        time = edit_time(edit)
        whole = not touches(decision.withheld, time.start, time.end)
        return PublishedEdit(edit.kind, edit.at, time.start, time.end) if whole else None
    if edit.kind in (EditKind.REDACTION, EditKind.CLOSE):
        return _withheld(edit, decision.withheld)
    opened = opened_time(edit)
    if opened is None or touches(decision.withheld, opened.start, opened.end):
        return None
    return PublishedEdit(edit.kind, edit.at, opened.start, opened.end)


def _of_items(edit: Edit, decision: Decision) -> PublishedEdit | None:
    """Of a boundary only what is said of open items; who opens or closes one is told with its number alone."""
    named = sorted(named_items(edit, decision.meeting.agenda.items))
    timed = edit.kind in (EditKind.BOUNDARY, EditKind.UNSET)
    if not named or (timed and decision.closed.intersection(named)):
        return None
    return PublishedEdit(edit.kind, edit.at, items=tuple(named))


def _withheld(edit: Edit, withheld: Sequence[Interval]) -> PublishedEdit:
    """The withheld stretch that it is part of, so that its own place within it stays unknown."""
    time = edit_time(edit)
    around = next((i for i in withheld if i.start <= time.start and time.end <= i.end), None)
    return (
        PublishedEdit(edit.kind, edit.at, around.start, around.end)
        if around
        else PublishedEdit(edit.kind, edit.at)
    )
