"""What was due and is not there, in Danish: once for a meeting, and whether anybody has to do something about it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.night.names import long_day
from pipeline.night.page import Entry
from pipeline.night.report import Ahead, NightReport

MISSED = {"fetch": "optagelsen skulle være hentet", "captions": "teksten skulle have været offentlig"}


@dataclass(frozen=True, slots=True)
class Late:
    """All that is overdue of one meeting."""

    meeting_id: str
    deadlines: tuple[Ahead, ...]

    @property
    def goes_on(self) -> bool:
        """Whether the nights work on it by themselves."""
        return any(one.goes_on for one in self.deadlines)

    @property
    def said(self) -> str:
        """»Fristen er overskredet: teksten skulle have været offentlig senest 4. marts 2026.«"""
        parts = [f"{MISSED[one.kind]} senest {long_day(one.day)}" for one in self.deadlines]
        return f"Fristen er overskredet: {' og '.join(parts)}."


def late(report: NightReport) -> tuple[Late, ...]:
    """The meetings that something is overdue of, the longest first."""
    found: dict[str, list[Ahead]] = {}
    for one in sorted(report.deadlines, key=lambda one: one.day):
        if one.overdue and one.kind in MISSED:
            found.setdefault(one.meeting_id, []).append(one)
    return tuple(Late(meeting_id, tuple(deadlines)) for meeting_id, deadlines in found.items())


def late_needing(report: NightReport) -> tuple[Late, ...]:
    """Those that no night will mend, and that are not among the failures, where they are told of already."""
    return tuple(one for one in _not_failed(report) if not one.goes_on)


def late_going_on(report: NightReport) -> tuple[Late, ...]:
    """Those that the nights go on with, and that did not fail."""
    return tuple(one for one in _not_failed(report) if one.goes_on)


def _not_failed(report: NightReport) -> tuple[Late, ...]:
    failed = {problem.subject for problem in report.failed}
    return tuple(one for one in late(report) if one.meeting_id not in failed)


def late_entry(one: Late) -> Entry:
    """As one line, or with what to do where nothing goes on by itself."""
    name = one.deadlines[0].name
    if one.goes_on:
        return Entry(name, (one.said,))
    told = (one.said, "Natten har ikke mere at gøre ved mødet: se, hvad der mangler.")
    return Entry(name, told, (f"talerstol status {one.meeting_id}",))
