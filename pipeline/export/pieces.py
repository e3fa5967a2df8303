"""What the open data says of one meeting at one revision: a piece, kept so that only what has changed is read again.

A piece is a folder with a gzip file a table; it is there whole or not at all. Gzip files one after the other are a
gzip file, so that the tables of the archive are the pieces of all meetings in a row. A piece of another revision may
hold what is withheld now: it goes when the next dump is there.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from catalogue import UnknownMeeting, digest, published_meeting
from pipeline.archive import Archive
from web import OPEN_DATA_VERSION, TABLES, release, rows_of

PIECES = "pieces"
_COUNTS = "rows.json"
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """Of one meeting: where it lies, and how many rows there are of each table."""

    meeting: str
    revision: int
    folder: Path
    rows: dict[str, int]

    def file(self, table: str) -> Path:
        return self.folder / f"{table}.gz"


def piece_of(archive: Archive, meeting_id: str, revision: int) -> Piece | None:
    """The piece of a meeting, made now where it is not there; None where nothing of the meeting is public.

    `revision` was read before: what the piece says is at least that new.
    """
    made_with = digest([OPEN_DATA_VERSION, release(), archive.settings.base_url])[:8]
    folder = archive.settings.export_folder / PIECES / f"{meeting_id}@{revision}-{made_with}"
    try:
        rows = json.loads((folder / _COUNTS).read_bytes())
    except (OSError, ValueError):
        made = _make(archive, meeting_id, revision, folder)
        if made is None:
            return None
        rows = made
    return Piece(meeting_id, revision, folder, rows)


def _make(archive: Archive, meeting_id: str, revision: int, folder: Path) -> dict[str, int] | None:
    try:
        meeting = published_meeting(archive.catalogue, meeting_id)
    except UnknownMeeting:
        return None
    if meeting is None:
        return None
    unfinished = folder.with_name(f".{folder.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.mkdir(parents=True)
    tables = rows_of(meeting, revision, archive.settings)
    counts = {table.name: _write(unfinished / f"{table.name}.gz", tables[table.name]) for table in TABLES}
    (unfinished / _COUNTS).write_text(json.dumps(counts), encoding="utf-8")
    unfinished.rename(folder)
    return counts


def _write(file: Path, rows: Iterable[dict[str, object]]) -> int:
    """The rows, a line each; returns how many. The same rows make the same bytes."""
    count = 0
    with file.open("wb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as packed:
        for row in rows:
            packed.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


def remove_all_but(home: Path, pieces: Iterable[Piece]) -> None:
    """What is not of these pieces goes, with what was left half made."""
    kept = {piece.folder.name for piece in pieces}
    folder = home / PIECES
    for entry in os.scandir(folder) if folder.is_dir() else ():
        if entry.name not in kept:
            shutil.rmtree(entry.path, ignore_errors=True)
