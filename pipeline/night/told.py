"""What earlier reports told, so that each meeting is told of once, whoever brought it up to date and when.

A report tells of what was finished since that of an earlier morning. One of the same morning does not count, for the new
one takes its place; nor does one that could not look at the catalogue, or was cut off: what it would have told is told by
the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.night.written import earlier_reports

FIRST = timedelta(
    days=7
)  # the first report goes back so far: older meetings `status` tells, and a page has no room
LATE = timedelta(minutes=10)  # by which clocks of machines differ, and a step may land after its own time


@dataclass(frozen=True, slots=True)
class Told:
    """What was told up to `until`: meetings as `done`, and others as `left` for later."""

    until: datetime
    done: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()

    def since(self, meeting_id: str, finished: datetime) -> bool:
        """Whether something that was finished then has not been told."""
        return finished > (self.until if meeting_id in self.done else self.until - LATE)


def last_told(folder: Path, morning: date, began: datetime) -> Told:
    """By the newest report of an earlier morning that tells."""
    for report in earlier_reports(folder, morning):
        try:
            return _told(report)
        except (KeyError, TypeError, ValueError):
            continue  # it tells nothing, or somebody wrote into it
    return Told(began - FIRST)


def _told(report: Mapping[str, Any]) -> Told:
    until = datetime.fromisoformat(report["told"])
    if until.tzinfo is None:
        raise ValueError(until)
    done = frozenset(one["meeting_id"] for one in report["done"])
    left = {one["meeting_id"] for one in report["going_on"]} | {one["subject"] for one in report["failed"]}
    return Told(until, done, frozenset(left))
