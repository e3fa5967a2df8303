"""The schema from one version to a later one: the only place that imports alembic."""

from __future__ import annotations

import sqlite3

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from catalogue import database
from catalogue.database import MIGRATIONS, schema_of
from catalogue.errors import EngineError, InputError

MIGRATION_LOCK = 7_254_331  # any constant: names our advisory lock on PostgreSQL
LOCK_NOT_AVAILABLE = "55P03"  # SQLSTATE


class CatalogueHeld(EngineError):
    """Another process has been changing the catalogue for longer than one waits."""

    def __init__(self, where: str) -> None:
        super().__init__(
            "another process is changing the catalogue, perhaps bringing it up to this version",
            where=where,
            remedy="Wait until it has ended, then run the same command again.",
        )


def bring_up(engine: Engine) -> None:
    """To the newest schema. Raises `InputError` where the database has one that is not known here, `CatalogueHeld`."""
    with engine.connect() as connection:
        found = schema_of(connection)
    if found and found not in known_schemas():
        raise InputError(
            f"the catalogue was made by a newer version (schema {found})",
            where=engine.url.render_as_string(hide_password=True),
            remedy="Install that version, or restore a backup of this one; nothing was changed.",
        )
    try:
        with engine.connect().execution_options(writer=True) as connection, connection.begin():
            upgrade(connection)
    except OperationalError as error:
        if _is_held(error):
            raise CatalogueHeld(engine.url.render_as_string(hide_password=True)) from error
        raise


def _is_held(error: OperationalError) -> bool:
    sqlite = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
    return sqlite or getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE


def at_schema(connection: Connection, name: str) -> None:
    """Make the tables of an older (or the newest) schema. Raises `InputError` where it is not known here."""
    require_known(name)
    upgrade(connection, name)


def require_known(name: str) -> None:
    """Raise `InputError` where this version knows no schema of that name."""
    if name not in known_schemas():
        raise InputError(
            "this was kept by a newer version", where=f"schema {name}", remedy="Install that version first."
        )


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema to one that is later, within the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {round(database.BUSY_SECONDS * 1000)}"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    config = _alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def known_schemas() -> list[str]:
    """All that there have been, the oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()][::-1]
