"""Meetings with known item times: real ones from a folder, and made-up ones. Some of the real are kept aside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.simulation import Kind, make_meeting
from catalogue import Agenda, AgendaItem, Segment

T = TypeVar("T")
COUNCIL_WITHIN, PARLIAMENT_WITHIN = (
    15.0,
    45.0,
)  # seconds that a start may be off; parliament's marks are to the minute


@dataclass(frozen=True, slots=True)
class Case:
    """A meeting and the truth about it: when each item (by position) begins; `within` seconds is right."""

    name: str
    agenda: Agenda
    spoken: tuple[Segment, ...]
    starts: dict[int, float]
    withdrawn: frozenset[int]
    duration: float
    within: float
    noise: float = 0.0
    kinds: frozenset[str] = frozenset()
    repeated: frozenset[int] = (
        frozenset()
    )  # items with a number that one before has: the truth says nothing of them
    not_on_agenda: int = 0  # starts of items that the agenda lacks; they count as missed


def real_cases(data: Path, kind: str) -> list[Case]:
    """All meetings of `council` or `folketinget`, by name."""
    within = COUNCIL_WITHIN if kind == "council" else PARLIAMENT_WITHIN
    return [_read_case(folder, within) for folder in sorted((data / kind).iterdir())]


def to_develop(cases: Sequence[T]) -> list[T]:
    """The first ten of a kind: looked at and fitted to. The rest is only ever measured."""
    return list(cases[:10])


def kept_aside(cases: Sequence[T]) -> list[T]:
    return list(cases[10:])


def made_cases(
    filler: Sequence[str],
    families: Sequence[str],
    seeds: range,
    items: int | None = None,
    noise: float | None = None,
) -> list[Case]:
    cases = []
    for seed in seeds:
        made = make_meeting(seed, filler, families, items, noise)
        kinds = frozenset(kind.value for kind in made.kinds)
        cases.append(
            Case(
                f"made-{seed}", made.agenda, made.segments, made.starts, made.withdrawn, made.duration, COUNCIL_WITHIN,
                made.noise, kinds,
            )
        )  # fmt: skip
    return cases


def debates(data: Path) -> list[str]:
    """Sentences of members in the parliament's sittings that are to develop on, to fill made-up debates with."""
    return [
        segment.text
        for case in to_develop(real_cases(data, "folketinget"))
        for segment in case.spoken
        if 6 < len(segment.text.split()) < 40
        and "punkt" not in segment.text
        and "ormand" not in (segment.speaker or "")
    ]


def _read_case(folder: Path, within: float) -> Case:
    agenda = Agenda(
        tuple(
            AgendaItem(i["number"], i["title"], open=i.get("open", True))
            for i in _read(folder / "agenda.json")["items"]
        )
    )
    spoken = tuple(
        Segment(s["start"], s["end"], s["text"], s.get("speaker"))
        for s in _read(folder / "transcript.json")["segments"]
    )
    truth = _read(folder / "truth.json")
    by_number: dict[str, int] = {}
    for n, item in enumerate(agenda.items):
        by_number.setdefault(
            item.number, n
        )  # the truth knows numbers only: the first item that has one is meant
    starts = {by_number[number]: at for number, at in truth["starts"].items() if number in by_number}
    said = {by_number[number]: status for number, status in truth.get("status", {}).items()}
    kinds = {
        Kind.JOINT.value if s == "joint" else Kind.WITHDRAWN.value if s == "withdrawn" else Kind.CLOSED.value
        for s in said.values()
    }
    kinds |= _seen_in(spoken, starts)
    withdrawn = frozenset(n for n, status in said.items() if status == "withdrawn")
    return Case(
        folder.name,
        agenda,
        spoken,
        starts,
        withdrawn,
        truth["duration"],
        within,
        truth.get("noise", 0.0),
        frozenset(kinds),
        frozenset(range(len(agenda.items))) - set(by_number.values()),
        len(truth["starts"]) - len(starts),
    )


def _seen_in(spoken: Sequence[Segment], starts: dict[int, float]) -> set[str]:
    """Difficulties that can be read off: order, speakers, an agenda that is read out (a long approval)."""
    order = [n for n, _ in sorted(starts.items(), key=lambda pair: (pair[1], pair[0]))]
    kinds = set()
    if order != sorted(order):
        kinds.add(Kind.MOVED.value)
    if not any(s.speaker for s in spoken):
        kinds.add(Kind.NO_SPEAKERS.value)
    if len(order) > 2 and order[0] == 0:
        until = starts[order[1]]
        said = [s for s in spoken if starts[0] <= s.start < until]
        if sum("punkt" in s.text.lower() for s in said) > len(order) / 2 + 1:
            kinds.add(Kind.READ_OUT.value)
    return kinds


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))
