"""The papers of one meeting as one agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from catalogue import Agenda, AgendaItem, AgendaKind, Attachment, spoken_title

ORDER = (AgendaKind.AGENDA, AgendaKind.SUPPLEMENT, AgendaKind.MINUTES)
# How like (0–100) two titles are that mean one item: a typo mended, "(Genoptaget)" added. Two budgets of different
# years, or two lots of one street, differ in a number and are told apart by that.
ALIKE = 85


def merge_agendas(papers: Sequence[Agenda]) -> Agenda:
    """Agenda, supplements and minutes of one meeting as one: each item once, closed where any paper says so.

    The later kind of paper has the last word on title and case; two items of one paper are never one. Raises
    `ValueError` where there is no paper.
    """
    ordered = sorted(papers, key=lambda paper: ORDER.index(paper.kind))
    if not ordered:
        raise ValueError("a meeting has at least one paper")
    items: list[AgendaItem] = []
    ids: list[set[str]] = []  # by which each was known: minutes give an item an id of their own
    for paper in ordered:
        places = _places(items, ids, paper)
        for n, item in enumerate(paper.items):
            if n in places:
                items[places[n]] = _merged(items[places[n]], item)
                ids[places[n]].add(item.source_id)
            else:
                items.append(item)
                ids.append({item.source_id})
    closed = {i.source_id for paper in ordered for i in paper.items if not i.open} - {""}
    items = [
        replace(item, open=item.open and not known & closed) for item, known in zip(items, ids, strict=True)
    ]
    return replace(ordered[0], items=tuple(items), title=next((p.title for p in ordered if p.title), ""))


def _places(items: Sequence[AgendaItem], ids: Sequence[set[str]], paper: Agenda) -> dict[int, int]:
    """Which of the items each item of a later paper means: known by its source id first of all, then by number and
    title, then by case."""
    places: dict[int, int] = {}
    for n, later in enumerate(paper.items):
        known = (at for at in range(len(items)) if later.source_id and later.source_id in ids[at])
        at = next((at for at in known if at not in places.values()), None)
        if at is not None:
            places[n] = at
    for same in (_same_number, _same_case):
        for n, later in enumerate(paper.items):
            if n in places:
                continue
            free = (at for at in range(len(items)) if at not in places.values())
            at = next((at for at in free if same(items[at], later, paper.kind)), None)
            if at is not None:
                places[n] = at
    return places


def _same_number(one: AgendaItem, later: AgendaItem, kind: AgendaKind) -> bool:
    """Minutes keep the agenda's numbers, and what they close has lost its title; a supplement may begin anew."""
    if one.number != later.number or _two_ids(one, later, kind):
        return False
    return _alike(one, later) or (kind is AgendaKind.MINUTES and not later.open)


def _same_case(one: AgendaItem, later: AgendaItem, _: AgendaKind) -> bool:
    return bool(one.case) and one.case == later.case and _alike(one, later)


def _two_ids(one: AgendaItem, later: AgendaItem, kind: AgendaKind) -> bool:
    """Whether their ids make them two: minutes are a paper with ids of its own, agenda and supplement are not."""
    return kind is not AgendaKind.MINUTES and bool(one.source_id and later.source_id)


def _alike(one: AgendaItem, later: AgendaItem) -> bool:
    a, b = spoken_title(one.title).casefold(), spoken_title(later.title).casefold()
    numbers = [[word for word in title.split() if any(c.isdigit() for c in word)] for title in (a, b)]
    return a == b or (numbers[0] == numbers[1] and fuzz.ratio(a, b) >= ALIKE)


def _merged(before: AgendaItem, later: AgendaItem) -> AgendaItem:
    return replace(
        later,
        case=later.case or before.case,
        source_id=before.source_id or later.source_id,
        open=before.open and later.open,
        outcome=later.outcome or before.outcome,
        attachments=_united(before.attachments, later.attachments),
        url=later.url or before.url,
        audio=later.audio or before.audio,
        begins=before.begins if later.begins is None else later.begins,
    )


def _united(before: tuple[Attachment, ...], later: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Every attachment once; of two with one name, the one with an address."""
    by_name = {a.name: a for a in before}
    for a in later:
        if a.url or a.name not in by_name:
            by_name[a.name] = a
    return tuple(by_name.values())
