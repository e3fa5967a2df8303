"""What a live recording knows of itself, one line of JSON at a time, each on the disk before the next is begun."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from catalogue import GapReason
from ingest.live.following import Mark
from ingest.local_playlist import Key, Piece


@dataclass(frozen=True, slots=True)
class Taken:
    """A segment that is here, whole; the pieces name files beside the journal. `after` is what had kept it from
    following the one before, as far as that was seen here."""

    run: int
    number: int
    piece: Piece
    mark: Mark
    arrived: datetime
    size: int  # bytes
    sound: Piece | None = None
    after: GapReason | None = None

    @property
    def place(self) -> tuple[int, int]:
        return self.run, self.number


@dataclass(frozen=True, slots=True)
class Missed:
    """A segment that was named and could not be had."""

    run: int
    number: int
    mark: Mark
    why: GapReason

    @property
    def place(self) -> tuple[int, int]:
        return self.run, self.number


@dataclass(frozen=True, slots=True)
class Finished:
    """All before this line is in the recording with that source."""

    source: str


Entry = Taken | Missed | Finished
_KINDS: dict[str, type[Entry]] = {"taken": Taken, "missed": Missed, "finished": Finished}
_NAMES = {kind: name for name, kind in _KINDS.items()}


class Journal:
    """The lines of one stream. A line cut off by a power failure is dropped: its segment is fetched again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.entries: list[Entry] = list(self._read())
        self._handle = file.open("ab")

    def write(self, entry: Entry) -> None:
        """Returns when the line is on the disk."""
        line = {"kind": _NAMES[type(entry)], **asdict(entry)}
        self._handle.write(json.dumps(line, ensure_ascii=False, default=_told).encode() + b"\n")
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self.entries.append(entry)

    def close(self) -> None:
        self._handle.close()

    def _read(self) -> Iterator[Entry]:
        if not self._file.exists():
            return
        whole = 0
        for line in self._file.read_bytes().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            yield _entry(json.loads(line))
            whole += len(line)
        os.truncate(self._file, whole)

    @property
    def part(self) -> list[Taken | Missed]:
        """What has come since the last recording was finished, in the sender's order."""
        last = max((n for n, entry in enumerate(self.entries) if isinstance(entry, Finished)), default=-1)
        found = [entry for entry in self.entries[last + 1 :] if not isinstance(entry, Finished)]
        return sorted(found, key=lambda entry: entry.place)

    @property
    def before(self) -> Taken | None:
        """The last segment of the recording before this one."""
        now = set(map(id, self.part))
        earlier = [entry for entry in self.entries if isinstance(entry, Taken) and id(entry) not in now]
        return max(earlier, key=lambda entry: entry.place, default=None)

    @property
    def known(self) -> list[tuple[int, int, Mark]]:
        """Every segment that was ever named."""
        return [(e.run, e.number, e.mark) for e in self.entries if not isinstance(e, Finished)]

    @property
    def parts_done(self) -> int:
        return sum(isinstance(entry, Finished) for entry in self.entries)


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _entry(line: dict[str, Any]) -> Entry:
    kind = line.pop("kind")
    if kind == "finished":
        return Finished(**line)
    line["mark"] = _mark(line["mark"])
    if kind == "missed":
        return Missed(**line | {"why": GapReason(line["why"])})
    return Taken(
        **line
        | {
            "piece": _piece(line["piece"]),
            "sound": _piece(line["sound"]) if line["sound"] else None,
            "arrived": datetime.fromisoformat(line["arrived"]),
            "after": GapReason(line["after"]) if line["after"] else None,
        }
    )


def _mark(told: dict[str, Any]) -> Mark:
    return Mark(told["name"], told["seconds"], datetime.fromisoformat(told["date"]) if told["date"] else None)


def _piece(told: dict[str, Any]) -> Piece:
    return Piece(**told | {"key": Key(**told["key"]) if told["key"] else None})
