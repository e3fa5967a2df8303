"""Every edit that people made of a meeting, also those that were taken back. Staff's alone: it holds names and reasons.

What is taken back is as if it had not been said, and stays on record with who took it back, when and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.errors import InputError
from catalogue.outbox import changed
from catalogue.records import Edit, EditKind
from catalogue.rows import locked_meeting
from catalogue.tables import EditRow
from catalogue.transactions import Transactions


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Who took an edit back, why, and when (UTC)."""

    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LoggedEdit:
    """An edit and its `number` in the meeting, from 1 in the order they were made."""

    number: int
    edit: Edit
    taken_back: TakenBack | None = None


class EditLog:
    """The edits on record. Safe to share between threads."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    def of(self, meeting_id: str) -> list[LoggedEdit]:
        """All that were made of a meeting, the oldest first."""
        with self._database.read() as session:
            return [_logged(n, row) for n, row in enumerate(_rows(session, meeting_id), 1)]

    def take_back(self, meeting_id: str, numbers: Sequence[int], said: TakenBack) -> None:
        """All or none. Raises `UnknownMeeting`, and `InputError` for a number that no edit has or that is taken back."""
        with self._database.write() as session:
            locked_meeting(session, meeting_id)
            rows = dict(enumerate(_rows(session, meeting_id), 1))
            for number in dict.fromkeys(numbers):
                row = rows.get(number)
                if row is None:
                    raise InputError("no edit of the meeting has this number", where=str(number))
                if row.taken_back is not None:
                    raise InputError("is taken back already", where=str(number))
                row.taken_back, row.taken_back_by, row.taken_back_why = said.at, said.by, said.why
            changed(session, meeting_id, withdraws=True)


def edit_of(row: EditRow) -> Edit:
    return Edit(
        EditKind(row.kind), row.by, row.why, row.at, row.start, row.end, row.item, row.text, row.item_key
    )


def _rows(session: Session, meeting_id: str) -> list[EditRow]:
    return list(session.scalars(select(EditRow).where(EditRow.meeting_id == meeting_id).order_by(EditRow.id)))


def _logged(number: int, row: EditRow) -> LoggedEdit:
    taken = TakenBack(row.taken_back_by, row.taken_back_why, row.taken_back) if row.taken_back else None
    return LoggedEdit(number, edit_of(row), taken)
