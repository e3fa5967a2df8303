"""The database's tables and columns, against those that this version knows."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import Misfit
from ingest import Progress
from pipeline.archive import Archive
from pipeline.health.finding import Finding

MISSING = (
    "Stop what runs on this archive; restore the newest backup (`talerstol restore`) into a new, empty database: "
    "it gets every table and column."
)
FOREIGN = "Another program or half a migration left it. Make a backup, then drop it if nobody needs it."


def schema(archive: Archive, _: Progress) -> Iterator[Finding]:
    for misfit in archive.catalogue.misfits():
        yield Finding("schema", False, _told(misfit), MISSING if misfit.missing else FOREIGN)


def _told(misfit: Misfit) -> str:
    what = "column" if misfit.column else "table"
    if misfit.missing:
        return f"the {what} {misfit.name} is missing from the database"
    return f"the database has a {what} {misfit.name} that this version does not know"
