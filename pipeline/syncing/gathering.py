"""Which of a portal's papers are of one meeting: agenda, supplements and minutes have ids of their own there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from catalogue import AgendaKind
from ingest.portals import Reference

_ORDER = (AgendaKind.AGENDA, AgendaKind.SUPPLEMENT, AgendaKind.MINUTES)
# Whose day counts, where papers of one meeting disagree: the last word first.
_LEADING = (AgendaKind.MINUTES, AgendaKind.AGENDA, AgendaKind.SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The papers of one meeting, in the order they build on each other. `meeting_id` is None of a new one."""

    meeting_id: str | None
    references: tuple[Reference, ...]

    @property
    def leading(self) -> Reference:
        """The paper whose body and day count."""
        return min(self.references, key=lambda r: (r.closed, _LEADING.index(r.kind), _backwards(r.released)))

    @property
    def body(self) -> str:
        return self.leading.body

    @property
    def day(self) -> date:
        return self.leading.day

    @property
    def begins(self) -> time | None:
        return next((r.begins for r in (self.leading, *self.references) if r.begins), None)


def gather(references: Sequence[Reference], known: Mapping[str, str]) -> tuple[Gathered, ...]:
    """The listed papers by meeting, by day. `known` gives the meeting that a paper was found to be of before.

    What is known stays so, wherever its day has moved. New papers belong to the meeting of their body and day; of
    two meetings on one day, told apart by two agendas (or two minutes) at different times, to the nearer one.
    """
    of_known: defaultdict[str, list[Reference]] = defaultdict(list)
    new: list[list[Reference]] = []
    for cluster in _clusters(references):
        ids = list(dict.fromkeys(known[r.source_id] for r in cluster if r.source_id in known))
        if not ids:
            new.append(cluster)
            continue
        anchors = {i: [r for r in cluster if known.get(r.source_id) == i] for i in ids}
        for reference in cluster:
            near = min(ids, key=lambda i: min(_apart(reference, a) for a in anchors[i]))
            of_known[known.get(reference.source_id, near)].append(reference)
    found = [Gathered(i, _in_order(papers)) for i, papers in of_known.items()]
    found += [Gathered(None, _in_order(papers)) for papers in new]
    return tuple(sorted(found, key=lambda g: (g.day, g.begins or time(), g.body, g.meeting_id or "")))


def _clusters(references: Iterable[Reference]) -> Iterable[list[Reference]]:
    days: defaultdict[tuple[str, date], list[Reference]] = defaultdict(list)
    for reference in references:
        days[reference.body.casefold(), reference.day].append(reference)
    for papers in days.values():
        times = max(
            (sorted({r.begins for r in papers if r.kind is kind and r.begins}) for kind in _ORDER), key=len
        )
        if len(times) < 2:
            yield papers
            continue
        parts: dict[time, list[Reference]] = {begins: [] for begins in times}
        for reference in papers:
            parts[min(times, key=lambda t: _minutes_apart(reference.begins, t))].append(reference)
        yield from parts.values()


def _in_order(papers: Iterable[Reference]) -> tuple[Reference, ...]:
    return tuple(sorted(papers, key=lambda r: (_ORDER.index(r.kind), r.closed, r.released, r.source_id)))


def _apart(one: Reference, other: Reference) -> int:
    return 0 if one.source_id == other.source_id else 1 + _minutes_apart(one.begins, other.begins)


def _minutes_apart(one: time | None, other: time | None) -> int:
    if one is None or other is None:
        return 0
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)


def _backwards(text: str) -> tuple[int, ...]:
    """A key by which later text comes first."""
    return tuple(-ord(c) for c in text)
