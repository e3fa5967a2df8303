"""Segments, keys and headers of a stream as files of one folder, each fetched once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from catalogue import SourceError
from ingest.http import TooLarge, Web

_BOXES = (b"ftyp", b"styp", b"moof", b"sidx", b"moov", b"emsg", b"prft", b"free", b"mdat")
_ADTS = (b"\xf0", b"\xf1", b"\xf8", b"\xf9")  # the second byte of AAC's frames


class NoMedia(SourceError):
    """A segment that is none."""


class Budget:
    """How many bytes a whole recording may take."""

    def __init__(self, limit: int) -> None:
        self.limit, self.left = limit, limit

    def spend(self, size: int, url: str) -> None:
        self.left -= size
        if self.left < 0:
            raise TooLarge(url, self.limit)


class SegmentFiles:
    """Files named for their addresses, so that a playlist which has moved on meanwhile mixes nothing up.

    What follows `?` is often a signature, another one each time the playlist is asked: it is left out of the name
    where the rest tells the addresses of a playlist apart (`expect`).
    """

    def __init__(self, folder: Path, web: Web, budget: Budget) -> None:
        self._folder, self._web, self._budget = folder, web, budget
        self._spent: set[str] = set()
        self._told_apart: set[str] = set()
        self._there = {
            file.name.partition(".known")[0]: file for file in folder.iterdir() if ".known" in file.name
        }

    def expect(self, urls: Iterable[str]) -> None:
        """The addresses that a playlist names."""
        paths = Counter(_path(url) for url in set(urls))
        self._told_apart = {path for path, count in paths.items() if count == 1}

    def get(self, url: str, kind: str, sealed: bool = True) -> str:
        """The name of the file in the folder; a whole file is fetched once, also where ranges of it are used.

        Raises `NoMedia` for one that is not `sealed` (encrypted, or no media by its nature) and holds neither sound
        nor picture, as a server's error page does; it is not kept.
        """
        named = _path(url) if _path(url) in self._told_apart else url
        stem = f"{kind}-{hashlib.sha256(named.encode()).hexdigest()[:24]}"
        file = self._there.get(stem)
        if file is None:
            arrived = self._folder / stem
            self._web.download(url, arrived, max(0, self._budget.left), lambda _, __: None)
            if not sealed and media_ending(arrived) is None:
                arrived.unlink()
                raise NoMedia("what the server sent is neither sound nor picture", where=url)
            file = arrived.rename(self._folder / f"{stem}.known{_ending(arrived, kind, url)}")
            self._there[stem] = file
        if stem not in self._spent:
            self._spent.add(stem)
            self._budget.spend(file.stat().st_size, url)
        return file.name


def _path(url: str) -> str:
    return url.partition("?")[0]


def _ending(file: Path, kind: str, url: str) -> str:
    """The ending that ffmpeg wants to see for what a file holds: it refuses segments named otherwise."""
    if kind == "key":
        return ".key"
    told = PurePosixPath(urlsplit(url).path).suffix.lower()  # an encrypted one shows nothing
    return media_ending(file) or (told if told in (".ts", ".mp4", ".m4s", ".aac") else ".ts")


def media_ending(file: Path) -> str | None:
    """The same by how the file begins; None where no segment begins so (RFC 8216, section 3)."""
    with file.open("rb") as handle:
        start = handle.read(12)
    if start[4:8] in _BOXES:
        return ".mp4"
    if start[:1] == b"\x47":
        return ".ts"
    if start[:3] == b"ID3" or (start[:1] == b"\xff" and start[1:2] in _ADTS):
        return ".aac"
    if start[:1] == b"\xff" and start[1:2] >= b"\xe0":
        return ".mp3"
    return ".ac3" if start[:2] == b"\x0b\x77" else None
