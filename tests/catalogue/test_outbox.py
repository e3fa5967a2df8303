"""The outbox is written with the change or not at all, keeps its order, and forgets nothing that changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

import catalogue as catalogue_package
from catalogue import (
    Agenda,
    AgendaItem,
    Catalogue,
    Delivered,
    Edit,
    EditKind,
    Indexed,
    InputError,
    Meeting,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    TranscriptOrigin,
    agenda_key,
    make_transcript,
)

ROOT = Path(__file__).parents[2]
AGENDA = Agenda((AgendaItem("1", "Skolen"), AgendaItem("2", "Vejen", source_id="b")))
PLACED = Segmentation(agenda_key(AGENDA), (), ())
HELD = Indexed("engine", "content", 3)
REDACTION = Edit(EditKind.REDACTION, "Anna", "personal data", datetime(2025, 10, 1, tzinfo=UTC), 3.0, 4.0)


@pytest.fixture
def catalogue(database_url: str) -> Iterator[Catalogue]:
    opened = Catalogue.open(database_url)
    yield opened
    opened.close()


def add(catalogue: Catalogue, *ids: str) -> None:
    for one in ids:
        recording = Recording(f"{one}-1", 1, RecordingKind.NONE, "-", offset=0.0, item="b")
        catalogue.add_meeting(Meeting(one, "Byrådet", None, "Byrådet", "Tranevig", (recording,), AGENDA))


def waiting(catalogue: Catalogue) -> list[tuple[str, bool]]:
    return [(entry.meeting_id, entry.withdraws) for entry in catalogue.outbox.waiting()]


def settle(catalogue: Catalogue, *ids: str) -> None:
    catalogue.outbox.settle({one: Delivered(catalogue.revision(one), HELD) for one in ids})


def new_transcript(catalogue: Catalogue) -> None:
    said = (Segment(0.0, 2.5, "Mødet er åbnet."),)
    made = make_transcript("m-1", "da", said, Provenance(TranscriptOrigin.CAPTIONS, "x"))
    catalogue.save_transcript("m-1", made)


CHANGES: dict[str, tuple[Callable[[Catalogue], object], bool]] = {
    "redacted": (lambda c: c.add_edit("m", REDACTION), True),
    "new agenda": (lambda c: c.replace_agenda("m", Agenda(())), True),
    "renamed": (lambda c: c.follow_source(replace(c.meeting("m"), title="Ny"), []), True),
    "clip of another item": (lambda c: c.follow_source(c.meeting("m"), [], {"b": "c"}), True),
    "one more recording": (
        lambda c: c.add_recordings("m", [Recording("", 0, RecordingKind.HTTP, "https://x/1.mp3")]),
        True,
    ),
    "placed": (lambda c: c.save_segmentation("m", PLACED), False),
    "fetched": (lambda c: c.update_recording(replace(c.meeting("m").recordings[0], duration=9.0)), False),
    "heard": (new_transcript, False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_that_a_reader_could_see_is_entered(catalogue: Catalogue, name: str) -> None:
    change, withdraws = CHANGES[name]
    add(catalogue, "m")
    assert waiting(catalogue) == []
    before = catalogue.revision("m")
    change(catalogue)
    assert waiting(catalogue) == [("m", withdraws)]
    assert catalogue.revision("m") == (before or 0) + 1


def test_what_is_placed_anew_may_withdraw(catalogue: Catalogue) -> None:
    add(catalogue, "m")
    catalogue.save_segmentation("m", PLACED)
    catalogue.save_segmentation("m", PLACED)
    assert waiting(catalogue) == [("m", True)]


@pytest.mark.parametrize(
    ("found_out", "withdraws"),
    [
        ({"has_video": True}, False),
        ({"playable": "m/1.mp3"}, False),
        ({"playable": None}, True),  # so it is not public
        ({"offset": 3.0}, True),  # other sentences come under what is withheld
        ({"duration": 9.0}, True),
    ],
)
def test_a_recording_of_what_is_public_may_withdraw(
    catalogue: Catalogue, found_out: dict[str, object], withdraws: bool
) -> None:
    add(catalogue, "m")
    [recording] = catalogue.meeting("m").recordings
    catalogue.update_recording(replace(recording, playable="m/0.mp3"))
    catalogue.save_segmentation("m", PLACED)
    assert catalogue.outbox.withdrawing() == ()
    now = replace(replace(recording, playable="m/0.mp3"), **found_out)  # type: ignore[arg-type]
    catalogue.update_recording(now)
    assert catalogue.outbox.withdrawing() == (("m",) if withdraws else ())


def test_every_edit_withdraws(catalogue: Catalogue) -> None:
    for kind in EditKind:
        add(catalogue, kind.value)
        of_item = kind in (EditKind.BOUNDARY, EditKind.UNSET)
        made = replace(REDACTION, kind=kind, text="Rettet.", item="1" if of_item else None)
        catalogue.add_edit(kind.value, made)
    assert catalogue.outbox.withdrawing() == tuple(sorted(kind.value for kind in EditKind))


def test_what_changes_nothing_is_not_entered(catalogue: Catalogue) -> None:
    add(catalogue, "m")
    catalogue.follow_source(catalogue.meeting("m"), [])
    catalogue.add_recordings("m", [])
    with pytest.raises(InputError):
        catalogue.add_edit("m", REDACTION, replace(REDACTION, end=1.0))
    assert (waiting(catalogue), catalogue.edits("m"), catalogue.revision("m")) == ([], [], 0)


def test_withdrawals_go_first_and_the_others_by_their_first_change(catalogue: Catalogue) -> None:
    add(catalogue, "a", "b", "c", "d")
    for one in ("c", "a", "b", "c"):  # the second change of c does not move it
        catalogue.save_segmentation(one, PLACED) if one != "c" else catalogue.update_recording(
            catalogue.meeting("c").recordings[0]
        )
    assert [one for one, _ in waiting(catalogue)] == ["c", "a", "b"]
    since = {entry.meeting_id: entry.since for entry in catalogue.outbox.waiting()}
    catalogue.add_edit("b", REDACTION)
    catalogue.add_edit("d", REDACTION)
    assert waiting(catalogue) == [("b", True), ("d", True), ("c", False), ("a", False)]
    assert {e.meeting_id: e.since for e in catalogue.outbox.waiting()}["b"] == since["b"]
    first = catalogue.outbox.next(("b",))
    assert first and (first.meeting_id, catalogue.outbox.next("abcd")) == ("d", None)


def test_what_changed_while_it_was_delivered_waits_on(catalogue: Catalogue) -> None:
    add(catalogue, "m")
    catalogue.save_segmentation("m", PLACED)
    read = Delivered(catalogue.revision("m"), HELD)
    catalogue.add_edit("m", REDACTION)
    catalogue.outbox.settle({"m": read})
    assert (waiting(catalogue), catalogue.outbox.indexed()) == ([("m", True)], {})
    settle(catalogue, "m")
    assert (waiting(catalogue), catalogue.outbox.indexed()) == ([], {"m": HELD})
    # Another writer had read before the redaction, and writes after it: the index is older than the catalogue again.
    catalogue.outbox.settle({"m": read})
    assert (waiting(catalogue), catalogue.outbox.indexed()) == ([("m", True)], {})


def test_a_meeting_that_is_gone_is_settled_too(catalogue: Catalogue) -> None:
    catalogue.outbox.settle({"gone": Delivered(4, HELD)})
    assert waiting(catalogue) == [("gone", True)]
    settle(catalogue, "gone")
    assert (waiting(catalogue), catalogue.outbox.indexed()) == ([], {})


def test_before_a_rebuild_all_wait_and_nothing_is_known(catalogue: Catalogue) -> None:
    add(catalogue, "b", "a", "c")
    settle(catalogue, "a", "b", "c")
    catalogue.add_edit("c", REDACTION)
    catalogue.outbox.enter_all()
    assert waiting(catalogue) == [("c", True), ("b", False), ("a", False)]
    assert catalogue.outbox.indexed() == {}
    assert catalogue.outbox.indexed_of("b") is None


def test_changes_and_deliveries_at_once_lose_none(catalogue: Catalogue) -> None:
    """Whoever reads after the last change finds an entry, unless it was read after that change too."""
    add(catalogue, "m")
    read = list[int | None]()

    def change() -> None:
        for _ in range(15):
            catalogue.add_edit("m", REDACTION)

    def deliver() -> None:
        for _ in range(15):
            revision = catalogue.revision("m")
            catalogue.outbox.settle({"m": Delivered(revision, Indexed("e", str(revision), 1))})
            read.append(revision)

    threads = [Thread(target=work) for work in (change, deliver, change, deliver)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert catalogue.revision("m") == 30
    known = catalogue.outbox.indexed_of("m")
    assert catalogue.outbox.waits("m") == (known is None or known.digest != "30")
    settle(catalogue, "m")
    assert not catalogue.outbox.waits("m")


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from catalogue import Catalogue, Edit, EditKind
from catalogue import outbox

outbox._enter = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Catalogue.open(sys.argv[1]).add_edit("m", Edit(EditKind.REDACTION, "x", "y", datetime.now(UTC), 3.0, 4.0))
"""


def test_killed_between_change_and_entry_neither_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    catalogue = Catalogue.open(url)
    add(catalogue, "m")
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        timeout=60,
        check=False,
    )
    assert ran.returncode == -9
    assert (catalogue.edits("m"), catalogue.revision("m"), waiting(catalogue)) == ([], 0, [])
    catalogue.close()


def test_in_an_older_archive_all_meetings_wait(database_url: str) -> None:
    config = Config()
    migrations = Path(catalogue_package.__file__).parent / "migrations"
    config.set_main_option("script_location", str(migrations))
    engine = create_engine(database_url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        for one, day in (("b", "2025-01-01"), ("a", "2025-01-02")):
            connection.execute(
                text(
                    "INSERT INTO meetings (id, title, body, municipality, agenda_source, created, revision)"
                    f" VALUES ('{one}', 'T', 'B', 'M', '', '{day} 10:00:00', 7)"
                )
            )
    engine.dispose()
    catalogue = Catalogue.open(database_url)
    try:
        assert waiting(catalogue) == [("b", False), ("a", False)]
        entry = catalogue.outbox.next()
        assert entry and abs((datetime.now(UTC) - entry.since).total_seconds()) < 600
        add(catalogue, "m")
        catalogue.add_edit("a", REDACTION)
        assert waiting(catalogue) == [("a", True), ("b", False)]
    finally:
        catalogue.close()
