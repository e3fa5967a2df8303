"""How long recordings are kept, when captions are due, and what goes when: by each municipality's own rules."""

from __future__ import annotations

from pipeline.retention.due import Deadline, DeadlineKind, deadlines
from pipeline.retention.following import REMEDY, follow_rules, withheld_by_rules
from pipeline.retention.notes import retention_notes
from pipeline.retention.retiring import NotRetired, Retired, Retirement, Staying, retire
from pipeline.retention.rules import RETENTION, BadRules, Publish, Rule, Rules, rules
from pipeline.retention.safe import NotSafe, Unsafe

__all__ = [
    "REMEDY",
    "RETENTION",
    "BadRules",
    "Deadline",
    "DeadlineKind",
    "NotRetired",
    "NotSafe",
    "Publish",
    "Retired",
    "Retirement",
    "Rule",
    "Rules",
    "Staying",
    "Unsafe",
    "deadlines",
    "follow_rules",
    "retention_notes",
    "retire",
    "rules",
    "withheld_by_rules",
]
