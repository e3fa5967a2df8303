"""A disk that is full, known by whoever meets it: the file system, SQLite, PostgreSQL or ffmpeg."""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.errors import EngineError

MAKE_ROOM = "Make room there, then run the same command again; all that was done is kept."
FULL = (errno.ENOSPC, errno.EDQUOT)
SQLITE_FULL = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_SHMSIZE,
)  # no room for a page; for the file that locks
POSTGRES_FULL = "53100"  # SQLSTATE disk_full
# The words of programs that hand on no number: ffmpeg at the end of a line, tantivy (a ValueError) with its number.
_SAID = re.compile(
    r": (No space left on device|Disk quota exceeded)( \(os error \d+\))?[\s.)\"']*$", re.MULTILINE
)
_TANTIVY = re.compile(r"os error (28|122)\b|StorageFull|No space left on device")


class DiskFull(EngineError):
    """There is too little room to go on. Nothing was half written; no meeting is to blame."""

    def __init__(self, what: str, *, where: str = "", remedy: str = MAKE_ROOM) -> None:
        super().__init__(what, where=where, remedy=remedy)


def disk_full(error: BaseException) -> DiskFull | None:
    """This error as a full disk, if that is what lies behind it or behind what it was raised from."""
    if isinstance(error, DiskFull):
        return error
    seen: BaseException | None = error
    while seen is not None:
        if _is_full(seen):
            where = getattr(error, "where", "") or getattr(seen, "filename", None) or ""
            return DiskFull("the disk is full", where=str(where))
        seen = seen.__cause__ or seen.__context__
    return None


@contextmanager
def told_when_full() -> Iterator[None]:
    """A full disk is said as such, whoever meets it in the block. Raises `DiskFull`."""
    try:
        yield
    except (EngineError, OSError) as error:
        if full := disk_full(error):
            raise full from error
        raise


def says_full(text: str) -> bool:
    """Whether a program's own words speak of a full disk."""
    return _SAID.search(text) is not None


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in SQLITE_FULL
    if isinstance(error, ValueError):
        return _TANTIVY.search(str(error)) is not None
    return getattr(error, "sqlstate", None) == POSTGRES_FULL


def free_bytes(folder: Path) -> int:
    """Free room on the disk of a folder, which may not be there yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
