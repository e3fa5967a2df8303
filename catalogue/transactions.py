"""Reading and writing the database: each a transaction of its own, with the database's errors as ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from catalogue.database import database_failed

Condition = Callable[[Session], None]  # raises where nothing may be written


class Transactions:
    """The way to one database. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._of_thread = local()

    @contextmanager
    def only_if(self, condition: Condition) -> Iterator[None]:
        """While the block runs, each transaction in which this thread writes begins with that."""
        before = self._condition
        self._of_thread.condition = condition
        try:
            yield
        finally:
            self._of_thread.condition = before

    @property
    def _condition(self) -> Condition | None:
        found: Condition | None = getattr(self._of_thread, "condition", None)
        return found

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._guarded(), Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """All that the block does becomes true together when it ends well, or not at all."""
        with (
            self._guarded(),
            self._engine.connect().execution_options(writer=True) as connection,
            connection.begin(),
            Session(connection, join_transaction_mode="create_savepoint") as session,
        ):
            if self._condition is not None:
                self._condition(session)
            yield session
            session.commit()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            remedy = (
                "Check the disk and the database, then run the same command again; nothing was half written."
            )
            raise database_failed(error, self._engine.url, "the catalogue did not answer", remedy) from error
