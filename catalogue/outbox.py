"""The outbox: which meetings have changed since the search index took them, and what it took.

A change and its entry are written in one transaction (`changed`), so that neither is there without the other. An entry
goes when the index has the meeting as it is (`Outbox.settle`), and never because somebody tried. Who writes to the
index first makes the catalogue forget what it holds of the meeting, so that a writer killed in between leaves no
false memory behind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, exists, insert, literal, select, update
from sqlalchemy.orm import Session

from catalogue.tables import IndexedRow, MeetingRow, OutboxRow, UtcDateTime
from catalogue.transactions import Transactions


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A meeting that waits to reach the index, since its first change. `withdraws`: something in the index may not be
    public any more."""

    meeting_id: str
    since: datetime
    withdraws: bool


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index holds of a meeting: the engine and its versions, how many passages, and a digest of them."""

    engine: str
    digest: str
    passages: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was put into the index of a meeting, and its revision as it was before the meeting was read."""

    revision: int | None
    indexed: Indexed


def changed(session: Session, meeting_id: str, *, withdraws: bool) -> None:
    """Count a change that a reader could see, and enter it: the one place where a revision grows."""
    session.execute(
        update(MeetingRow).where(MeetingRow.id == meeting_id).values(revision=MeetingRow.revision + 1)
    )
    _enter(session, meeting_id, withdraws)


def _enter(session: Session, meeting_id: str, withdraws: bool) -> None:
    """An entry, or the one there is: it keeps its place, and withdraws if either does.

    Whoever comes here holds the meeting's row, so that no other enters it at the same time.
    """
    entry = session.scalar(
        select(OutboxRow)
        .where(OutboxRow.meeting_id == meeting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if entry is None:
        session.add(OutboxRow(meeting_id=meeting_id, since=datetime.now(UTC), withdraws=withdraws))
        session.flush()
    elif withdraws:
        entry.withdraws = True


class Outbox:
    """What waits, in the order in which it is to be delivered: withdrawals first, then by their first change."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    def waiting(self) -> list[OutboxEntry]:
        with self._database.read() as session:
            return [_entry(row) for row in session.scalars(_IN_ORDER)]

    def withdrawing(self) -> tuple[str, ...]:
        """The meetings of which something in the index may not be public any more."""
        asked = select(OutboxRow.meeting_id).where(OutboxRow.withdraws).order_by(OutboxRow.meeting_id)
        with self._database.read() as session:
            return tuple(session.scalars(asked))

    def next(self, without: Collection[str] = ()) -> OutboxEntry | None:
        """The first entry that is of none of these meetings."""
        with self._database.read() as session:
            row = session.scalar(_IN_ORDER.where(OutboxRow.meeting_id.not_in(tuple(without))).limit(1))
            return _entry(row) if row else None

    def waits(self, meeting_id: str) -> bool:
        with self._database.read() as session:
            return session.scalar(select(OutboxRow.id).filter_by(meeting_id=meeting_id)) is not None

    def indexed(self) -> dict[str, Indexed]:
        """What the index is known to hold of each meeting."""
        with self._database.read() as session:
            return {row.meeting_id: _indexed(row) for row in session.scalars(select(IndexedRow))}

    def indexed_of(self, meeting_id: str) -> Indexed | None:
        with self._database.read() as session:
            row = session.get(IndexedRow, meeting_id)
            return _indexed(row) if row else None

    def forget(self, meeting_id: str) -> None:
        """Before the index is written: until that is settled, it is not known what it holds of the meeting."""
        with self._database.write() as session:
            session.execute(delete(IndexedRow).where(IndexedRow.meeting_id == meeting_id))

    def enter_all(self) -> None:
        """Before the whole index is built anew: every meeting waits, and nothing is known of the index."""
        now = literal(datetime.now(UTC), UtcDateTime())
        missing = select(MeetingRow.id, now, literal(False)).where(
            ~exists().where(OutboxRow.meeting_id == MeetingRow.id)
        )
        in_order = missing.order_by(MeetingRow.created, MeetingRow.id)
        with self._database.write() as session:
            # Whoever is entering one of them now is waited for.
            session.scalars(select(MeetingRow.id).order_by(MeetingRow.id).with_for_update()).all()
            session.execute(delete(IndexedRow))
            session.execute(insert(OutboxRow).from_select(["meeting_id", "since", "withdraws"], in_order))

    def settle(self, delivered: Mapping[str, Delivered]) -> None:
        """What was delivered waits no longer. What has changed since it was read waits (again), and first of all:
        what the index holds of it may be older than what another writer had put there."""
        with self._database.write() as session:
            for meeting_id, one in delivered.items():
                revision = session.scalar(
                    select(MeetingRow.revision).where(MeetingRow.id == meeting_id).with_for_update()
                )
                session.execute(delete(IndexedRow).where(IndexedRow.meeting_id == meeting_id))
                if revision != one.revision:
                    _enter(session, meeting_id, withdraws=True)
                    continue
                session.execute(delete(OutboxRow).where(OutboxRow.meeting_id == meeting_id))
                if revision is not None:
                    session.execute(insert(IndexedRow).values(meeting_id=meeting_id, **asdict(one.indexed)))


_IN_ORDER = select(OutboxRow).order_by(OutboxRow.withdraws.desc(), OutboxRow.id)


def _entry(row: OutboxRow) -> OutboxEntry:
    return OutboxEntry(row.meeting_id, row.since, row.withdraws)


def _indexed(row: IndexedRow) -> Indexed:
    return Indexed(row.engine, row.digest, row.passages)
