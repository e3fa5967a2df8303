"""Whether the database is sound: its pages and references, and the schema that it has against the one known here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from catalogue.database import VERSION_TABLE
from catalogue.tables import Base


@dataclass(frozen=True, slots=True)
class Misfit:
    """A table, or a column of one, that only one side knows: `missing` from the database, or foreign to this version."""

    table: str
    column: str | None
    missing: bool

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}" if self.column else self.table


def damage(session: Session) -> list[str]:
    """What the database itself finds wrong with its pages and references; PostgreSQL sees to that by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    said = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check(20)"))]
    lost = [
        f"{row[0]}: a row names a missing {row[2]}"
        for row in session.execute(text("PRAGMA foreign_key_check"))
    ]
    return [line for line in said if line != "ok"] + lost


def misfits(session: Session) -> list[Misfit]:
    """Where the tables and columns of the database are not those known here. None of these comes of a migration, which
    is done whole or not at all; a hand, another program or a tool that copied half of it leaves them."""
    there = inspect(session.connection())
    tables = Base.metadata.tables
    found = set(there.get_table_names()) - {VERSION_TABLE}
    misfits = list(_apart(tables.keys(), found))
    for name in sorted(tables.keys() & found):
        columns = (column["name"] for column in there.get_columns(name))
        misfits += _apart(tables[name].columns.keys(), columns, name)
    return misfits


def _apart(known: Iterable[str], found: Iterable[str], table: str = "") -> Iterator[Misfit]:
    known, found = set(known), set(found)
    for name in sorted(known ^ found):
        yield Misfit(table or name, name if table else None, name in known)
