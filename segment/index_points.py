"""Where the publisher itself says when an item begins: these win over what is heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue import AgendaItem, Chapter, Recording, spoken_title
from segment.numbers import plain, read_number
from segment.words import tokens

ALIKE = 0.6  # share of a title's words that a chapter's title has, where it has no number


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """An item's beginning (and end, where it is known) in seconds on the meeting's clock, with what says so."""

    item: int
    start: float
    end: float | None
    said: str


def index_points(items: Sequence[AgendaItem], recordings: Sequence[Recording] = ()) -> tuple[IndexPoint, ...]:
    """The points of an agenda, of clips of one item, and of recordings' chapters; each item once, in time.

    The agenda's own points win over clips, and these over chapters.
    """
    found: dict[int, IndexPoint] = {}
    for point in (*_of_agenda(items), *_of_clips(items, recordings), *_of_chapters(items, recordings)):
        found.setdefault(point.item, point)
    return tuple(sorted(found.values(), key=lambda p: (p.start, p.item)))


def _of_agenda(items: Sequence[AgendaItem]) -> list[IndexPoint]:
    return [
        IndexPoint(n, item.begins, None, item.title)
        for n, item in enumerate(items)
        if item.begins is not None
    ]


def _of_clips(items: Sequence[AgendaItem], recordings: Sequence[Recording]) -> list[IndexPoint]:
    """A recording that is of one item alone: the item is where the clip is. The first of several begins it."""
    points = []
    for recording in recordings:
        item = _item_of(recording, items)
        if item is not None and recording.offset is not None:
            end = recording.offset + recording.duration if recording.duration else None
            points.append(IndexPoint(item, recording.offset, end, items[item].title))
    return points


def _item_of(recording: Recording, items: Sequence[AgendaItem]) -> int | None:
    if not recording.item:
        return None
    by_id = [n for n, item in enumerate(items) if item.source_id and item.source_id == recording.item]
    named = by_id or [n for n, item in enumerate(items) if item.number == recording.item]
    return named[0] if len(named) == 1 else None


def _of_chapters(items: Sequence[AgendaItem], recordings: Sequence[Recording]) -> list[IndexPoint]:
    points = []
    for recording in recordings:
        for chapter in recording.chapters:
            item = _item_of_chapter(chapter, items)
            if item is not None:
                points.append(
                    IndexPoint(item, (recording.offset or 0.0) + chapter.start, None, chapter.title)
                )
    return points


def _item_of_chapter(chapter: Chapter, items: Sequence[AgendaItem]) -> int | None:
    """The item that a chapter names: by number and a word of the title, or by most of the title."""
    said = set(tokens(chapter.title))
    shares = [
        len(said & words) / len(words) if (words := set(tokens(spoken_title(i.title)))) else 0.0
        for i in items
    ]
    number = _number(chapter.title)
    numbered = [n for n, item in enumerate(items) if plain(item.number) == number]
    if len(numbered) == 1 and (shares[numbered[0]] > 0 or len(said) <= 2):
        return numbered[0]
    best = max(range(len(items)), key=lambda n: shares[n], default=None)
    if best is None or shares[best] < ALIKE or shares.count(shares[best]) > 1:
        return None
    return best


def _number(title: str) -> str | None:
    words = tuple(w for w in tokens(title) if w not in ("punkt", "pkt", "sag", "nr", "nummer"))
    number = read_number(words, 0)
    return number.value if number else None
