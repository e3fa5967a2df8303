"""From every released schema to the newest: what was kept is kept, and what is newer is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from catalogue import Catalogue, EngineError, InputError, Segment
from catalogue.database import newest_schema, open_database, schema_of
from catalogue.schema import known_schemas, upgrade
from catalogue.serial import pack_segments

REVISIONS = known_schemas()
MEETING = (
    "INSERT INTO meetings (id, title, date, body, municipality, agenda_source, created, revision) "
    "VALUES ('a', 'Byrådet', '2025-09-24', 'Byrådet', 'Tranevig', '', '2025-10-01 12:00:00', 3)"
)
RECORDING = (
    'INSERT INTO recordings (id, meeting_id, ordinal, kind, source, has_video, transcript, "offset", duration) '
    "VALUES ('a-1', 'a', 1, 'none', '-', false, 't', 0, 9)"
)
TRANSCRIPT = (
    "INSERT INTO transcripts "
    "(id, recording_id, language, segments, origin, source, revision, options, audio_sha256, tools, created) "
    "VALUES ('t', 'a-1', 'da', :segments, 'captions', 'm.vtt', '', '', '', '', '2025-10-01 12:00:00')"
)
ITEM = (
    'INSERT INTO agenda_items (meeting_id, position, number, title, "case", open, source_id, outcome) '
    "VALUES ('a', 0, '1', 'Cykelsti', '25/1', true, '', '')"
)
EDIT = (
    'INSERT INTO edits (meeting_id, kind, "by", why, at, start, "end", text) '
    "VALUES ('a', 'redaction', 'MH', 'CPR', '2025-10-01 12:00:00', 2, 3, '')"
)
STEP = (
    "INSERT INTO steps (meeting_id, step, state, fingerprint, finished, seconds, message) "
    "VALUES ('a', 'fetch', 'done', 'f', '2025-10-01 12:00:00', 1, '')"
)
SAID = (Segment(0.0, 2.0, "Vi går til punkt 1."), Segment(2.0, 3.0, "010180-1234"))


def make_old(url: str, revision: str) -> None:
    """An archive of that schema, with a row in each table that was there from the first."""
    engine = open_database(url, migrate=False)
    with engine.connect().execution_options(writer=True) as connection, connection.begin():
        upgrade(connection, revision)
        for row in (MEETING, RECORDING, ITEM, EDIT, STEP):
            connection.execute(text(row))
        connection.execute(text(TRANSCRIPT), {"segments": pack_segments(SAID)})
    engine.dispose()


def require_all(catalogue: Catalogue) -> None:
    """Nothing of it was lost."""
    meeting = catalogue.meeting("a")
    assert (meeting.title, str(meeting.date)) == ("Byrådet", "2025-09-24")
    assert [recording.id for recording in meeting.recordings] == ["a-1"]
    assert [item.title for item in meeting.agenda.items] == ["Cykelsti"]
    assert [edit.why for edit in catalogue.edits("a")] == ["CPR"]
    assert catalogue.steps("a").keys() == {"fetch"}
    assert catalogue.transcript("t").segments == SAID


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_older_archive_is_brought_up_with_all_that_it_holds(database_url: str, revision: str) -> None:
    make_old(database_url, revision)
    for _ in range(2):  # the second time there is nothing to do
        catalogue = Catalogue.open(database_url)
        require_all(catalogue)
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


def test_the_newest_schema_is_told_without_alembic(database_url: str) -> None:
    assert newest_schema() == known_schemas()[-1]
    engine = open_database(database_url, migrate=False)
    with engine.connect() as connection:
        assert schema_of(connection) == ""
    engine.dispose()
    engine = open_database(database_url)
    with engine.connect() as connection:
        assert schema_of(connection) == newest_schema()
    engine.dispose()
