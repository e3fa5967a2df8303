"""What a live recording knows of itself, one line of JSON at a time, each on the disk before the next is begun."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catalogue import GapReason, SourceError, told_when_full
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
class Opened:
    """A recorder begins to follow an address: what it names belongs to this run of the sender, or to a later one."""

    address: str
    run: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Finished:
    """All before this line is in the recording with that source."""

    source: str


Entry = Taken | Missed | Opened | Finished
_KINDS: dict[str, type[Entry]] = {"taken": Taken, "missed": Missed, "opened": Opened, "finished": Finished}
_NAMES = {kind: name for name, kind in _KINDS.items()}


PLAY_SEGMENTS = "Keep the folder: its segments (.ts, .m4s, .mp4) play one by one."


class DamagedJournal(SourceError):
    """A line of it is not what a recorder wrote."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            "the journal of this live recording is damaged",
            where=str(file),
            remedy=PLAY_SEGMENTS,
        )


class Entries:
    """What stands in a journal. To look at it changes nothing, also while its recorder is at work. Raises
    `DamagedJournal`."""

    def __init__(self, file: Path) -> None:
        data = file.read_bytes() if file.exists() else b""
        self._whole = data.rfind(b"\n") + 1  # bytes of lines that are whole
        lines = data[: self._whole].splitlines()
        try:
            self.all: list[Entry] = [_entry(json.loads(line)) for line in lines]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedJournal(file) from error

    @property
    def part(self) -> list[Taken | Missed]:
        """What has come since the last recording was finished, in the sender's order."""
        last = max((n for n, entry in enumerate(self.all) if isinstance(entry, Finished)), default=-1)
        found = [entry for entry in self.all[last + 1 :] if isinstance(entry, Taken | Missed)]
        return sorted(found, key=lambda entry: entry.place)

    @property
    def before(self) -> Taken | None:
        """The last segment of the recording before this one."""
        now = set(map(id, self.part))
        earlier = [entry for entry in self.all if isinstance(entry, Taken) and id(entry) not in now]
        return max(earlier, key=lambda entry: entry.place, default=None)

    @property
    def known(self) -> list[tuple[int, int, Mark]]:
        """Every segment that was ever named."""
        return [(e.run, e.number, e.mark) for e in self.all if isinstance(e, Taken | Missed)]

    @property
    def opened(self) -> Opened | None:
        """The last beginning."""
        return next((entry for entry in reversed(self.all) if isinstance(entry, Opened)), None)

    @property
    def newest(self) -> datetime | None:
        """When something last came, else when it was last waited for."""
        moments = [
            e.arrived if isinstance(e, Taken) else e.at for e in self.all if isinstance(e, Taken | Opened)
        ]
        return max(moments, default=None)

    def follows(self, url: str) -> bool:
        """Whether it is this stream that was followed last, whatever token its address has now."""
        return self.opened is not None and self.opened.address == _address(url)


class Journal(Entries):
    """The lines of one stream, kept by its recorder. A line that was cut off is dropped: its segment is fetched again."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self._handle = file.open("ab", buffering=0)
        self._cut(self._whole)

    def begin(self, url: str, at: datetime) -> None:
        """A recorder begins: the segments of another address than before are of a run of their own."""
        last = self.opened
        if last and self.follows(url):
            run = last.run
        else:
            run = 1 + max((run for run, _, _ in self.known), default=-1)
        self.write(Opened(_address(url), run, at))

    def write(self, entry: Entry) -> None:
        """Returns when the line is on the disk. Raises `DiskFull`; no half line is left then."""
        line = {"kind": _NAMES[type(entry)], **asdict(entry)}
        data = json.dumps(line, ensure_ascii=False, default=_told).encode() + b"\n"
        before = os.fstat(self._handle.fileno()).st_size
        with told_when_full():
            try:
                while data:  # a disk that is nearly full takes some of it
                    data = data[self._handle.write(data) :]
                os.fsync(self._handle.fileno())
            except OSError:
                self._cut(before)
                raise
        self.all.append(entry)

    def close(self) -> None:
        self._handle.close()

    def _cut(self, size: int) -> None:
        os.ftruncate(self._handle.fileno(), size)


def _address(url: str) -> str:
    """What stays the same of an address while its tokens expire."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _entry(line: dict[str, Any]) -> Entry:
    kind = line.pop("kind")
    if kind == "finished":
        return Finished(**line)
    if kind == "opened":
        return Opened(**line | {"at": datetime.fromisoformat(line["at"])})
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
