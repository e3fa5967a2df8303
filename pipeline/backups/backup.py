"""A copy of the archive that can be put back: rows, media and settings as they were at one moment.

    DIR/2026-11-26T030000/
        manifest.json        what there is, with the size and sha256 of every file; written last
        catalogue.jsonl.gz   every row (`catalogue.rows_kept`)
        media/…              the files that the rows name
        settings/…           talerstol.toml, municipalities.toml, retention.toml, names/

A file that the backup before has unchanged is linked to it, so that each backup is whole and costs only what is new. It is
read back like all else: of a file that rotted there the archive's is copied anew.
A run may go on meanwhile: the rows are read last, and what changed under our hands is copied again.
"""

from __future__ import annotations

import gzip
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from catalogue import Catalogue, EngineError, Recording, Settings, sync_folder
from ingest import Progress
from ingest.portals import MUNICIPALITIES
from pipeline.archive import Archive
from pipeline.backups.copying import Copying
from pipeline.backups.last import LastBackup, remember
from pipeline.backups.manifest import (
    FORMAT,
    MEDIA,
    ROWS,
    SETTINGS,
    Manifest,
    check_files,
    finished_backups,
    read_manifest,
    write_manifest,
)
from pipeline.retention import RETENTION

PARTIAL = ".partial"
ROUNDS = 5  # times that what changed meanwhile is copied again; a step's file changes once in minutes


@dataclass(frozen=True, slots=True)
class Backup:
    folder: Path
    manifest: Manifest
    linked: int  # files that the backup before had already
    notes: tuple[str, ...]
    unlike: tuple[Path, ...]  # files of the archive that changed though nobody wrote them


def make_backup(archive: Archive, into: Path, progress: Progress, keep: int = 0) -> Backup:
    """Copy the archive into a new folder in `into`, read it back, and let go of all but the newest `keep` (0: none goes).

    Raises `EngineError` where the disk is too small or the archive changes too fast.
    """
    now = datetime.now(UTC)
    folder = into / f"{now:%Y-%m-%dT%H%M%S}"
    unfinished = into / (folder.name + PARTIAL)
    try:
        unfinished.mkdir(parents=True)
        copying = Copying(unfinished, into)
        meetings, schema, rows = _media_and_rows(archive, copying, progress)
        _settings(archive.settings, copying)
        copying.made_here(ROWS)
        files = tuple(sorted(copying.kept.values(), key=lambda file: file.name))
        manifest = Manifest(FORMAT, now.isoformat(timespec="seconds"), schema, meetings, rows, files)
        check_files(unfinished, [file for file in files if file.name not in copying.linked])
        write_manifest(unfinished, manifest)
        read_manifest(unfinished)  # what `restore` would refuse is no backup
        copying.settle()
        unfinished.rename(folder)
        sync_folder(into)
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
    return Backup(folder, manifest, len(copying.linked), tuple(copying.notes), tuple(copying.unlike))


def _media_and_rows(archive: Archive, copying: Copying, progress: Progress) -> tuple[int, str, int]:
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


def _settings(settings: Settings, copying: Copying) -> None:
    for name in ("talerstol.toml", MUNICIPALITIES, RETENTION):
        copying.file(settings.home / name, f"{SETTINGS}/{name}")
    names = settings.names_folder
    for file in sorted(names.glob("*")) if names.is_dir() else ():
        copying.file(file, f"{SETTINGS}/{names.name}/{file.name}")


def _let_go(folder: Path, keep: int) -> None:
    for old in finished_backups(folder)[keep:]:
        shutil.rmtree(old, ignore_errors=True)
