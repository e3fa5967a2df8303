"""Opening the database: SQLite as a server would be run, PostgreSQL as it is, migrated to the newest schema."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from catalogue.errors import EngineError, InputError, TalerstolError
from catalogue.full_disk import DiskFull, disk_full

BUSY_SECONDS = 30  # how long a writer waits for another; a step's writes take milliseconds
MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"  # alembic's own, which is in no record of ours


def open_database(url: str, *, migrate: bool = True) -> Engine:
    """Connect and bring the schema up to date. Raises `InputError` for a bad address, `EngineError` otherwise."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        # A server may have let go of a connection since it was last used, an hour ago or more; a file never does.
        looks = parsed.get_backend_name() != "sqlite"
        # The parameters are what was said.
        engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=looks)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise InputError(
            f"cannot use this database address ({error})",
            where="TALERSTOL_DATABASE_URL",
            remedy="Use sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME with the extra [postgres] installed.",
        ) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        if migrate:
            _migrate(engine)
    except TalerstolError:
        engine.dispose()
        raise
    except (SQLAlchemyError, OSError) as error:
        engine.dispose()
        remedy = "Check that the database is there and may be written."
        raise database_failed(error, parsed, "the catalogue cannot be opened", remedy) from error
    return engine


def database_failed(error: Exception, url: URL, what: str, remedy: str) -> EngineError:
    """An error of the database as one of ours: a full disk by itself, else `what` with the database's own reason."""
    where = url.render_as_string(hide_password=True)
    if disk_full(error):
        return DiskFull("the disk of the catalogue is full", where=where)
    reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
    return EngineError(f"{what} ({reason})", where=where, remedy=remedy)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={round(BUSY_SECONDS * 1000)}")
        _write_ahead(cursor)
        for pragma in ("foreign_keys=ON", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A reader that turns writer cannot wait for its lock, so a writer says so at once.
        writer = connection.get_execution_options().get("writer", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _write_ahead(cursor: DBAPICursor) -> None:
    """Turn on the write-ahead log. Where several do so at once in a new file, SQLite refuses some without waiting, whatever
    busy_timeout says; so we wait."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        if schema_of(connection) == newest_schema():
            return
    from catalogue.schema import (
        bring_up,  # alembic is needed where the schema changes, and not for each command
    )

    bring_up(engine)


def schema_of(connection: Connection) -> str:
    """The name of the schema that the database has; empty where it has none yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    return connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) or ""


def newest_schema() -> str:
    """Migrations are files named by the schema they end in: `0011_whether_recordings_are_whole.py`."""
    return max(file.name for file in MIGRATIONS.glob("versions/[0-9]*.py")).partition("_")[0]
