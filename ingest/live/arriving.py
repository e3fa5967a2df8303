"""Segments of a live stream as files beside the journal: each whole and on the disk, or not there."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

from catalogue import GapReason, SourceError, sync_folder
from ingest.http import CutTransfer, HttpFailure, Web
from ingest.live.following import Due, mark_of
from ingest.live.journal import Taken
from ingest.local_playlist import Key, Piece
from ingest.segment_files import NoMedia, media_ending

KEY_BYTES = 16  # AES-128
PACKET = 188  # bytes of an MPEG-TS packet
BLOCK = 16  # bytes of AES


class HalfSegment(SourceError):
    """What arrived ends in the middle: the sender was still writing it, or lost the rest."""


class Arriving:
    """Fetches segments into one folder. Keys and headers are named by what they hold: senders use names again."""

    def __init__(self, folder: Path, web: Web, limit: int) -> None:
        self._folder, self._web, self._limit = folder, web, limit
        self._beside: dict[tuple[int, str, str | None], str] = {}

    def take(self, due: Due, arrived: datetime, after: GapReason | None) -> Taken:
        """Fetch a segment with all that belongs to it. Raises `SourceError`; what has arrived of it is kept."""
        stem = f"{due.run:03}-{due.listed.number:09}"
        piece = self._piece(due, due.listed.piece, stem)
        sound = self._piece(due, due.listed.sound, f"{stem}-sound") if due.listed.sound else None
        sync_folder(self._folder)
        size = sum((self._folder / one.url).stat().st_size for one in (piece, sound) if one)
        return Taken(due.run, due.listed.number, piece, mark_of(due.listed), arrived, size, sound, after)

    def _piece(self, due: Due, piece: Piece, stem: str) -> Piece:
        key = None
        if piece.key is not None:
            # Without a vector of its own it is the segment's number, which is another in our playlist.
            iv = piece.key.iv or f"0x{due.listed.number:032x}"
            key = Key(self._named(due.run, piece.key.url, None, "key"), iv)
        header = self._named(due.run, piece.header, piece.header_span, "header") if piece.header else None
        arriving = self._folder / f"{stem}.arriving"
        self._fetch(piece.url, piece.span, arriving)
        ending = media_ending(arriving)
        if key is None and ending is None:
            arriving.unlink()
            raise NoMedia("what the server sent is neither sound nor picture", where=piece.url)
        if not _is_whole(arriving, ending, sealed=key is not None):
            arriving.unlink()
            raise HalfSegment("the segment is cut off", where=piece.url)
        name = f"{stem}{ending or ('.mp4' if header else '.ts')}"
        flush(arriving)
        arriving.replace(self._folder / name)
        return Piece(name, piece.duration, None, piece.discontinuity, key, header)

    def _named(self, run: int, url: str, span: str | None, kind: str) -> str:
        asked = (run, url, span)
        if asked not in self._beside:
            arriving = self._folder / f"{kind}.arriving"
            self._fetch(url, span, arriving)
            data = arriving.read_bytes()
            if kind == "key" and len(data) != KEY_BYTES:
                raise NoMedia("what the server sent is no key", where=url)
            name = f"{kind}-{hashlib.sha256(data).hexdigest()[:16]}{'.key' if kind == 'key' else '.mp4'}"
            flush(arriving)
            arriving.replace(self._folder / name)
            self._beside[asked] = name
        return self._beside[asked]

    def _fetch(self, url: str, span: str | None, target: Path) -> None:
        if span is None:
            self._web.download(url, target, self._limit, lambda _, __: None)
            return
        length, _, offset = span.partition("@")
        first, size = int(offset or 0), int(length)
        headers = {"range": f"bytes={first}-{first + size - 1}", "accept-encoding": "identity"}
        answer = self._web.exchange("GET", url, headers, None, min(self._limit, size))
        if answer.status >= 500:
            raise CutTransfer(url, f"the server answers {answer.status}")
        if answer.status != 206:
            raise HttpFailure(url, answer.status)
        if len(answer.data) != size:
            raise HalfSegment("the segment is cut off", where=url)
        target.write_bytes(answer.data)


def _is_whole(file: Path, ending: str | None, sealed: bool) -> bool:
    size = file.stat().st_size
    if sealed:
        return size > 0 and size % BLOCK == 0
    if ending == ".ts":
        return size % PACKET == 0
    return _boxes_fit(file, size) if ending == ".mp4" else size > 0


def _boxes_fit(file: Path, size: int) -> bool:
    """Whether the boxes of an MP4 segment end where the file does (ISO/IEC 14496-12, section 4.2)."""
    at = 0
    with file.open("rb") as handle:
        while at + 8 <= size:
            handle.seek(at)
            told = handle.read(16)
            length = int.from_bytes(told[:4])
            if length == 1:
                length = int.from_bytes(told[8:16])
            if length == 0:
                return True  # it reaches to the end by definition
            if length < 8:
                return False
            at += length
    return at == size


def flush(file: Path) -> None:
    """Return when the file's bytes are on the disk."""
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())
