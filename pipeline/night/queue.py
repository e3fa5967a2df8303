"""The meetings of an archive in the order in which a run takes them."""

from __future__ import annotations

from datetime import date

import structlog

from catalogue import InputError
from pipeline.archive import Archive
from pipeline.night.order import Waiting, in_order
from pipeline.recordings.lengths import hours_in
from pipeline.retention import Deadline, DeadlineKind, deadlines

log = structlog.get_logger()

HURRIED_BY = (DeadlineKind.FETCH, DeadlineKind.CAPTIONS)  # that a video goes from here hurries nobody


def queue(archive: Archive, today: date) -> tuple[Waiting, ...]:
    """All meetings, the most pressing first."""
    due: dict[str, date] = {}
    for deadline in known_deadlines(archive, today):
        if deadline.kind in HURRIED_BY:
            due[deadline.meeting_id] = min(deadline.day, due.get(deadline.meeting_id, date.max))
    reported = frozenset(report.meeting_id for report in archive.catalogue.reports.open())
    return in_order(
        Waiting(one.id, due.get(one.id), one.id in reported, one.date, hours_in(one.recordings))
        for one in archive.catalogue.meetings()
    )


def known_deadlines(archive: Archive, today: date) -> tuple[Deadline, ...]:
    """The deadlines; none where the rules cannot be used, which a run reports as a failure of its own."""
    try:
        return deadlines(archive, today)
    except InputError as error:
        log.warning("no deadlines are known", why=error.what, where=error.where)
        return ()
