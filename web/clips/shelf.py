"""Finished clips on the disk: a folder a meeting, of one revision of it only, and no more than there is room for.

A clip's file is named by the revision that it was cut from, and looked up by the revision that is public now. So what
was withheld since is never found, and the next look or sweep deletes it.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from web.clips.stretch import Named

PARTIAL = ".partial"
SPARE = 256 * 1024**2  # bytes of the disk that clips leave alone
MEETING = "m-"  # before a meeting's id, so that a folder's name can be nothing but that


class NoRoom(Exception):
    """There is too little room on the disk."""


class Shelf:
    """The folder of clips. Threads may share it, and so may processes."""

    def __init__(self, root: Path, most_bytes: int) -> None:
        self._root = root
        self._most = most_bytes
        self._lock = Lock()

    def find(self, meeting: str, revision: int, named: Named) -> Path | None:
        """The clip, cut from exactly this revision; it counts as used now. What is left of others is deleted."""
        self._forget(meeting, revision)
        file = self._folder(meeting) / f"{revision}-{named.file}"
        try:
            known = file.stat()
            os.utime(file, ns=(time.time_ns(), known.st_mtime_ns))
        except FileNotFoundError:
            return None
        return file

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """An empty folder to cut a clip in, gone afterwards. Raises `NoRoom`.

        A lock lies beside it for as long as its process lives, so that only what nobody works on is swept.
        """
        partial = self._root / PARTIAL
        partial.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(partial).free < SPARE:
            raise NoRoom
        folder = partial / uuid.uuid4().hex
        with FileLock(f"{folder}.lock"):
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        Path(f"{folder}.lock").unlink(missing_ok=True)

    def put(self, made: Path, meeting: str, revision: int, named: Named) -> None:
        """Give a finished clip its name, whole; the least used make room for it."""
        folder = self._folder(meeting)
        folder.mkdir(parents=True, exist_ok=True)
        with made.open("rb+") as handle:
            os.fsync(handle.fileno())
        target = folder / f"{revision}-{named.file}"
        made.replace(target)
        self._make_room(target)

    def tidy(self, revision_of: Callable[[str], int | None]) -> None:
        """Delete what a killed process left half made, and clips of meetings that have changed since."""
        for lock in (self._root / PARTIAL).glob("*.lock"):
            try:
                with FileLock(lock, timeout=0):
                    shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)
            except Timeout:
                continue  # somebody is at work there
        for folder in self._root.glob(f"{MEETING}*"):
            meeting = folder.name.removeprefix(MEETING)
            self._forget(meeting, revision_of(meeting))

    def forget(self, meeting: str) -> None:
        """Delete every clip of a meeting."""
        self._forget(meeting, None)

    def _forget(self, meeting: str, revision: int | None) -> None:
        """Delete the clips of every earlier revision; of all, where there is no such meeting."""
        folder = self._folder(meeting)
        try:
            for file in folder.iterdir():
                if revision is None or _revision(file) < revision:
                    file.unlink(missing_ok=True)
            if revision is None:
                folder.rmdir()
        except OSError:
            return  # it is not there, or another thread puts something into it

    def _make_room(self, kept: Path) -> None:
        with self._lock:
            files = [(file, file.stat()) for file in self._root.glob(f"{MEETING}*/*") if file.is_file()]
            total = sum(status.st_size for _, status in files)
            for file, status in sorted(files, key=lambda each: each[1].st_atime_ns):
                if total <= self._most:
                    return
                if file != kept:
                    file.unlink(missing_ok=True)
                    total -= status.st_size

    def _folder(self, meeting: str) -> Path:
        return self._root / f"{MEETING}{meeting}"


def _revision(file: Path) -> int:
    """What a file on the shelf was cut from; -1 where its name does not say."""
    said = file.name.partition("-")[0]
    return int(said) if said.isdecimal() else -1
