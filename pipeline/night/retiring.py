"""The one place where a night lets retention do its work."""

from __future__ import annotations

from datetime import date

import pipeline.retention
from pipeline.archive import Archive
from pipeline.night.outcome import LetGo
from pipeline.reporter import Reporter


def retire(archive: Archive, reporter: Reporter, today: date) -> tuple[LetGo, ...]:
    """Let go of what the rules say goes by today; returns what went."""
    work = getattr(pipeline.retention, "retire", None)
    if work is None:
        return ()
    return tuple(LetGo(one.meeting_id, one.text_kept) for one in work(archive, reporter, today))
