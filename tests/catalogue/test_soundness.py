"""Where the schema of a database is not the one known here, whatever its version says; both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from catalogue import Catalogue, Misfit
from catalogue.database import open_database

CHANGES = {
    "ALTER TABLE recordings DROP COLUMN announced": Misfit("recordings", "announced", missing=True),
    "DROP TABLE arrivals": Misfit("arrivals", None, missing=True),
    "ALTER TABLE meetings ADD COLUMN mayor TEXT": Misfit("meetings", "mayor", missing=False),
    "CREATE TABLE _alembic_tmp_recordings (id TEXT)": Misfit("_alembic_tmp_recordings", None, missing=False),
}


@pytest.mark.parametrize("changes", [[], *([change] for change in CHANGES), list(CHANGES)])
def test_what_only_one_side_knows_is_named(database_url: str, changes: list[str]) -> None:
    catalogue = Catalogue.open(database_url)
    engine = open_database(database_url)
    with engine.connect().execution_options(writer=True) as connection, connection.begin():
        for change in changes:
            connection.execute(text(change))
    engine.dispose()
    expected = {CHANGES[change] for change in changes}
    assert set(catalogue.misfits()) == expected and len(catalogue.misfits()) == len(expected)
    catalogue.close()


def test_they_are_named_as_they_are_written_in_sql() -> None:
    assert [misfit.name for misfit in CHANGES.values()] == [
        "recordings.announced",
        "arrivals",
        "meetings.mayor",
        "_alembic_tmp_recordings",
    ]
