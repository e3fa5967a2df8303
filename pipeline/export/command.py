"""`talerstol export`, and the open data at the end of a run and while the server runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Annotated

import structlog
import typer

from catalogue import TalerstolError, load_settings
from pipeline.archive import Archive, open_archive
from pipeline.beside import beside
from pipeline.export.dump import copy_dump, is_due, make_dump
from pipeline.export.parquet import can_write_parquet
from pipeline.terminal import console
from pipeline.terminal.console import AsJson, out, write_json
from pipeline.terminal.reporter import Reporter, Task

LOOK_EVERY = (
    60.0  # s between looks whether the dump is still good; a change is often followed by the next one
)
STOP_SECONDS = 5.0

log = structlog.get_logger("talerstolen.export")


WRITING = Task("export", "writing the open data")


def export(
    to: Annotated[Path | None, typer.Option("--to", help="Also put the files into this folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write all that is public as open data: JSON lines, and Parquet with the extra [export].

    Example: talerstol export --to aabne-data
    """
    with open_archive(load_settings()) as archive, console.make_reporter() as reporter:
        with reporter.step("archive", WRITING) as progress:
            dump = make_dump(archive, progress)
        if to is not None:
            copy_dump(archive, dump, to)
        folder = to or archive.settings.export_folder / dump.folder
    if as_json:
        files = [asdict(file) for file in dump.files]
        write_json({"folder": str(folder), "made": dump.made.isoformat(), "files": files})
        return
    out.print(f"{len(dump.revisions)} meetings in {len(dump.files)} files in {folder}", markup=False)
    if not can_write_parquet():
        out.print("Without Parquet: install the extra [export] for it.", markup=False)


def export_after_run(archive: Archive, reporter: Reporter) -> str:
    """The open data follows what a run has changed. Returns why it does not; empty where it does."""
    try:
        with reporter.step("archive", WRITING) as progress:
            make_dump(archive, progress)
    except TalerstolError as error:
        return error.sentence
    except OSError as error:
        return f"the open data cannot be written ({error.strerror})"
    return ""


@contextmanager
def keeping_export(archive: Archive) -> Iterator[None]:
    """While the block runs, a dump in which something has changed is made anew; without one nothing is done."""
    with beside(lambda stop: _keep(archive, stop), "open-data", STOP_SECONDS):
        yield


def _keep(archive: Archive, stop: Event) -> None:
    while not stop.wait(LOOK_EVERY):
        try:
            if is_due(archive):
                make_dump(archive, lambda done, total: None)
        except TalerstolError as error:  # a run is making it, or the catalogue is away
            log.warning("the open data waits", reason=error.sentence)
        except Exception:
            log.exception("making the open data failed unexpectedly")
