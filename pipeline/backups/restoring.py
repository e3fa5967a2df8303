"""A backup put into an archive that holds nothing yet."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import dataclass
from pathlib import Path

from catalogue import InputError, MediaStore, Settings, put_back, require_empty
from pipeline.archive import open_archive
from pipeline.backups.manifest import (
    MEDIA,
    ROWS,
    SETTINGS,
    Manifest,
    check_backup,
    is_backup,
    newest_backup,
)
from pipeline.backups.places import without_places
from pipeline.runs.locks import alone

SETTINGS_FILE = "talerstol.toml"
UNTOUCHED = f"{SETTINGS_FILE}.restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """`left_out` are the settings that were not put back: they lead to the archive that was backed up."""

    manifest: Manifest
    left_out: tuple[str, ...]


def restore(folder: Path, settings: Settings) -> Restored:
    """Put a backup (the newest in a folder of many) into an archive that holds nothing yet.

    All is checked before anything is written. The search index is built by the next run.
    """
    chosen = folder if is_backup(folder) else newest_backup(folder) or folder
    manifest = check_backup(chosen)
    store = MediaStore(settings.media_folder)
    if any(store.root.glob("*")):
        raise InputError(
            "there is media already", where=str(store.root), remedy="Restore into a new TALERSTOL_HOME."
        )
    require_empty(settings.database, manifest.schema)
    settings.home.mkdir(parents=True, exist_ok=True)
    left_out: tuple[str, ...] = ()
    for kept in manifest.files:
        root, _, name = kept.name.partition("/")
        if root == MEDIA:
            with store.create(name) as file:
                shutil.copyfile(chosen / kept.name, file)
        elif root == SETTINGS and not (settings.home / name).exists():
            left_out += _put(chosen / kept.name, settings.home, name)
    with gzip.open(chosen / ROWS, "rb") as lines:
        put_back(settings.database, manifest.schema, lines)
    with open_archive(settings) as archive, alone(archive):
        archive.catalogue.outbox.enter_all()
    return Restored(manifest, left_out)


def _put(source: Path, home: Path, name: str) -> tuple[str, ...]:
    """A settings file. Returns the settings that were left out of it; the file as it was is then beside it."""
    target = home / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if name == SETTINGS_FILE:
        rest, left_out = without_places(source.read_text(encoding="utf-8", errors="replace"))
        if left_out:
            shutil.copyfile(source, home / UNTOUCHED)
            target.write_text(rest, encoding="utf-8")
            return left_out
    shutil.copyfile(source, target)
    return ()
