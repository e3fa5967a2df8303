"""What a newer agenda means for a meeting that is there: which item is which, what was closed, what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalogue import Agenda, AgendaItem, Recording, closed_by_title


@dataclass(frozen=True, slots=True)
class Followed:
    """A meeting's agenda as its source has it now. Items are named by their numbers: titles may be what is closed.

    `clips` gives the new name of items that recordings know by an old one.
    """

    agenda: Agenda
    turned_closed: tuple[str, ...]
    turned_open: tuple[str, ...]
    clips: tuple[tuple[str, str], ...]


def follow(
    before: Sequence[AgendaItem], now: Agenda, recordings: Sequence[Recording], withheld: frozenset[int]
) -> Followed:
    """Lay a newer agenda over the one that is there, of which `withheld` are closed (`catalogue.closed_items`).

    Closed items that the newer one leaves out stay, closed, whoever closed them: what was said of them does not
    become public because minutes no longer mention them. One that a person opened stays too, and stays opened.
    """
    found = _pairs(before, now.items)
    items = list(now.items)
    place = 0
    for n, item in enumerate(before):
        if n in found:
            place = items.index(now.items[found[n]]) + 1
        elif n in withheld or not _open(item):
            items.insert(place, replace(item, open=False))
            place += 1
    closed = tuple(
        now.items[m].number for n, m in found.items() if _open(before[n]) and not now.items[m].open
    )
    opened = tuple(
        now.items[m].number for n, m in found.items() if not _open(before[n]) and now.items[m].open
    )
    there = {clip_key(item) for item in now.items}
    clips = tuple(
        (clip_key(before[n]), clip_key(now.items[m]))
        for n, m in found.items()
        if clip_key(before[n]) not in there and any(r.item == clip_key(before[n]) for r in recordings)
    )
    return Followed(replace(now, items=tuple(items)), closed, opened, clips)


def closed_at_once(before: Sequence[AgendaItem], papers: Sequence[Agenda]) -> tuple[AgendaItem, ...]:
    """The items that are there, with those closed that any of these papers closes: nothing else is taken over."""
    shut: set[int] = set()
    for paper in papers:
        shut |= {n for n, m in _pairs(before, paper.items).items() if not paper.items[m].open}
    return tuple(replace(item, open=item.open and n not in shut) for n, item in enumerate(before))


def _open(item: AgendaItem) -> bool:
    """As its source has it. What was kept before titles were read as marks is marked open there, whatever it is called."""
    return item.open and not closed_by_title(item.title)


def clip_key(item: AgendaItem) -> str:
    """What a recording of this item alone names it by."""
    return item.source_id or item.number


def _pairs(before: Sequence[AgendaItem], now: Sequence[AgendaItem]) -> dict[int, int]:
    """Which item is which, each at most once: by the source's id, by number and title, and where the newer one is
    closed (a closed item loses its title) by number alone."""
    signs = (
        lambda a, b: bool(a.source_id) and a.source_id == b.source_id,
        lambda a, b: (a.number, a.title) == (b.number, b.title),
        lambda a, b: not b.open and a.number == b.number,
    )
    found: dict[int, int] = {}
    for same in signs:
        for n, item in enumerate(before):
            if n not in found:
                taken = set(found.values())
                fits = next((m for m, o in enumerate(now) if m not in taken and same(item, o)), None)
                if fits is not None:
                    found[n] = fits
    return found
