"""The catalogue on a real database file and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import create_engine, inspect, text

from catalogue import (
    Agenda,
    AgendaItem,
    Catalogue,
    Edit,
    EditKind,
    EngineError,
    InputError,
    ItemSpan,
    Meeting,
    MeetingExists,
    PaperLink,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    SpanStatus,
    StepResult,
    StepState,
    TranscriptOrigin,
    UnknownMeeting,
    Word,
    agenda_key,
    make_transcript,
)
from catalogue.tables import Base

AGENDA = Agenda(
    (AgendaItem("1", "Godkendelse af dagsorden"), AgendaItem("2 a", "Køb af jord", "25/1", False))
)
SEGMENTS = (
    Segment(0.0, 2.5, "Mødet er åbnet.", "Karen Holm"),
    Segment(2.5, 4.0, "Værsgo, Åse.", None, (Word(2.5, 3.0, "Værsgo,", 0.91), Word(3.1, 4.0, "Åse.", 0.4))),
)
CAPTIONS = Provenance(TranscriptOrigin.CAPTIONS, "captions.vtt")


@pytest.fixture
def catalogue(database_url: str) -> Iterator[Catalogue]:
    opened = Catalogue.open(database_url)
    yield opened
    opened.close()


def a_meeting(identity: str = "tranevig-byraadet-2025-09-24") -> Meeting:
    recording = Recording(f"{identity}-1", 1, RecordingKind.NONE, "-", offset=0.0)
    return Meeting(identity, "Byrådet", date(2025, 9, 24), "Byrådet", "Tranevig", (recording,), AGENDA)


def test_a_meeting_comes_back_as_it_went_in(catalogue: Catalogue) -> None:
    transcript = make_transcript("m-1", "da", SEGMENTS, CAPTIONS)
    catalogue.add_meeting(a_meeting("m"), [("m-1", transcript)])

    stored = catalogue.meeting("m")
    assert stored.agenda.items == AGENDA.items
    assert (stored.title, stored.date, stored.body, stored.municipality) == (
        "Byrådet", date(2025, 9, 24), "Byrådet", "Tranevig",
    )  # fmt: skip
    assert stored.recordings[0].transcript == transcript.id
    assert catalogue.transcript(transcript.id) == transcript
    assert catalogue.provenance(transcript.id) == CAPTIONS


def test_two_meetings_with_one_id_leave_the_first_unharmed(catalogue: Catalogue) -> None:
    catalogue.add_meeting(a_meeting("m"))
    with pytest.raises(MeetingExists, match="another meeting with this id"):
        catalogue.add_meeting(a_meeting("m"))
    assert catalogue.meeting_ids() == ["m"]
    assert catalogue.meeting("m").agenda.items == AGENDA.items


def test_a_meeting_goes_in_whole_or_not_at_all(catalogue: Catalogue) -> None:
    broken = make_transcript("no-such-recording", "da", SEGMENTS, CAPTIONS)
    with pytest.raises(EngineError):
        catalogue.add_meeting(a_meeting("m"), [("no-such-recording", broken)])
    assert catalogue.meeting_ids() == []


def test_a_new_transcript_leaves_the_old_one_as_it_was(catalogue: Catalogue) -> None:
    first = make_transcript("m-1", "da", SEGMENTS, CAPTIONS)
    second = make_transcript("m-1", "da", SEGMENTS[:1], CAPTIONS)
    catalogue.add_meeting(a_meeting("m"), [("m-1", first)])
    catalogue.save_transcript("m-1", second)
    catalogue.save_transcript("m-1", second)  # the same again changes nothing

    assert catalogue.meeting("m").recordings[0].transcript == second.id != first.id
    assert catalogue.transcript(first.id) == first


def test_segmentation_edits_and_steps_are_kept(catalogue: Catalogue) -> None:
    catalogue.add_meeting(a_meeting("m"))
    made = Segmentation(
        agenda_key(AGENDA),
        ("t",),
        (ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 9.5, 0.9), ItemSpan(1, SpanStatus.CLOSED)),
    )
    catalogue.save_segmentation("m", made)
    edit = Edit(EditKind.REDACTION, "Anna", "personal data", datetime(2025, 10, 1, 8, tzinfo=UTC), 3.0, 4.0)
    catalogue.add_edit("m", edit)
    step = StepResult("m", "segment", StepState.DONE, "abc", datetime(2025, 10, 1, 9, tzinfo=UTC), 0.5)
    catalogue.record_step(step)

    assert catalogue.segmentation("m") == made
    assert catalogue.edits("m") == [edit]
    assert catalogue.steps("m") == {"segment": step}


def test_the_revision_grows_with_what_a_reader_could_see(catalogue: Catalogue) -> None:
    catalogue.add_meeting(a_meeting("m"))
    seen = [catalogue.revision("m")]
    catalogue.replace_agenda("m", Agenda((AgendaItem("1", "Nyt punkt"),)))
    seen.append(catalogue.revision("m"))
    catalogue.update_recording(catalogue.meeting("m").recordings[0])
    seen.append(catalogue.revision("m"))
    assert None not in seen
    assert len(set(seen)) == 3
    assert catalogue.meeting("m").agenda.items == (AgendaItem("1", "Nyt punkt"),)
    assert catalogue.revision("unknown") is None


def test_a_meeting_is_known_by_its_papers_and_follows_them(catalogue: Catalogue) -> None:
    link, later = PaperLink("tranevig:firstagenda", "guid-1"), PaperLink("tranevig:firstagenda", "guid-2")
    catalogue.add_meeting(a_meeting("m"), papers=[link])
    assert catalogue.papers("tranevig:firstagenda") == {"guid-1": "m"}
    assert catalogue.portals("m") == frozenset({"tranevig:firstagenda"})
    assert not catalogue.papers("another")
    before, revision = catalogue.meeting("m"), catalogue.revision("m")

    catalogue.follow_source(before, [link, later])  # nothing differs
    assert (catalogue.meeting("m"), catalogue.revision("m")) == (before, revision)
    assert catalogue.papers("tranevig:firstagenda") == {"guid-1": "m", "guid-2": "m"}

    items = (AgendaItem("1", "Nyt punkt", source_id="new"),)
    moved = replace(before, title="Flyttet", date=date(2025, 10, 1), agenda=Agenda(items))
    catalogue.follow_source(moved, [])
    now = catalogue.meeting("m")
    assert (now.title, now.date, now.agenda.items) == ("Flyttet", date(2025, 10, 1), items)
    assert now.recordings == before.recordings
    assert catalogue.revision("m") != revision


def test_recordings_that_come_later_are_added_once_and_in_order(catalogue: Catalogue) -> None:
    catalogue.add_meeting(replace(a_meeting("m"), recordings=()))
    found = [Recording("", 0, RecordingKind.HTTP, f"https://x/{n}.mp3", item=f"id-{n}") for n in (1, 2)]
    assert catalogue.add_recordings("m", found[:1]) == 1
    revision = catalogue.revision("m")
    assert catalogue.add_recordings("m", found[:1]) == 0
    assert catalogue.revision("m") == revision
    assert catalogue.add_recordings("m", found) == 1
    there = catalogue.meeting("m").recordings
    assert [(r.id, r.ordinal, r.offset, r.item) for r in there] == [
        ("m-1", 1, 0.0, "id-1"), ("m-2", 2, None, "id-2"),
    ]  # fmt: skip
    catalogue.follow_source(catalogue.meeting("m"), [], {"id-2": "other"})
    assert [r.item for r in catalogue.meeting("m").recordings] == ["id-1", "other"]
    with pytest.raises(UnknownMeeting):
        catalogue.add_recordings("none", found)


def test_an_unknown_meeting_is_said(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownMeeting, match="no such meeting"):
        catalogue.meeting("unknown")


def test_writers_wait_for_each_other(catalogue: Catalogue) -> None:
    catalogue.add_meeting(a_meeting("m"))

    def write() -> None:
        for _ in range(10):
            catalogue.add_edit("m", Edit(EditKind.OPEN, "x", "y", datetime.now(UTC), item="2 a"))

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(catalogue.edits("m")) == 40


def test_connections_that_were_cut_while_nothing_was_asked_are_made_anew(postgres_url: str) -> None:
    """As when the server was restarted while a night waited for an hour."""
    catalogue = Catalogue.open(postgres_url)
    try:
        assert catalogue.meeting_ids() is not None
        other = create_engine(postgres_url)
        with other.begin() as connection:
            pids = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            assert connection.execute(text(pids)).all()
        other.dispose()
        assert catalogue.meeting_ids() is not None
    finally:
        catalogue.close()


def test_the_migrations_make_the_tables_that_the_code_names(database_url: str) -> None:
    Catalogue.open(database_url).close()
    engine = create_engine(database_url)
    there = {
        table: {column["name"] for column in inspect(engine).get_columns(table)}
        for table in inspect(engine).get_table_names()
    }
    engine.dispose()
    wanted = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    assert {name: there[name] for name in wanted} == wanted


def test_a_database_that_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "not.sqlite").write_text(
        "this is no database, only a text file that is long enough to be read" * 20
    )
    with pytest.raises(EngineError, match="cannot be opened"):
        Catalogue.open(f"sqlite:///{tmp_path / 'not.sqlite'}")
    with pytest.raises(InputError, match="database address"):
        Catalogue.open("nonsense")
    with pytest.raises(EngineError) as failed:
        Catalogue.open("postgresql://anna:very-secret@127.0.0.1:1/none")
    assert "very-secret" not in failed.value.sentence
