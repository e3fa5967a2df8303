"""A backup is the archive as it was at one moment, and can be put back; a damaged one never is."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import Catalogue, Damaged, EngineError, InputError, Settings, published_meeting
from pipeline.archive import open_archive
from pipeline.backups.backup import (
    MANIFEST,
    ROWS,
    DamagedBackup,
    check_backup,
    make_backup,
    newest_backup,
    restore,
)
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
    with pytest.raises(InputError, match="not empty"):
        restore(tmp_path / "kept", _settings(tmp_path / "copy"))


def test_rows_go_from_one_kind_of_database_to_the_other(filled: Talerstol, database_url: str) -> None:
    from catalogue import put_back

    source = Catalogue.open(_settings(filled.home).database)
    with source.reading_all() as (schema, lines):
        rows = list(lines)
    assert put_back(database_url, schema, rows) == len(rows)
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
