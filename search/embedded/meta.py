"""What an index's meta.json says: its last commit, and the segments that are in use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Segment:
    """`stem` begins the name of each of its files; `deletes` is the commit by which passages of it were deleted last."""

    stem: str
    deletes: int | None


@dataclass(frozen=True, slots=True)
class Meta:
    """`opstamp` numbers the last commit."""

    opstamp: int
    segments: tuple[Segment, ...]


def read_meta(folder: Path) -> Meta:
    """Raises `OSError`, `ValueError`, `LookupError` and `TypeError` where it is not there or not as tantivy wrote it."""
    said = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    segments = (
        Segment(one["segment_id"].replace("-", ""), one["deletes"]["opstamp"] if one["deletes"] else None)
        for one in said["segments"]
    )
    return Meta(said["opstamp"], tuple(segments))
