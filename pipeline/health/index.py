"""What the search index holds of each meeting, against what is public."""

from __future__ import annotations

from collections.abc import Iterator

from ingest import Progress
from pipeline.archive import Archive
from pipeline.health.counted import counted
from pipeline.health.finding import Finding
from pipeline.index.indexing import read_passages


def passages(archive: Archive, progress: Progress) -> Iterator[Finding]:
    """What waits to reach the index is no fault."""
    held, known = archive.engine.meetings(), archive.catalogue.outbox.indexed()
    for meeting_id in counted(archive.catalogue.meeting_ids(), progress):
        if archive.catalogue.outbox.waits(meeting_id):
            continue
        try:
            now, _ = read_passages(archive, meeting_id)
        except Exception:  # noqa: BLE001  # a damaged transcript: that is its own finding
            continue
        put_in = known.get(meeting_id)
        if held.get(meeting_id, 0) != now.indexed.passages or (
            put_in and put_in.digest != now.indexed.digest
        ):
            yield Finding(
                "passages", False, f"{meeting_id}: the index has others", "Run `talerstol reindex`."
            )
