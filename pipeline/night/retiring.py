"""The one place where a night lets retention do its work."""

from __future__ import annotations

from datetime import date

import pipeline.retention
from pipeline.archive import Archive
from pipeline.reporter import Reporter


def retire(archive: Archive, reporter: Reporter, today: date) -> tuple[str, ...]:
    """Let go of what the rules say goes by today; returns the meetings of which something went."""
    work = getattr(pipeline.retention, "retire", None)
    if work is None:
        return ()
    return tuple(dict.fromkeys(one.meeting_id for one in work(archive, reporter, today)))
