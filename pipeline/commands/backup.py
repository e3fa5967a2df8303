"""`talerstol backup` and `talerstol restore`: the commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalogue import load_settings
from pipeline.archive import open_archive
from pipeline.backups.backup import Manifest, check_backup, make_backup, restore
from pipeline.terminal import console
from pipeline.terminal.console import AsJson, out, write_json
from pipeline.terminal.reporter import Task

COPYING = Task("backup", "copying media")


def backup(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where backups are kept, best on another disk.")
    ],
    keep: Annotated[int, typer.Option(min=0, help="Keep the newest so many; 0 keeps all.")] = 0,
    check: Annotated[
        bool, typer.Option("--check", help="Only read the backup in DIR and compare it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy the whole archive, also while a run is at work, and read the copy back.

    Example: talerstol backup /mnt/backup --keep 14
    """
    if check:
        _show(folder, check_backup(folder), as_json, "is as it was written")
        return
    with (
        open_archive(load_settings()) as archive,
        console.make_reporter() as reporter,
        reporter.step(str(folder), COPYING) as progress,
    ):
        made = make_backup(archive, folder, progress, keep)
    linked = f", {made.linked} of them as in the backup before" if made.linked else ""
    _show(made.folder, made.manifest, as_json, "is made and checked", linked)


def restore_command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A backup, or the folder of many: the newest.")
    ],
    as_json: AsJson = False,
) -> None:
    """Put a backup into an archive that holds nothing yet (TALERSTOL_HOME, TALERSTOL_DATABASE_URL).

    Example: talerstol restore /mnt/backup
    """
    settings = load_settings()
    manifest = restore(folder, settings)
    _show(settings.home, manifest, as_json, "is restored")
    if not as_json:
        out.print("Then: talerstol run, which builds the search index", markup=False)


def _show(folder: Path, manifest: Manifest, as_json: bool, said: str, more: str = "") -> None:
    if as_json:
        about = {"folder": str(folder), "made": manifest.made, "meetings": manifest.meetings}
        write_json(about | {"rows": manifest.rows, "files": len(manifest.files), "bytes": manifest.bytes})
        return
    size = f"{manifest.bytes / 1024**2:,.1f} MB"
    counts = f"{manifest.meetings} meetings, {manifest.rows} rows, {len(manifest.files)} files{more}, {size}"
    out.print(f"{folder} {said}: {counts}", markup=False)
