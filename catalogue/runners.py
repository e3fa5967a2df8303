"""Who works on the archive now, and on what: several processes, perhaps on several machines, share one queue.

A runner says every few seconds that it lives. What it works on it has a lease of, which is good for as long as it lives;
that of a runner which has been silent for `FRESH` may be taken over. All is told by the database's clock: those of the
machines may differ. A runner that was only stalled finds out when it writes (`Runners.only_with`): its lease is looked
at, and kept from others, in the same transaction.
"""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Insert, delete, func, select, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from catalogue.errors import TalerstolError
from catalogue.progress import RunProgress, dump_progress, load_progress
from catalogue.tables import LeaseRow, RunnerRow
from catalogue.transactions import Transactions

# A beat is due every ten seconds (`pipeline.runs.running`), so six have to be lost: a database that is being restarted, or a
# machine that swaps, loses two or three. Whoever waits for the work of a runner that was killed waits a minute.
FRESH = timedelta(seconds=60)
INDEXING = "index"  # what a runner does that only writes to the search index, for a moment
FORGOTTEN = timedelta(
    days=3
)  # a weekend, after which nobody needs to be told of a runner that ended without a word


@dataclass(frozen=True, slots=True)
class Runner:
    """One process at work. `place` names the lock file that it holds; `lives` is whether it was heard of in time."""

    id: str
    host: str
    pid: int
    home: str
    place: str
    doing: str
    began: datetime
    heartbeat: datetime
    lives: bool
    progress: RunProgress = RunProgress()

    @property
    def works(self) -> bool:
        """Whether it works on meetings, and does not only write to the search index."""
        return self.doing != INDEXING


class LeaseLost(TalerstolError):
    """Another runner has taken over what this one was working on, because it was silent for too long."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            "another runner has taken this over, because this one was stalled; nothing of it was written",
            where=key,
            remedy="Nothing: the other one goes on with it.",
        )


class Runners:
    """The runners and their leases. Safe to share between threads."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    def enter(self, host: str, pid: int, home: str, place: str, doing: str) -> Runner:
        """A new runner. Whoever calls holds the lock file `place`, so that an earlier holder of it is dead."""
        with self._database.write() as session:
            now = _now(session)
            session.execute(delete(RunnerRow).where(RunnerRow.heartbeat < now - FORGOTTEN))
            # A machine that was started anew is known by another place, and this one goes on with its work.
            here = (RunnerRow.host == host) & (RunnerRow.home == home) & (RunnerRow.heartbeat < now - FRESH)
            session.execute(delete(RunnerRow).where(here | ((RunnerRow.place == place) if place else False)))
            runner = Runner(uuid.uuid4().hex, host, pid, home, place, doing, now, now, True)
            session.execute(_row(session, runner, now))
        return runner

    def beat(self, runner: Runner, progress: RunProgress) -> frozenset[str]:
        """It lives, and is so far. Returns the keys of its leases. One that was forgotten meanwhile is known again."""
        said = dump_progress(progress)
        with self._database.write() as session:
            now = _now(session)
            beaten = update(RunnerRow).where(RunnerRow.id == runner.id).values(heartbeat=now, progress=said)
            if not _changed(session, beaten):
                session.execute(_row(session, runner, now))
            return frozenset(session.scalars(select(LeaseRow.key).where(LeaseRow.runner_id == runner.id)))

    def leave(self, runner_id: str) -> None:
        """It has ended; its leases are free."""
        with self._database.write() as session:
            session.execute(delete(RunnerRow).where(RunnerRow.id == runner_id))

    def all(self) -> list[Runner]:
        """Every runner that has not said that it ended, the living and the silent, in the order they began."""
        with self._database.read() as session:
            now = _now(session)
            rows = session.scalars(select(RunnerRow).order_by(RunnerRow.began, RunnerRow.id))
            return [_runner(row, now) for row in rows]

    def living(self) -> list[Runner]:
        return [runner for runner in self.all() if runner.lives]

    def take(self, runner_id: str, key: str) -> bool:
        """Take the lease of `key`, which nobody has, or a runner that is dead. False: another has it and lives.

        Who has it already keeps it.
        """
        with self._database.write() as session:
            # Of many that come at once one enters it, and the others wait here for that one's transaction.
            _changed(session, _on_conflict_nothing(session, LeaseRow, key=key, runner_id=runner_id))
            row = session.scalar(select(LeaseRow).where(LeaseRow.key == key).with_for_update())
            if row is None:  # its holder ended between the two questions
                return False
            if row.runner_id != runner_id and _lives(session, row.runner_id):
                return False
            row.runner_id = runner_id
        return True

    def release(self, runner_id: str, key: str) -> None:
        with self._database.write() as session:
            session.execute(delete(LeaseRow).where(LeaseRow.key == key, LeaseRow.runner_id == runner_id))

    def holds(self, runner_id: str, key: str) -> bool:
        with self._database.read() as session:
            return _holds(session, runner_id, key)

    def holder(self, key: str) -> Runner | None:
        """Who has the lease of `key` and lives."""
        asked = (
            select(RunnerRow).join(LeaseRow, LeaseRow.runner_id == RunnerRow.id).where(LeaseRow.key == key)
        )
        with self._database.read() as session:
            row = session.scalar(asked)
            found = _runner(row, _now(session)) if row else None
        return found if found and found.lives else None

    def leases(self) -> dict[str, str]:
        """The id of the runner, living or silent, that has each lease, by its key."""
        with self._database.read() as session:
            return {row.key: row.runner_id for row in session.scalars(select(LeaseRow))}

    def only_with(self, runner_id: str, key: str) -> AbstractContextManager[None]:
        """While the block runs, this thread writes to the catalogue only with that lease.

        Each transaction looks for it first and keeps it from others until it ends. Raises `LeaseLost`.
        """

        def held(session: Session) -> None:
            if not _holds(session, runner_id, key, lock=True):
                raise LeaseLost(key)

        return self._database.only_if(held)


def _now(session: Session) -> datetime:
    """The database's clock at this moment (not at the transaction's beginning)."""
    if session.get_bind().dialect.name == "postgresql":
        return cast("datetime", session.scalar(select(func.clock_timestamp()))).astimezone(UTC)
    said = session.scalar(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"))
    return datetime.fromisoformat(str(said)).replace(tzinfo=UTC)


def _lives(session: Session, runner_id: str) -> bool:
    # Asked after the lease is locked, by a statement of its own, so that its answer is of now.
    seen = session.scalar(select(RunnerRow.heartbeat).where(RunnerRow.id == runner_id))
    return seen is not None and seen >= _now(session) - FRESH


def _holds(session: Session, runner_id: str, key: str, *, lock: bool = False) -> bool:
    asked = select(LeaseRow.key).where(LeaseRow.key == key, LeaseRow.runner_id == runner_id)
    return session.scalar(asked.with_for_update() if lock else asked) is not None


def _row(session: Session, runner: Runner, now: datetime) -> Insert:
    return _on_conflict_nothing(
        session,
        RunnerRow,
        id=runner.id,
        host=runner.host,
        pid=runner.pid,
        home=runner.home,
        place=runner.place,
        doing=runner.doing,
        began=runner.began,
        heartbeat=now,
        progress=dump_progress(runner.progress),
    )


def _on_conflict_nothing(session: Session, table: type[LeaseRow | RunnerRow], **values: object) -> Insert:
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).values(**values).on_conflict_do_nothing()
    return sqlite.insert(table).values(**values).on_conflict_do_nothing()


def _changed(session: Session, statement: Any) -> bool:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount > 0


def _runner(row: RunnerRow, now: datetime) -> Runner:
    return Runner(
        row.id,
        row.host,
        row.pid,
        row.home,
        row.place,
        row.doing,
        row.began,
        row.heartbeat,
        row.heartbeat >= now - FRESH,
        load_progress(row.progress),
    )
