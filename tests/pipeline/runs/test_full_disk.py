"""A full disk stops new work, is said once, and harms nothing."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalogue import DiskFull, EditKind, Settings, disk_full, published_meeting, says_full
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.export.parquet import write_parquet
from pipeline.runs.runner import Run
from pipeline.terminal.reporter import Silent
from tests.pipeline.chamber import add_public, in_index, public, redact
from tests.pipeline.conftest import Material, Talerstol
from tests.pipeline.runs.test_kill import DAYS
from tests.small_disk import SmallDisk, small_disk
from web.open_data.tables import TABLES

KIB = 1024
TOO_MUCH = str(1 << 60)  # bytes that no disk has


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 24) as mounted:
        yield mounted


def test_with_too_little_room_nothing_new_is_begun_and_it_is_said_once(
    another: Callable[..., Talerstol], material: Material
) -> None:
    talerstol = another(TALERSTOL_KEEP_FREE_BYTES=TOO_MUCH)
    with open_archive(Settings(home=talerstol.home)) as archive:  # type: ignore[call-arg]
        _add(archive, material)
    said = talerstol("run")
    assert said.code == 1
    assert said.out.count("there is too little room") == 1
    assert "TALERSTOL_KEEP_FREE_BYTES" in said.out and str(talerstol.home / "media") in said.out
    assert f"{len(DAYS)} meetings: 0 worked on, 1 failed, {len(DAYS)} waiting" in said.out
    with open_archive(Settings(home=talerstol.home)) as archive:  # type: ignore[call-arg]
        assert not any(
            archive.catalogue.steps(one) for one in archive.catalogue.meeting_ids()
        )  # none is to blame


def test_what_has_to_be_withdrawn_is_withdrawn_all_the_same(settings: Settings) -> None:
    with open_archive(settings) as archive:
        add_public(archive, "a")
        Run(archive, Silent()).bring_up_to_date(["a"])
    with open_archive(settings.model_copy(update={"keep_free_bytes": 1 << 60})) as archive:
        redact(archive, "a")
        Run(archive, Silent()).bring_up_to_date(["a"])
        assert in_index(archive) == public(archive)
        assert not any("atal0" in passage.text for passage in in_index(archive).values())


@pytest.fixture(scope="module")
def undisturbed(material: Material, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    return _brought_up(Settings(home=tmp_path_factory.mktemp("undisturbed")), material).seen  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("left", "by"),
    [
        (520 * KIB, "this run"),
        (160 * KIB, "others"),
        (300 * KIB, "others"),
        (520 * KIB, "others"),
        (900 * KIB, "others"),
    ],
)
def test_a_disk_that_fills_up_in_the_middle_harms_nothing(
    settings: Settings,
    material: Material,
    disk: SmallDisk,
    undisturbed: list[object],
    left: int,
    by: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So many bytes are left for the catalogue, the recordings and the index together.

    What others write meanwhile comes after the look that a run takes before each step.
    """
    on_disk = settings.model_copy(update={"home": disk.folder / "home", "keep_free_bytes": 0})
    with monkeypatch.context() as patched:
        if by == "others":
            patched.setattr("pipeline.runs.room.free_bytes", lambda _: 1 << 60)
        cut_short = _brought_up(on_disk, material, before=lambda: disk.leave(left))
    assert ("is full" if by == "others" else "too little room") in cut_short.said, cut_short
    assert "Make room" in cut_short.said, cut_short
    assert all(view is None or view in undisturbed for view in cut_short.seen)
    disk.clear()
    whole = _brought_up(on_disk, material)
    assert (whole.said, whole.seen) == ("", undisturbed)
    assert [file.name for file in (on_disk.media_folder / ".partial").iterdir()] == []


def test_on_a_full_disk_a_command_says_so_in_two_lines(
    another: Callable[..., Talerstol], disk: SmallDisk
) -> None:
    talerstol = another("disk/home")
    with open_archive(Settings(home=talerstol.home)) as archive:  # type: ignore[call-arg]
        add_public(archive, "a")
    disk.leave(0)
    said = talerstol("run")  # no traceback: see `Talerstol`
    assert said.code == 1 and "disk of the catalogue is full" in said.err, said
    assert len(said.err.strip().splitlines()) == 2, said


def _add(archive: Archive, material: Material) -> None:
    for day, source in zip(DAYS, (material.video, material.sound), strict=True):
        add_meeting(
            archive, Registration((str(source),), str(material.agenda(day)), (str(material.captions),))
        )


@dataclass(frozen=True)
class Brought:
    said: str  # why it could not be ended
    seen: list[object]  # what is public of each meeting


def _brought_up(
    settings: Settings, material: Material, before: Callable[[], object] = lambda: None
) -> Brought:
    """Two meetings, added before and then brought up to date."""
    with open_archive(settings) as archive:
        _add(archive, material)
        before()
        ids, said = archive.catalogue.meeting_ids(), ""
        try:
            failed = Run(archive, Silent()).bring_up_to_date(ids).failed
            assert not any(failure.meeting_id for failure in failed), failed
            said = "".join(failure.message for failure in failed)
        except DiskFull as full:  # the catalogue's own
            said = full.sentence
        return Brought(said, [published_meeting(archive.catalogue, one) for one in ids])


def test_an_edit_on_a_full_disk_is_refused_whole(settings: Settings, disk: SmallDisk) -> None:
    on_disk = settings.model_copy(update={"home": disk.folder / "home"})
    with open_archive(on_disk) as archive:
        add_public(archive, "a")
        disk.leave(0)
        with pytest.raises(Exception) as refused:
            for _ in range(200):
                redact(archive, "a")
        assert disk_full(refused.value), refused.value
        before = archive.catalogue.edits("a")
        disk.clear()
        redact(archive, "a")
        edits = archive.catalogue.edits("a")
        assert edits[:-1] == before and edits[-1].kind is EditKind.REDACTION


def test_a_full_disk_is_known_by_whoever_meets_it(disk: SmallDisk) -> None:
    connection = sqlite3.connect(disk.folder / "a.sqlite")
    connection.execute("create table t (x)")
    disk.leave(0)
    with pytest.raises(sqlite3.Error) as full:
        connection.execute("insert into t values (zeroblob(1000000))")
    assert disk_full(full.value)
    connection.close()
    with pytest.raises(OSError) as written:
        (disk.folder / "b").write_bytes(b"x" * 100_000)
    assert disk_full(written.value)


@pytest.mark.parametrize(
    ("said", "full"),
    [
        ("[out#0/mp4 @ 0x1] Error writing trailer: No space left on device", True),
        ("av_interleaved_write_frame(): No space left on device\nConversion failed!", True),
        ("No space left on device: the talk of a council", False),
        ("moede No space left on device.mp4: Invalid data found", False),
    ],
)
def test_only_the_words_of_the_system_are_believed(said: str, full: bool) -> None:
    assert says_full(said) is full


def test_what_speaks_of_a_full_disk_at_the_source_is_no_full_disk_here() -> None:
    from ingest.http import CutTransfer

    assert disk_full(CutTransfer("http://example.dk/", "No space left on device")) is None


def test_a_table_of_the_open_data_that_finds_no_room_says_so(disk: SmallDisk, tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    rows = tmp_path / "meetings.jsonl.gz"
    rows.write_bytes(gzip.compress(b'{"id": "a"}\n'))
    (table,) = (table for table in TABLES if table.name == "meetings")
    disk.leave(0)
    with pytest.raises(DiskFull):
        write_parquet(rows, disk.folder / "meetings.parquet", table)
