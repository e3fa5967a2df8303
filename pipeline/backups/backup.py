"""A copy of the archive that can be put back: rows, media and settings as they were at one moment.

    DIR/2026-11-26T030000/
        manifest.json        what there is, with the size and sha256 of every file; written last
        catalogue.jsonl.gz   every row (`catalogue.rows_kept`)
        media/…              the files that the rows name
        settings/…           talerstol.toml, municipalities.toml, retention.toml, names/

A file that the backup before has unchanged is linked to it, so that each backup is whole and costs only what is new.
A run may go on meanwhile: the rows are read last, and what changed under our hands is copied again.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from catalogue import (
    Catalogue,
    EngineError,
    InputError,
    MediaStore,
    Recording,
    Settings,
    file_sha256,
    put_back,
)
from ingest import Progress
from ingest.portals import MUNICIPALITIES
from pipeline.archive import Archive, open_archive
from pipeline.backups.last import LastBackup, remember
from pipeline.retention import RETENTION
from pipeline.runs.locks import alone

FORMAT = 1
MANIFEST, ROWS, MEDIA, SETTINGS = "manifest.json", "catalogue.jsonl.gz", "media", "settings"
PARTIAL = ".partial"
ROUNDS = 5  # times that what changed meanwhile is copied again; a step's file changes once in minutes


@dataclass(frozen=True, slots=True)
class KeptFile:
    name: str  # within the backup
    bytes: int
    sha256: str
    modified: int  # ns, of the file that was copied: how it is known to be unchanged


@dataclass(frozen=True, slots=True)
class Manifest:
    format: int
    made: str
    schema: str
    meetings: int
    rows: int
    files: tuple[KeptFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Backup:
    folder: Path
    manifest: Manifest
    linked: int  # files that the backup before had already


class DamagedBackup(InputError):
    """Something in a backup is not as it was written."""

    def __init__(self, file: Path, reason: str) -> None:
        self.file = file
        super().__init__(
            f"the backup is damaged: {reason}",
            where=str(file),
            remedy="Use another backup of the same archive.",
        )


def make_backup(archive: Archive, into: Path, progress: Progress, keep: int = 0) -> Backup:
    """Copy the archive into a new folder in `into`, read it back, and let go of all but the newest `keep` (0: none goes).

    Raises `EngineError` where the disk is too small or the archive changes too fast.
    """
    before = newest_backup(into)
    now = datetime.now(UTC)
    folder = into / f"{now:%Y-%m-%dT%H%M%S}"
    unfinished = into / (folder.name + PARTIAL)
    try:
        unfinished.mkdir(parents=True)
        copying = _Copying(unfinished, before)
        meetings, schema, rows = _media_and_rows(archive, copying, progress)
        _settings(archive.settings, copying)
        copying.file(unfinished / ROWS, ROWS, in_place=True)
        files = tuple(sorted(copying.kept.values(), key=lambda file: file.name))
        manifest = Manifest(FORMAT, now.isoformat(timespec="seconds"), schema, meetings, rows, files)
        _check(unfinished, [file for file in files if file.name not in copying.linked])
        (unfinished / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
        read_manifest(unfinished)  # what `restore` would refuse is no backup
        unfinished.rename(folder)
    except OSError as error:
        raise EngineError(
            f"the backup cannot be written ({error.strerror or error})",
            where=str(into),
            remedy="Check that there is room and that the folder may be written; nothing older was changed.",
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    with suppress(OSError):  # the backup is there; that nobody remembers it is said by `check --deep`
        remember(archive.settings.home, LastBackup(folder.resolve(), now))
    if keep:
        _let_go(into, keep)
    return Backup(folder, manifest, len(copying.linked))


def _media_and_rows(archive: Archive, copying: _Copying, progress: Progress) -> tuple[int, str, int]:
    """Media until none changes under our hands, then the rows that name them."""
    for _ in range(ROUNDS):
        named = _named(archive.catalogue)
        for n, name in enumerate(named, start=1):
            copying.file(archive.store.path(name), f"{MEDIA}/{name}")
            progress(n, len(named))
        with (
            archive.catalogue.reading_all() as (schema, lines),
            gzip.open(copying.folder / ROWS, "wb") as out,
        ):
            rows = sum(1 for line in lines if out.write(line))
        if _named(archive.catalogue) == named and copying.unchanged(archive.store, named):
            return len(archive.catalogue.meeting_ids()), schema, rows
        copying.forget_other_media(named)
    raise EngineError(
        "the archive changes faster than it can be copied",
        where=str(archive.settings.home),
        remedy="Make the backup when no run is at work.",
    )


def _named(catalogue: Catalogue) -> dict[str, tuple[object, ...]]:
    """The files that the catalogue names, each with what it says of them."""

    def about(recording: Recording) -> tuple[object, ...]:
        return recording.id, recording.transcript, recording.playable_without

    return {
        name: about(recording)
        for meeting in catalogue.meetings()
        for recording in meeting.recordings
        if recording.retired is None
        for name in (recording.original, recording.audio, recording.playable)
        if name
    }


def _settings(settings: Settings, copying: _Copying) -> None:
    for name in ("talerstol.toml", MUNICIPALITIES, RETENTION):
        copying.file(settings.home / name, f"{SETTINGS}/{name}")
    names = settings.names_folder
    for file in sorted(names.glob("*")) if names.is_dir() else ():
        copying.file(file, f"{SETTINGS}/{names.name}/{file.name}")


class _Copying:
    """Files on their way into one backup."""

    def __init__(self, folder: Path, before: Path | None) -> None:
        self.folder = folder
        self.kept: dict[str, KeptFile] = {}
        self.linked: set[str] = set()
        self._before = before
        self._known = {f.name: f for f in read_manifest(before).files} if before else {}

    def file(self, source: Path, name: str, *, in_place: bool = False) -> None:
        """Copy a file, or link to the one of the backup before; a file that is gone is left out."""
        with suppress(FileNotFoundError):
            found = source.stat()
            have = self.kept.get(name)
            if have and (have.bytes, have.modified) == (found.st_size, found.st_mtime_ns):
                return
            target = self.folder / name
            if not in_place:
                target.unlink(missing_ok=True)
                target.parent.mkdir(parents=True, exist_ok=True)
            known = self._known.get(name)
            same = known and (known.bytes, known.modified) == (found.st_size, found.st_mtime_ns)
            if known and same and not in_place and self._link(name, target):
                self.kept[name] = known
                self.linked.add(name)
                return
            if not in_place:
                shutil.copyfile(source, target)
            self.kept[name] = KeptFile(name, target.stat().st_size, file_sha256(target), found.st_mtime_ns)
            self.linked.discard(name)

    def unchanged(self, store: MediaStore, named: dict[str, tuple[object, ...]]) -> bool:
        for name in named:
            have, file = self.kept.get(f"{MEDIA}/{name}"), store.path(name)
            try:
                found = file.stat()
            except FileNotFoundError:
                if have:
                    return False
                continue
            if not have or (have.bytes, have.modified) != (found.st_size, found.st_mtime_ns):
                return False
        return True

    def forget_other_media(self, named: dict[str, tuple[object, ...]]) -> None:
        wanted = {f"{MEDIA}/{name}" for name in named}
        for name in [name for name in self.kept if name.startswith(f"{MEDIA}/") and name not in wanted]:
            (self.folder / name).unlink(missing_ok=True)
            del self.kept[name]

    def _link(self, name: str, target: Path) -> bool:
        assert self._before is not None
        try:
            os.link(self._before / name, target)
        except OSError:
            return False
        return True


def newest_backup(folder: Path) -> Path | None:
    return next(iter(_finished(folder)), None)


def is_backup(folder: Path) -> bool:
    """Whether it is a finished one."""
    return (folder / MANIFEST).is_file()


def _finished(folder: Path) -> list[Path]:
    """The finished backups in a folder, newest first."""
    found = folder.glob("????-??-??T??????") if folder.is_dir() else ()
    return sorted((one for one in found if is_backup(one)), reverse=True)


def _let_go(folder: Path, keep: int) -> None:
    for old in _finished(folder)[keep:]:
        shutil.rmtree(old, ignore_errors=True)


def read_manifest(folder: Path) -> Manifest:
    """What a backup says that it holds. Raises `DamagedBackup`, and `InputError` where the folder is none."""
    file = folder / MANIFEST
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        files = tuple(KeptFile(**one) for one in said.pop("files"))
        manifest = Manifest(**said, files=files)
        outside = next((kept.name for kept in files if not _stays_inside(kept.name)), None)
    except FileNotFoundError as error:
        raise InputError(
            "is not a finished backup", where=str(folder), remedy="Name the folder that holds manifest.json."
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedBackup(file, type(error).__name__) from error
    if manifest.format != FORMAT:
        raise InputError(
            "was made by a newer version", where=str(folder), remedy="Install that version first."
        )
    if outside is not None:
        raise DamagedBackup(file, f"it names a file that is none of a backup's ({outside!r})")
    return manifest


def _stays_inside(name: str) -> bool:
    """Whether it is a name as backups have them: parts that lead only down, wherever they are put back."""
    return not any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in name.split("/"))


def check_backup(folder: Path) -> Manifest:
    """Read all of a backup and compare it with its manifest. Raises `DamagedBackup` for the first file that differs."""
    manifest = read_manifest(folder)
    _check(folder, manifest.files)
    return manifest


def _check(folder: Path, files: Iterator[KeptFile] | tuple[KeptFile, ...] | list[KeptFile]) -> None:
    inside = folder.resolve()
    for kept in files:
        file = folder / kept.name
        if not file.resolve().is_relative_to(inside):
            raise DamagedBackup(file, "its name leads out of the backup")
        if not file.is_file():
            raise DamagedBackup(file, "the file is gone")
        if file.stat().st_size != kept.bytes or file_sha256(file) != kept.sha256:
            raise DamagedBackup(file, "the file is not as it was written")


def restore(folder: Path, settings: Settings) -> Manifest:
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
    settings.home.mkdir(parents=True, exist_ok=True)
    for kept in manifest.files:
        root, _, name = kept.name.partition("/")
        if root == MEDIA:
            with store.create(name) as file:
                shutil.copyfile(chosen / kept.name, file)
        elif root == SETTINGS:
            _put(chosen / kept.name, settings.home / name)
    with gzip.open(chosen / ROWS, "rb") as lines:
        put_back(settings.database, manifest.schema, lines)
    with open_archive(settings) as archive, alone(archive):
        archive.catalogue.outbox.enter_all()
    return manifest


def _put(source: Path, target: Path) -> None:
    """A settings file, where there is none yet."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
