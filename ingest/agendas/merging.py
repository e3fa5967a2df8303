"""The papers of one meeting as one agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalogue import Agenda, AgendaItem, AgendaKind

ORDER = (AgendaKind.AGENDA, AgendaKind.SUPPLEMENT, AgendaKind.MINUTES)


def merge_agendas(papers: Sequence[Agenda]) -> Agenda:
    """Agenda, supplements and minutes of one meeting as one: each item once, closed where any paper says so."""
    ordered = sorted(papers, key=lambda paper: ORDER.index(paper.kind))
    items: list[AgendaItem] = []
    for paper in ordered:
        for item in paper.items:
            at = next((n for n, other in enumerate(items) if _same(other, item, paper.kind)), None)
            if at is None:
                items.append(item)
            else:
                before = items[at]
                items[at] = replace(
                    item,
                    source_id=before.source_id or item.source_id,
                    open=before.open and item.open,
                    outcome=item.outcome or before.outcome,
                    audio=item.audio or before.audio,
                )
    return replace(ordered[0], items=tuple(items), title=next((p.title for p in ordered if p.title), ""))


def _same(one: AgendaItem, later: AgendaItem, kind: AgendaKind) -> bool:
    """Whether a later paper means the same item. Minutes keep the agenda's numbers, and what they close has lost its
    title; a supplement may begin its numbers anew."""
    if one.source_id and one.source_id == later.source_id:
        return True
    if one.number != later.number:
        return False
    return one.title == later.title or (kind is AgendaKind.MINUTES and not later.open)
