"""The one place where a night lets retention do its work."""

from __future__ import annotations

from datetime import date

from pipeline import retention
from pipeline.archive import Archive
from pipeline.night.outcome import LetGo
from pipeline.reporter import Reporter


def retire(archive: Archive, reporter: Reporter, today: date) -> tuple[LetGo, ...]:
    """Let go of what the rules say goes by today; returns what went."""
    return tuple(LetGo(one.meeting_id, one.text_kept) for one in retention.retire(archive, reporter, today))
