"""From every released schema to the newest: what was kept is kept, and what is newer is refused."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from catalogue import Catalogue, EngineError, InputError
from catalogue.database import _alembic, open_database, upgrade

REVISIONS = [script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()][::-1]
MEETING = (
    "INSERT INTO meetings (id, title, date, body, municipality, agenda_source, created, revision) "
    "VALUES ('a', 'Byrådet', '2025-09-24', 'Byrådet', 'Tranevig', '', '2025-10-01 12:00:00', 3)"
)
RECORDING = (
    "INSERT INTO recordings (id, meeting_id, ordinal, kind, source, has_video) "
    "VALUES ('a-1', 'a', 1, 'none', '-', false)"
)


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_older_archive_is_brought_up_with_all_that_it_holds(database_url: str, revision: str) -> None:
    engine = open_database(database_url, migrate=False)
    with engine.connect().execution_options(writer=True) as connection, connection.begin():
        upgrade(connection, revision)
        connection.execute(text(MEETING))
        connection.execute(text(RECORDING))
    engine.dispose()
    for _ in range(2):  # the second time there is nothing to do
        catalogue = Catalogue.open(database_url)
        meeting = catalogue.meeting("a")
        assert (meeting.title, str(meeting.date), meeting.recordings[0].id) == (
            "Byrådet",
            "2025-09-24",
            "a-1",
        )
        catalogue.close()


def test_a_newer_archive_is_refused_and_left_as_it_is(database_url: str) -> None:
    Catalogue.open(database_url).close()
    engine = open_database(database_url, migrate=False)
    with engine.connect().execution_options(writer=True) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises((InputError, EngineError), match="newer version"):
        Catalogue.open(database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    engine.dispose()
