"""`talerstol check --deep`: every row and every file read, and compared with what is on record of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.archive import Archive
from pipeline.health.files import files, orphans
from pipeline.health.finding import Finding
from pipeline.health.index import passages
from pipeline.health.machine import clock, secrets
from pipeline.health.written import rows, transcripts


def check_deeply(archive: Archive) -> Iterator[Finding]:
    """One finding for each thing that is not as it was written; one that is well where nothing is amiss."""
    areas: dict[str, Callable[[Archive], Iterator[Finding]]] = {
        "rows": rows,
        "files": files,
        "orphans": orphans,
        "transcripts": transcripts,
        "passages": passages,
        "clock": clock,
        "secrets": secrets,
    }
    for name, area in areas.items():
        found = list(area(archive))
        yield from found or [Finding(name, True, "as they should be")]
