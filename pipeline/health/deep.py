"""`talerstol check --deep`: every row and every file read, and compared with what is on record of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from catalogue import TalerstolError
from ingest import Progress
from pipeline.archive import Archive
from pipeline.health.backups import backups
from pipeline.health.files import files, orphans
from pipeline.health.finding import Finding
from pipeline.health.index import passages
from pipeline.health.machine import clock, secrets
from pipeline.health.schema import schema
from pipeline.health.workspaces import workspaces
from pipeline.health.written import rows, transcripts
from pipeline.terminal.reporter import Reporter, Task

Area = Callable[[Archive, Progress], Iterator[Finding]]

# What explains the rest comes first: where a column is missing, whatever reads it fails.
AREAS: dict[Task, Area] = {
    Task("schema", "comparing tables"): schema,
    Task("rows", "reading the database"): rows,
    Task("files", "reading recordings"): files,
    Task("orphans", "looking for files that no meeting has"): orphans,
    Task("workspaces", "looking for what is left of work"): workspaces,
    Task("transcripts", "reading transcripts"): transcripts,
    Task("passages", "comparing the search index"): passages,
    Task("backups", "looking for the newest backup"): backups,
    Task("clock", "looking at the clock"): clock,
    Task("secrets", "looking who may read the keys"): secrets,
}


def check_deeply(archive: Archive, reporter: Reporter) -> Iterator[Finding]:
    """One finding for each thing that is not as it was written; one that is well where nothing is amiss."""
    for task, area in AREAS.items():
        with reporter.step("check", task) as progress:
            found = list(_looked_at(task.name, area(archive, progress)))
        yield from found or [Finding(task.name, True, "as they should be")]


def _looked_at(name: str, found: Iterator[Finding]) -> Iterator[Finding]:
    """An area that cannot be looked at is a finding of its own, and the others are looked at all the same."""
    try:
        yield from found
    except TalerstolError as error:
        yield Finding(name, False, f"cannot be looked at: {error.what}", error.remedy)
