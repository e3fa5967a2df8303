"""The dump that was made last: which files it has, and of which revision of each meeting it was made.

It is served as long as every meeting in it still has exactly that revision (docs/decisions/0015): a meeting that has
changed may have had something withheld, and then the whole dump waits until it is made anew. Meetings that came later
do not matter. Beside the files themselves stands `current.json`, which names their folder; it is written last and by
one rename, so that a dump is there whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib import metadata
from pathlib import Path

CURRENT = "current.json"


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file. `rows` and `table` are of data; what describes the data has neither."""

    name: str
    size: int  # bytes
    sha256: str
    media_type: str
    table: str | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Dump:
    """All files of a dump, in `folder` (a name), and the revision of each meeting it was made of."""

    made: datetime
    licence: str
    release: str  # of Talerstolen: another may withhold more
    key: str  # of all it was made from
    folder: str
    files: tuple[DumpFile, ...]
    revisions: Mapping[str, int]

    def fits(self, now: Mapping[str, int]) -> bool:
        """Whether all that it holds is public still, for all that is known."""
        same = all(now.get(meeting) == revision for meeting, revision in self.revisions.items())
        return same and self.release == release()

    def file(self, name: str) -> DumpFile | None:
        return next((file for file in self.files if file.name == name), None)


@cache
def release() -> str:
    """Which Talerstolen this is."""
    try:
        return metadata.version("talerstolen")
    except metadata.PackageNotFoundError:  # run from a folder where it was not installed
        return "unknown"


def read_dump(home: Path) -> Dump | None:
    """The dump in this folder; None where there is none, or none that can be read."""
    try:
        told = json.loads((home / CURRENT).read_bytes())
        return Dump(
            made=datetime.fromisoformat(told["made"]),
            licence=told["licence"],
            release=told["release"],
            key=told["key"],
            folder=told["folder"],
            files=tuple(DumpFile(**file) for file in told["files"]),
            revisions=told["revisions"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def dump_bytes(dump: Dump) -> bytes:
    """What `read_dump` reads."""
    told = {**asdict(dump), "made": dump.made.isoformat(), "revisions": dict(dump.revisions)}
    return json.dumps(told, ensure_ascii=False).encode()
