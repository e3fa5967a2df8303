"""Segments, keys and headers of a stream as files of one folder, each fetched once."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from ingest.http import TooLarge, Web


class Budget:
    """How many bytes a whole recording may take."""

    def __init__(self, limit: int) -> None:
        self.limit, self.left = limit, limit

    def spend(self, size: int, url: str) -> None:
        self.left -= size
        if self.left < 0:
            raise TooLarge(url, self.limit)


class SegmentFiles:
    """Files named for their addresses, so that a playlist which has moved on meanwhile mixes nothing up."""

    def __init__(self, folder: Path, web: Web, budget: Budget) -> None:
        self._folder, self._web, self._budget = folder, web, budget
        self._names: dict[str, str] = {}
        self._there = {
            file.name.partition(".known")[0]: file for file in folder.iterdir() if ".known" in file.name
        }

    def get(self, url: str, kind: str) -> str:
        """The name of the file in the folder; a whole file is fetched once, also where ranges of it are used."""
        if url not in self._names:
            stem = f"{kind}-{hashlib.sha256(url.encode()).hexdigest()[:24]}"
            file = self._there.get(stem)
            if file is None:
                arrived = self._folder / stem
                self._web.download(url, arrived, max(0, self._budget.left), lambda _, __: None)
                file = arrived.rename(self._folder / f"{stem}.known{_ending(arrived, kind, url)}")
            self._budget.spend(file.stat().st_size, url)
            self._names[url] = file.name
        return self._names[url]


def _ending(file: Path, kind: str, url: str) -> str:
    """The ending that ffmpeg wants to see for what a file holds: it refuses segments named otherwise."""
    with file.open("rb") as handle:
        start = handle.read(12)
    if kind == "key":
        return ".key"
    if start[4:8] in (b"ftyp", b"styp", b"moof", b"sidx", b"moov", b"emsg", b"prft"):
        return ".mp4"
    if start[:1] == b"\x47":
        return ".ts"
    if start[:3] == b"ID3" or start[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return ".aac"
    told = PurePosixPath(urlsplit(url).path).suffix.lower()  # an encrypted one shows nothing
    return told if told in (".ts", ".mp4", ".m4s", ".aac") else ".ts"
