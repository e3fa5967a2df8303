"""Which agenda item a person means: `5`, `5@SOURCE-ID` where several have the number, or `#3` for the third."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from catalogue import AgendaItem, Decision, Edit, EditKind, InputError, item_key


def find_item(word: str, items: Sequence[AgendaItem]) -> int:
    """The position of the item that `5`, `5@SOURCE-ID` or `#3` names. Raises `InputError` for none or several."""
    word = word.strip()
    if word.startswith("#"):
        place = int(word[1:]) if re.fullmatch(r"#\d{1,5}", word, re.ASCII) else 0
        if not 1 <= place <= len(items):
            raise InputError(f"the list has places #1 to #{len(items)}", where=word)
        return place - 1
    numbered = [n for n, item in enumerate(items) if item.number.strip() == word]
    if not numbered and "@" in word:
        number, _, source = word.partition("@")
        numbered = [
            n for n, i in enumerate(items) if (i.number.strip(), i.source_id) == (number.strip(), source)
        ]
    if not numbered:
        raise InputError(
            "no item has this number", where=word, remedy="Write it as the list has it, or its place as #3."
        )
    if len(numbered) > 1:
        ways = ", ".join(_ways(n, items[n]) for n in numbered)
        raise InputError(
            f"{len(numbered)} items have this number", where=word, remedy=f"Name the one you mean: {ways}."
        )
    return numbered[0]


def _ways(n: int, item: AgendaItem) -> str:
    return f"#{n + 1}" + (f" ({item.number}@{item.source_id})" if item.source_id else "")


def item_edit(
    kind: EditKind,
    position: int,
    decision: Decision,
    by: str,
    why: str,
    start: float | None = None,
    end: float | None = None,
) -> Edit:
    """An edit of the item at a position. Raises `InputError` where nothing tells the item from another."""
    items = decision.meeting.agenda.items
    item = items[position]
    alike = [n for n, i in enumerate(items) if (i.number, item_key(i)) == (item.number, item_key(item))]
    if len(alike) > 1:
        raise InputError(
            "cannot be told from another item: same number, title and source",
            where=f"#{position + 1}",
            remedy="It can be mended when the agenda tells them apart.",
        )
    return Edit(kind, by, why, datetime.now(UTC), start, end, item.number, item_key=item_key(item))
