"""What an edit applies to: the time it covers and the agenda items it names. In doubt, closed.

Numbers repeat, and move when the agenda is replaced; so an edit also knows the item's key. A boundary is laid on
the one item that has its key (where several have it, on the one of them that also has its number), and on none in
doubt: a person is then asked to look (`catalogue.boundaries.lost_boundaries`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from catalogue.errors import InputError
from catalogue.intervals import FOREVER, Interval, stretch
from catalogue.records import AgendaItem, Edit, EditKind
from catalogue.serial import digest

_SAYS_CLOSED = re.compile(r"\blukket\b|\blukkede?\s+(punkt|sag|del|dør|møde)", re.IGNORECASE)
_OF_AN_ITEM = (EditKind.OPEN, EditKind.CLOSE, EditKind.BOUNDARY, EditKind.UNSET)


def item_key(item: AgendaItem) -> str:
    """What an item is known by when its number moves to another: a fingerprint of its title and source id."""
    return digest([item.title, item.source_id])


def edit_time(edit: Edit) -> Interval:
    """The time an edit covers; what is missing is taken as wide as it can be."""
    return stretch(0.0 if edit.start is None else edit.start, FOREVER if edit.end is None else edit.end)


def opened_time(edit: Edit) -> Interval | None:
    """The stretch that an OPEN releases; None unless it says both its times, in order, and no item."""
    if edit.kind is not EditKind.OPEN or edit.item is not None or edit.start is None or edit.end is None:
        return None
    return Interval(edit.start, edit.end) if edit.start < edit.end else None


def closed_time(edit: Edit) -> Interval | None:
    """The time that a redaction or a CLOSE withholds; None for a CLOSE that names an item and no time."""
    if edit.kind is EditKind.REDACTION:
        return edit_time(edit)
    if edit.kind is EditKind.CLOSE and (edit.item is None or edit.start is not None or edit.end is not None):
        return edit_time(edit)
    return None


def named_items(edit: Edit, items: Sequence[AgendaItem]) -> frozenset[int]:
    """The positions of the items that an edit opens, closes or gives a time.

    A CLOSE holds for every item with its number and follows the title it was made for; an OPEN holds only where
    one item alone has both its number and title; a boundary follows its title, and holds for one item or none.
    """
    if edit.item is None:
        return frozenset()
    numbered = {n for n, item in enumerate(items) if item.number.strip() == edit.item.strip()}
    known = {n for n, item in enumerate(items) if edit.item_key and item_key(item) == edit.item_key}
    if edit.kind is EditKind.CLOSE:
        return frozenset(numbered | known)
    if edit.kind is EditKind.OPEN and len(numbered & known) == 1:
        return frozenset(numbered & known)
    if edit.kind in (EditKind.BOUNDARY, EditKind.UNSET):
        meant = known if len(known) == 1 else numbered & known
        return frozenset(meant) if len(meant) == 1 else frozenset()
    return frozenset()


def closed_by_title(title: str) -> bool:
    """Whether a title alone says that its item is closed: the one rule for every source (design, rule 6)."""
    return bool(_SAYS_CLOSED.search(title))


def closed_items(items: Sequence[AgendaItem], edits: Iterable[Edit]) -> frozenset[int]:
    """The positions of the items that are withheld: in doubt, closed; the last word is a person's."""
    closed = {n for n, item in enumerate(items) if not item.open or closed_by_title(item.title)}
    for edit in edits:
        if edit.kind is EditKind.OPEN:
            closed -= named_items(edit, items)
        elif edit.kind is EditKind.CLOSE:
            closed |= named_items(edit, items)
    return frozenset(closed)


def checked(edit: Edit, items: Sequence[AgendaItem]) -> Edit:
    """The edit with the key of the item it names. Raises `InputError` where it would not do what was meant."""
    _check_times(edit)
    if edit.kind is EditKind.CORRECTION and not edit.text.strip():
        raise InputError("a correction needs its text", where=edit.kind.value)
    number = edit.item
    if edit.kind in (EditKind.BOUNDARY, EditKind.UNSET) and number is None:
        raise InputError("needs the item that it is about", where=edit.kind.value)
    if number is None or edit.kind not in _OF_AN_ITEM:
        return edit
    if edit.kind is EditKind.UNSET and edit.item_key:
        return edit  # also of an item that is no longer on the agenda
    numbered = [item for item in items if item.number.strip() == number.strip()]
    if not numbered:
        raise InputError(
            "no item of the agenda has this number", where=number, remedy="Write the number as published."
        )
    if not edit.item_key and len(numbered) == 1:
        edit = replace(edit, item_key=item_key(numbered[0]))
    if edit.kind is not EditKind.CLOSE and not named_items(edit, items):
        meant = {EditKind.OPEN: "opened"}.get(edit.kind, "given a time")
        raise InputError(
            f"it is not certain which item is to be {meant}",
            where=number,
            remedy="Several items have this number: give the key of the one that is meant.",
        )
    return edit


def _check_times(edit: Edit) -> None:
    given = [time for time in (edit.start, edit.end) if time is not None]
    if any(not math.isfinite(time) or time < 0 for time in given):
        raise InputError("a time is a number of seconds from 0", where=edit.kind.value)
    if edit.kind is EditKind.BOUNDARY:
        if edit.end is not None and (edit.start is None or edit.end <= edit.start):
            raise InputError("an item ends after it starts", where=edit.kind.value)
        return
    needed = edit.kind in (EditKind.CORRECTION, EditKind.REDACTION) or edit.item is None
    if len(given) == 1 or (needed and not given):
        raise InputError(
            "needs both a start and an end" if needed else "has only one of start and end",
            where=edit.kind.value,
        )
    if edit.start is not None and edit.end is not None:
        if edit.end < edit.start:
            raise InputError("ends before it starts", where=edit.kind.value, remedy="Swap the two times.")
        if edit.end == edit.start and edit.kind is EditKind.OPEN:
            raise InputError("opens no time at all", where=edit.kind.value)
