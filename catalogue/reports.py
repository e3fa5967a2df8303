"""What readers report as wrong, kept for staff: which second, what kind of error, their words, and of which text.

No part of the public view: no report, and nothing that is counted from them, is shown to readers. A report stays when
what it is about is withheld. Of who made it nothing is known, so nothing of that is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.errors import InputError
from catalogue.tables import ReportRow
from catalogue.transactions import Transactions

LONGEST_REPORT = 1_000  # characters of a reader's own words
MOST_OPEN = 500  # reports of one meeting; a flood of them must not fill the disk


class ReportKind(StrEnum):
    """What a reader says is wrong."""

    WORDS = "words"  # something else was said
    SPEAKER = "speaker"  # the name is wrong or missing
    ITEM = "item"  # it belongs to another agenda item
    TIME = "time"  # text and sound are not together
    PRIVATE = "private"  # it should not be public
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Report:
    """`second` is on the meeting's clock; `sentence` is a digest of the text that stood there, empty where none
    did, and `version` names the text it is from. `done` is when staff closed it."""

    id: int
    meeting_id: str
    second: float
    kind: ReportKind
    text: str
    sentence: str
    version: str
    at: datetime
    done: datetime | None = None


class TooManyReports(InputError):
    """A meeting has so many open reports that no more are taken."""

    def __init__(self, meeting_id: str) -> None:
        super().__init__("has too many open reports", where=meeting_id, remedy="Close some of them first.")


class Reports:
    """Readers' reports. Safe to share between threads."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    def add(
        self, meeting_id: str, second: float, kind: ReportKind, text: str, sentence: str, version: str
    ) -> int:
        """Keep a report; returns its number. Raises `TooManyReports`, and `InputError` for a text that is too long."""
        if len(text) > LONGEST_REPORT:
            raise InputError(f"has more than {LONGEST_REPORT} characters", where="text")
        with self._database.write() as session:
            if _open(session, meeting_id) >= MOST_OPEN:
                raise TooManyReports(meeting_id)
            row = ReportRow(
                meeting_id=meeting_id,
                second=second,
                kind=kind.value,
                text=text,
                sentence=sentence,
                version=version,
                at=datetime.now(UTC),
            )
            session.add(row)
            session.flush()
            return row.id

    def open(self, meeting_id: str = "") -> list[Report]:
        """The reports that nobody has closed, of one meeting or of all, oldest first."""
        asked = select(ReportRow).where(ReportRow.done.is_(None)).order_by(ReportRow.id)
        if meeting_id:
            asked = asked.where(ReportRow.meeting_id == meeting_id)
        with self._database.read() as session:
            return [_report(row) for row in session.scalars(asked)]

    def count(self, meeting_id: str = "") -> int:
        """How many are open."""
        with self._database.read() as session:
            return _open(session, meeting_id)

    def close(self, number: int) -> Report:
        """Say that a report has been dealt with. One that was closed before keeps its moment."""
        with self._database.write() as session:
            row = session.get(ReportRow, number)
            if row is None:
                raise InputError(
                    "no report has this number", where=str(number), remedy="`talerstol reports` lists them."
                )
            row.done = row.done or datetime.now(UTC)
            return _report(row)


def _open(session: Session, meeting_id: str) -> int:
    asked = select(func.count()).select_from(ReportRow).where(ReportRow.done.is_(None))
    if meeting_id:
        asked = asked.where(ReportRow.meeting_id == meeting_id)
    return session.scalar(asked) or 0


def _report(row: ReportRow) -> Report:
    return Report(
        row.id,
        row.meeting_id,
        row.second,
        ReportKind(row.kind),
        row.text,
        row.sentence,
        row.version,
        row.at,
        row.done,
    )
