"""What is kept beside an installed model: where it came from and how it was made."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

RECORD = "talerstol-model.json"


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One installed model. `sha256` is that of its weights as they lie there."""

    source: str  # hub id, or the folder it was taken from
    revision: str  # the hub's commit; empty for a folder
    sha256: str
    quantization: str  # how the weights are stored; CTranslate2 converts them when it loads them
    size: int  # bytes of the weights
    installed: str  # UTC
    source_sha256: dict[str, str] = field(default_factory=dict)  # of the weights it was made from
    tools: dict[str, str] = field(default_factory=dict)  # what converted it; empty if it came converted
    notes: tuple[str, ...] = ()  # what was mended or could not be


def read_record(folder: Path) -> ModelRecord | None:
    """What is known of a model; nothing of one that was put there by hand."""
    try:
        kept = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        record = ModelRecord(**{**kept, "notes": tuple(kept.get("notes", ()))})
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    words = (record.source, record.revision, record.sha256, record.quantization, record.installed)
    return record if type(record.size) is int and all(isinstance(word, str) for word in words) else None


def write_record(folder: Path, record: ModelRecord) -> None:
    text = json.dumps(asdict(record), ensure_ascii=False, indent=2)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")
