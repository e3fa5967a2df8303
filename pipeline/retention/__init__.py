"""How long recordings are kept, when captions are due, and what goes when: by each municipality's own rules."""

from __future__ import annotations

from pipeline.retention.due import Deadline, DeadlineKind, deadlines

__all__ = ["Deadline", "DeadlineKind", "deadlines"]
