"""`talerstol backup` and `talerstol restore`: the commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalogue import load_settings
from pipeline.archive import open_archive
from pipeline.backups.backup import make_backup
from pipeline.backups.manifest import Manifest, check_backup
from pipeline.backups.restoring import SETTINGS_FILE, UNTOUCHED, restore
from pipeline.terminal import console
from pipeline.terminal.console import SOME_FAILED, AsJson, out, write_json
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
        _show(folder, check_backup(folder), "is as it was written", as_json, {})
        return
    with open_archive(load_settings()) as archive, console.make_reporter() as reporter:
        with reporter.step(str(folder), COPYING) as progress:
            made = make_backup(archive, folder, progress, keep)
        for note in made.notes:
            reporter.note(note)
    linked = f", {made.linked} of them as in the backup before" if made.linked else ""
    _show(made.folder, made.manifest, "is made and checked", as_json, {"notes": made.notes}, linked)
    if made.unlike:
        raise typer.Exit(SOME_FAILED)


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
    restored = restore(folder, settings)
    _show(settings.home, restored.manifest, "is restored", as_json, {"left_out": restored.left_out})
    if as_json:
        return
    if restored.left_out:
        left = f"Left out of {SETTINGS_FILE}, for they lead to the archive that was backed up"
        names = ", ".join(restored.left_out)
        out.print(f"{left}: {names}; the file as it was is {UNTOUCHED}", markup=False)
    out.print("Then: talerstol run, which builds the search index", markup=False)


def _show(
    folder: Path, manifest: Manifest, said: str, as_json: bool, told: dict[str, object], more: str = ""
) -> None:
    """`told` is for machines alone."""
    if as_json:
        about: dict[str, object] = {
            "folder": str(folder),
            "made": manifest.made,
            "meetings": manifest.meetings,
        }
        about |= {"rows": manifest.rows, "files": len(manifest.files), "bytes": manifest.bytes}
        write_json(about | told)
        return
    size = f"{manifest.bytes / 1024**2:,.1f} MB"
    counts = f"{manifest.meetings} meetings, {manifest.rows} rows, {len(manifest.files)} files{more}, {size}"
    out.print(f"{folder} {said}: {counts}", markup=False)
