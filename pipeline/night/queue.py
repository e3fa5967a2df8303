"""The meetings of an archive in the order in which a run takes them."""

from __future__ import annotations

from datetime import date, timedelta

import structlog

from catalogue import InputError
from pipeline.archive import Archive
from pipeline.night.order import Haste, Waiting, in_order
from pipeline.recordings.lengths import hours_in
from pipeline.retention import Deadline, DeadlineKind, deadlines

log = structlog.get_logger()

# That a video goes from here hurries nobody.
HURRIED_BY = {DeadlineKind.FETCH: Haste.DELETED, DeadlineKind.CAPTIONS: Haste.CAPTIONS}
MAY_BE_THERE = timedelta(days=14)  # after its day; sources are not always prompt


def queue(archive: Archive, today: date) -> tuple[Waiting, ...]:
    """All meetings, the most pressing first."""
    due: dict[str, list[Deadline]] = {}
    for deadline in known_deadlines(archive, today):
        if deadline.kind in HURRIED_BY:
            due.setdefault(deadline.meeting_id, []).append(deadline)
    reported = frozenset(report.meeting_id for report in archive.catalogue.reports.open())
    found = []
    for one in archive.catalogue.meetings():
        haste, day = min(
            (_haste(deadline, today) for deadline in due.get(one.id, ())), default=(Haste.NONE, None)
        )
        found.append(Waiting(one.id, day, one.id in reported, one.date, hours_in(one.recordings), haste))
    return in_order(found)


def _haste(deadline: Deadline, today: date) -> tuple[Haste, date]:
    """How a deadline hurries, and the day that it goes by."""
    if deadline.day >= today:
        return HURRIED_BY[deadline.kind], deadline.day
    recent = deadline.kind is DeadlineKind.FETCH and deadline.day >= today - MAY_BE_THERE
    return (Haste.MISSED if recent else Haste.NONE), deadline.day


def known_deadlines(archive: Archive, today: date) -> tuple[Deadline, ...]:
    """The deadlines; none where the rules cannot be used, which a run reports as a failure of its own."""
    try:
        return deadlines(archive, today)
    except InputError as error:
        log.warning("no deadlines are known", why=error.what, where=error.where)
        return ()
