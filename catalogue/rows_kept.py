"""Every row of the catalogue written out and read back, the same for SQLite and PostgreSQL.

A row is one line of JSON: `["edits", {"id": 7, "at": {"moment": "2025-10-08T12:00:00+00:00"}, …}]`. What the database
holds of the search index is left out (a restored archive has none yet), and so is who works on it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from catalogue.database import database_failed, open_database, schema_of
from catalogue.errors import InputError
from catalogue.tables import Base, IndexedRow, LeaseRow, MeetingRow, OutboxRow, RunnerRow

ROWS_AT_ONCE = 500
_LEFT_OUT = {row.__tablename__ for row in (IndexedRow, OutboxRow, RunnerRow, LeaseRow)}


class Damaged(InputError):
    """What was kept cannot be read back."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(
            f"line {line} of the catalogue cannot be read ({reason})",
            remedy="Use another backup; this one is damaged.",
        )


@contextmanager
def reading_all(engine: Engine) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The schema's name and every row as a line, as they are at one moment however long the reading takes."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield schema_of(connection), _lines(connection)


def _lines(connection: Connection) -> Iterator[bytes]:
    for table in Base.metadata.sorted_tables:
        if table.name in _LEFT_OUT:
            continue
        for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table)).mappings():
            said = {name: _told(value) for name, value in row.items()}
            yield json.dumps([table.name, said], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def require_empty(url: str, schema: str) -> None:
    """Raise `InputError` where `put_back` would: the database at `url` holds meetings already, or the schema is newer than
    this version knows. Raises `EngineError` where it cannot be opened. No row is changed."""
    from catalogue.schema import require_known

    require_known(schema)
    engine = open_database(url, migrate=False)
    try:
        with engine.connect() as connection:
            _require_no_meetings(connection)
    except SQLAlchemyError as error:
        remedy = "Check that the database is there and may be written."
        raise database_failed(error, engine.url, "the catalogue cannot be opened", remedy) from error
    finally:
        engine.dispose()


def _require_no_meetings(connection: Connection) -> None:
    meetings = MeetingRow.__tablename__
    if inspect(connection).has_table(meetings) and connection.execute(select(MeetingRow.id).limit(1)).first():
        raise InputError(
            "the catalogue is not empty", remedy="Restore into a new TALERSTOL_HOME, or an empty database."
        )


def put_back(url: str, schema: str, lines: Iterable[bytes]) -> int:
    """Fill the empty database at `url` with rows of that schema, then bring it up to date. Returns the rows.

    All or nothing. Raises `Damaged`, and `InputError` where the database holds meetings already or the schema is
    newer than this version knows.
    """
    from catalogue.schema import at_schema, upgrade

    engine = open_database(url, migrate=False)
    try:
        with engine.connect().execution_options(writer=True) as connection, connection.begin():
            at_schema(connection, schema)
            count = _fill(connection, lines)
            if engine.dialect.name == "postgresql":
                _count_on(connection)
            upgrade(connection)
        return count
    finally:
        engine.dispose()


def _fill(connection: Connection, lines: Iterable[bytes]) -> int:
    found = MetaData()
    found.reflect(connection)
    _require_no_meetings(connection)
    count, waiting, last = 0, list[dict[str, Any]](), ""
    for number, line in enumerate(lines, start=1):
        name, row = _row(found, number, line)
        if name != last or len(waiting) == ROWS_AT_ONCE:
            _insert(connection, found, last, waiting, number)
            waiting, last = [], name
        waiting.append(row)
        count += 1
    _insert(connection, found, last, waiting, count)
    return count


def _row(found: MetaData, number: int, line: bytes) -> tuple[str, dict[str, Any]]:
    try:
        name, row = json.loads(line)
        table: Table = found.tables[name]
        return name, {column: _heard(row[column]) for column in row if table.c[column] is not None}
    except (ValueError, TypeError, KeyError) as error:
        raise Damaged(number, type(error).__name__) from error


def _insert(
    connection: Connection, found: MetaData, name: str, rows: list[dict[str, Any]], number: int
) -> None:
    if not rows:
        return
    try:
        connection.execute(insert(found.tables[name]), rows)
    except SQLAlchemyError as error:
        raise Damaged(number, type(error).__name__) from error


def _count_on(connection: Connection) -> None:
    """PostgreSQL counts ids by itself, and knows nothing of those that were put back."""
    for table in Base.metadata.sorted_tables:
        if _counted(table):
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                    f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table.name}), false)"
                )
            )


def _counted(table: Table) -> bool:
    return "id" in table.c and table.c.id.primary_key and table.c.id.type.python_type is int


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return {"moment": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    return value


def _heard(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    ((kind, said),) = value.items()
    if kind == "moment":
        return datetime.fromisoformat(said)
    if kind == "day":
        return date.fromisoformat(said)
    if kind == "bytes":
        return base64.b64decode(said)
    raise ValueError(kind)
