"""A backup is the archive as it was at one moment, and can be put back; a damaged one never is."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import Catalogue, Damaged, EngineError, InputError, Settings, TalerstolError, published_meeting
from pipeline.archive import open_archive
from pipeline.backups.backup import Backup, make_backup
from pipeline.backups.manifest import MANIFEST, ROWS, DamagedBackup, check_backup, newest_backup
from pipeline.backups.restoring import restore
from tests.pipeline.conftest import Material, Talerstol

MEETING = "tranevig-byraadet-2025-03-12"


def _quiet(done: float, total: float | None) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def filled(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Talerstol:
    talerstol = Talerstol(tmp_path_factory.mktemp("filled") / "home")
    agenda = str(material.agenda("2025-03-12"))
    added = talerstol("add", str(material.sound), "--agenda", agenda, "--transcript", str(material.captions))
    assert added.out.split()[-1] == MEETING, added
    assert talerstol("run").code == 0
    (talerstol.home / "municipalities.toml").write_text("", encoding="utf-8")
    return talerstol


def test_what_is_restored_is_what_was_kept(
    filled: Talerstol, another: Callable[..., Talerstol], tmp_path: Path
) -> None:
    made = filled("backup", str(tmp_path / "kept"), "--json")
    assert made.code == 0, made
    said = json.loads(made.out)
    assert said["meetings"] == 1 and said["files"] >= 4
    fresh = another("fresh")
    assert fresh("restore", str(tmp_path / "kept")).code == 0
    assert fresh("run").code == 0
    assert (fresh.home / "municipalities.toml").exists()
    for words in (("search", "cykelsti", "--json"), ("items", MEETING, "--json")):
        assert fresh(*words) == filled(*words)
    with open_archive(_settings(filled.home)) as old, open_archive(_settings(fresh.home)) as new:
        assert published_meeting(old.catalogue, MEETING) == published_meeting(new.catalogue, MEETING)
        assert _bytes(old.settings.media_folder) == _bytes(new.settings.media_folder)


def test_a_second_backup_links_to_what_is_unchanged_and_old_ones_go(
    filled: Talerstol, tmp_path: Path
) -> None:
    into = tmp_path / "kept"
    with open_archive(_settings(filled.home)) as archive:
        first = make_backup(archive, into, _quiet)
        first.folder.rename(into / "2020-01-01T000000")  # of another second
        second = make_backup(archive, into, _quiet, keep=1)
    assert second.linked == len([f for f in second.manifest.files if f.name != ROWS])
    assert newest_backup(into) == second.folder
    assert [one.name for one in into.iterdir()] == [second.folder.name]
    check_backup(second.folder)  # whole without the one that it was linked to


@pytest.mark.parametrize("what", ["changed", "gone", "rows", "manifest", "outside"])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    filled: Talerstol, tmp_path: Path, what: str
) -> None:
    with open_archive(_settings(filled.home)) as archive:
        made = make_backup(archive, tmp_path / "kept", _quiet)
    media = next(made.folder / f.name for f in made.manifest.files if f.name.startswith("media/"))
    if what == "changed":
        media.write_bytes(b"x" * media.stat().st_size)
    elif what == "gone":
        media.unlink()
    elif what == "rows":
        (made.folder / ROWS).write_bytes(b"")
    elif what == "manifest":
        (made.folder / MANIFEST).write_text("[]", encoding="utf-8")
    else:
        said = json.loads((made.folder / MANIFEST).read_text(encoding="utf-8"))
        said["files"][0]["name"] = "media/../../../outside"
        (made.folder / MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    fresh = _settings(tmp_path / "fresh")
    with pytest.raises(DamagedBackup):
        restore(made.folder, fresh)
    assert not fresh.home.exists()


@pytest.mark.parametrize(
    "name",
    [
        "settings/../profile",
        "media/../../profile",
        "/profile",
        "settings/{here}/user/profile",  # an absolute path after the first slash
        "settings/./profile",
        "settings/..\\profile",
        "settings/",
        "",
        7,
    ],
)
def test_a_name_that_no_backup_writes_is_damage_and_nothing_is_written(
    filled: Talerstol, tmp_path: Path, name: object
) -> None:
    """The file is where the name says, and as its sum says, so that only the name speaks against it."""
    with open_archive(_settings(filled.home)) as archive:
        made = make_backup(archive, tmp_path / "kept", _quiet)
    name = name.format(here=tmp_path) if isinstance(name, str) else name
    said = json.loads((made.folder / MANIFEST).read_text(encoding="utf-8"))
    kept = next(one for one in said["files"] if one["name"].startswith("settings/"))
    file = Path(os.path.normpath(f"{made.folder}/{name}"))
    if not file.is_dir():
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made.folder / kept["name"], file)
    said["files"].append(kept | {"name": name})
    (made.folder / MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    user = tmp_path / "user"
    user.mkdir()
    with pytest.raises(DamagedBackup):
        restore(made.folder, _settings(user / "home"))
    assert list(user.iterdir()) == []


def test_what_changes_while_it_is_copied_is_copied_again(filled: Talerstol, tmp_path: Path) -> None:
    shutil.copytree(filled.home, tmp_path / "home")
    changes = 0
    with open_archive(_settings(tmp_path / "home")) as archive:
        file = archive.store.path(archive.catalogue.meeting(MEETING).recordings[0].playable or "")

        def change(done: float, total: float | None) -> None:
            nonlocal changes
            if done == total and changes < 2:  # a run remakes the file when all were copied
                changes += 1
                file.write_bytes(f"changed {changes}".encode())

        made = make_backup(archive, tmp_path / "kept", change)
        kept = made.folder / "media" / file.relative_to(archive.store.root)
        assert changes == 2 and kept.read_bytes() == b"changed 2"

        def always(done: float, total: float | None) -> None:
            nonlocal changes
            changes += 1
            file.write_bytes(f"changed {changes}".encode())

        with pytest.raises(EngineError, match="faster than it can be copied"):
            make_backup(archive, tmp_path / "more", always)
    assert list((tmp_path / "more").iterdir()) == []


def test_nothing_is_restored_over_an_archive(filled: Talerstol, tmp_path: Path) -> None:
    filled("backup", str(tmp_path / "kept"))
    again = filled("restore", str(tmp_path / "kept"))
    assert again.code == 2 and "new TALERSTOL_HOME" in again.err
    shutil.copytree(filled.home, tmp_path / "copy", ignore=shutil.ignore_patterns("media"))
    before = _bytes(tmp_path / "copy")
    with pytest.raises(InputError, match="not empty"):
        restore(tmp_path / "kept", _settings(tmp_path / "copy"))
    assert _bytes(tmp_path / "copy") == before


@pytest.mark.parametrize("what", ["newer", "away"])
def test_a_database_that_cannot_take_it_is_found_before_anything_is_written(
    filled: Talerstol, tmp_path: Path, what: str
) -> None:
    with open_archive(_settings(filled.home)) as archive:
        made = make_backup(archive, tmp_path / "kept", _quiet)
    fresh = _settings(tmp_path / "fresh")
    if what == "newer":
        said = json.loads((made.folder / MANIFEST).read_text(encoding="utf-8"))
        (made.folder / MANIFEST).write_text(json.dumps(said | {"schema": "9999"}), encoding="utf-8")
    else:
        pytest.importorskip("psycopg")
        fresh = fresh.model_copy(update={"database_url": f"postgresql://a:b@/c?host={tmp_path}"})
    with pytest.raises(TalerstolError) as refused:
        restore(made.folder, fresh)
    assert ("newer version" if what == "newer" else "cannot be opened") in refused.value.sentence
    assert not fresh.home.exists()


def test_an_earlier_backup_that_cannot_be_read_is_passed_over(filled: Talerstol, tmp_path: Path) -> None:
    into = tmp_path / "kept"
    with open_archive(_settings(filled.home)) as archive:
        for day in ("2020-01-01", "2020-01-02"):
            make_backup(archive, into, _quiet).folder.rename(into / f"{day}T000000")
    (into / "2020-01-02T000000" / MANIFEST).write_bytes(b"{")
    said = filled("backup", str(into), "--json")
    assert said.code == 0, said
    assert "2020-01-02T000000 is passed over: its manifest cannot be read" in said.err
    assert json.loads(said.out)["notes"][0] in said.err.replace("\n", " ")
    made = Path(json.loads(said.out)["folder"])
    rows, *media = sorted(check_backup(made).files, key=lambda file: file.name != ROWS)
    assert rows.name == ROWS
    for file in media:  # linked to the one before that
        assert (made / file.name).samefile(into / "2020-01-01T000000" / file.name)


def test_all_is_on_the_disk_before_it_counts_as_a_backup(
    filled: Talerstol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    before: list[Path] = []
    fsync, rename = os.fsync, Path.rename

    def notes_fsync(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())
        fsync(handle)

    def notes_rename(file: Path, target: Path) -> Path:
        before.extend(synced)
        synced.clear()
        return rename(file, target)

    with open_archive(_settings(filled.home)) as archive:
        monkeypatch.setattr(os, "fsync", notes_fsync)
        monkeypatch.setattr(Path, "rename", notes_rename)
        made = make_backup(archive, tmp_path / "kept", _quiet)
    unfinished = made.folder.with_name(f"{made.folder.name}.partial")
    files = [unfinished / file.name for file in made.manifest.files]
    assert set(files) <= set(before)
    manifest = next(n for n, file in enumerate(before) if MANIFEST in file.name)
    folders = {folder for file in files for folder in file.parents if folder.is_relative_to(unfinished)}
    assert folders <= set(before[manifest:])
    assert synced[0] == tmp_path / "kept"


@pytest.fixture
def two_backups(filled: Talerstol, tmp_path: Path) -> Callable[[Callable[[Path, Path], None]], Backup]:
    """A second backup, after something was done to a recording in the first one, and in the archive."""

    def make(between: Callable[[Path, Path], None]) -> Backup:
        shutil.copytree(filled.home, tmp_path / "home")
        with open_archive(_settings(tmp_path / "home")) as archive:
            first = make_backup(archive, tmp_path / "kept", _quiet)
            first.folder.rename(tmp_path / "kept" / "2020-01-01T000000")  # of another second
            name = archive.catalogue.meeting(MEETING).recordings[0].original or ""
            between(tmp_path / "kept" / "2020-01-01T000000" / "media" / name, archive.store.path(name))
            return make_backup(archive, tmp_path / "kept", _quiet)

    return make


def test_a_linked_file_that_rotted_is_copied_afresh(
    two_backups: Callable[[Callable[[Path, Path], None]], Backup], tmp_path: Path
) -> None:
    made = two_backups(lambda kept, _: rot(kept))
    check_backup(made.folder)
    assert made.linked == len([f for f in made.manifest.files if f.name != ROWS]) - 1
    (note,) = made.notes
    assert "2020-01-01T000000" in note and note.endswith("is damaged, and was copied afresh from the archive")
    assert not made.unlike
    with open_archive(_settings(tmp_path / "home")) as archive:
        assert _bytes(made.folder / "media") == _bytes(archive.settings.media_folder)


def test_a_file_that_rotted_in_the_archive_too_is_kept_as_it_is_and_said(
    two_backups: Callable[[Callable[[Path, Path], None]], Backup], another: Callable[..., Talerstol]
) -> None:
    touched: list[Path] = []

    def both(kept: Path, own: Path) -> None:
        rot(kept)
        rot(own, by=2)
        touched.append(own)

    made = two_backups(both)
    check_backup(made.folder)
    assert made.unlike == tuple(touched) and str(touched[0]) in made.notes[0]


def test_where_the_manifest_rotted_no_recording_is_said_to_be_damaged(
    two_backups: Callable[[Callable[[Path, Path], None]], Backup],
) -> None:
    def wrong(kept: Path, _: Path) -> None:
        manifest = next(parent for parent in kept.parents if (parent / MANIFEST).exists()) / MANIFEST
        said = json.loads(manifest.read_text(encoding="utf-8"))
        for file in said["files"]:
            file["sha256"] = "0" * 64
        manifest.write_text(json.dumps(said), encoding="utf-8")

    made = two_backups(wrong)
    check_backup(made.folder)
    assert made.linked == 0 and not made.unlike
    assert all("is not what its manifest says, but what the archive has" in note for note in made.notes)


def test_the_command_leaves_with_1_where_the_archives_own_file_rotted(
    filled: Talerstol, another: Callable[..., Talerstol], tmp_path: Path
) -> None:
    shutil.copytree(filled.home, tmp_path / "home")
    copy = another("home")
    first = Path(json.loads(copy("backup", str(tmp_path / "kept"), "--json").out)["folder"])
    first = first.rename(tmp_path / "kept" / "2020-01-01T000000")
    rot(next((first / "media").glob(f"{MEETING}/*original*")))
    rot(next((copy.home / "media").glob(f"{MEETING}/*original*")), by=2)
    said = copy("backup", str(tmp_path / "kept"))
    assert said.code == 1 and "see if it plays" in said.err and "is made and checked" in said.out, said


def rot(file: Path, by: int = 1) -> None:
    """One byte turns, and the file's time and size stay."""
    found = file.stat()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= by
    file.write_bytes(data)
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


def test_rows_go_from_one_kind_of_database_to_the_other(filled: Talerstol, database_url: str) -> None:
    from catalogue import put_back, require_empty

    source = Catalogue.open(_settings(filled.home).database)
    with source.reading_all() as (schema, lines):
        rows = list(lines)
    require_empty(database_url, schema)
    assert put_back(database_url, schema, rows) == len(rows)
    with pytest.raises(InputError, match="not empty"):
        require_empty(database_url, schema)
    copy = Catalogue.open(database_url)
    try:
        assert published_meeting(copy, MEETING) == published_meeting(source, MEETING)
        with copy.reading_all() as (_, again):
            assert sorted(again) == sorted(rows)
    finally:
        copy.close()
        source.close()


def test_a_line_that_cannot_be_read_puts_nothing_back(filled: Talerstol, tmp_path: Path) -> None:
    from catalogue import put_back

    source = Catalogue.open(_settings(filled.home).database)
    with source.reading_all() as (schema, lines):
        rows = list(lines)
    source.close()
    url = f"sqlite:///{tmp_path / 'half.sqlite'}"
    for bad in (b"{", b'["meetings", {"nothing": 1}]', b'["nothing", {}]', b'["steps", {"step": {"x": 1}}]'):
        with pytest.raises(Damaged):
            put_back(url, schema, [*rows, bad])
    with pytest.raises(InputError, match="newer version"):
        put_back(url, "9999", rows)
    empty = Catalogue.open(url)
    assert empty.meeting_ids() == []
    empty.close()


def _settings(home: Path) -> Settings:
    return Settings(home=home, allow_private_addresses=True)  # type: ignore[call-arg]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and ".partial" not in file.parts
    }
