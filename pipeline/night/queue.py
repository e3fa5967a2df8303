"""The meetings of an archive in the order in which a run takes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from catalogue import Recording
from pipeline.archive import Archive
from pipeline.night.order import Waiting, in_order
from pipeline.retention import DeadlineKind, deadlines

HURRIED_BY = (DeadlineKind.FETCH, DeadlineKind.CAPTIONS)  # that a video goes from here hurries nobody


def queue(archive: Archive, today: date) -> tuple[Waiting, ...]:
    """All meetings, the most pressing first."""
    due: dict[str, date] = {}
    for deadline in deadlines(archive, today):
        if deadline.kind in HURRIED_BY:
            due[deadline.meeting_id] = min(deadline.day, due.get(deadline.meeting_id, date.max))
    reported = frozenset(report.meeting_id for report in archive.catalogue.reports.open())
    return in_order(
        Waiting(one.id, due.get(one.id), one.id in reported, one.date, hours_in(one.recordings))
        for one in archive.catalogue.meetings()
    )


def hours_in(recordings: Iterable[Recording]) -> float | None:
    """Of these recordings together; None while the length of one of them is not known."""
    known = [recording.duration for recording in recordings]
    return None if None in known else sum(one or 0.0 for one in known) / 3600
