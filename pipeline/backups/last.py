"""Which backup of this archive was the last one made: a line in the home folder, since backups lie where people say."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from catalogue import write_whole

NAME = "backup.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    folder: Path
    made: datetime


def remember(home: Path, backup: LastBackup) -> None:
    """Written down once the backup is whole and checked."""
    write_whole(home / NAME, json.dumps(asdict(backup), default=str))


def last_backup(home: Path) -> LastBackup | None:
    """None where none is on record, also where the record is damaged: then nobody knows."""
    try:
        said = json.loads((home / NAME).read_text(encoding="utf-8"))
        return LastBackup(Path(said["folder"]), datetime.fromisoformat(said["made"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
