"""Where originals, audio and playable files lie: one folder a meeting, every file whole or absent."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from catalogue.errors import InputError

PARTIAL = ".partial"  # the folder for what is not whole yet, on the same disk so that a rename is atomic


class MediaStore:
    """Names like `aarhus-byraadet-2025-10-08/1-original.mp4` to files under one root."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """The file of that name, whether it exists or not. Names that would leave the root are refused."""
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or any(part in ("..", ".") or "\\" in part for part in parts):
            raise InputError("not a name in the media store", where=name)
        return self.root.joinpath(*parts)

    def names(self, folder: str) -> list[str]:
        """Of the files that lie in that folder; none where there is no such folder."""
        where = self.path(folder)
        found = where.iterdir() if where.is_dir() else ()
        return sorted(f"{folder}/{file.name}" for file in found if file.is_file())

    def exists(self, name: str) -> bool:
        return self.path(name).is_file()

    @contextmanager
    def create(self, name: str) -> Iterator[Path]:
        """A temporary path with the same ending; it becomes `name`, whole, when the block ends well."""
        target = self.path(name)
        temporary = self.root / PARTIAL / f"{uuid.uuid4().hex}{target.suffix}"
        temporary.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            self.adopt(temporary, name)
        finally:
            temporary.unlink(missing_ok=True)

    def adopt(self, file: Path, name: str) -> None:
        """Move a finished file on the same disk to its name, and make sure that it is on the disk."""
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())
        file.replace(target)

    def workspace(self, key: str) -> Path:
        """A folder for a transfer that is to go on where it stopped; `key` names it, again and again."""
        folder = self.workspace_path(key)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def workspace_path(self, key: str) -> Path:
        """Where that folder is, whether it exists or not."""
        return self.path(f"{PARTIAL}/{key}")

    def workspaces(self) -> list[str]:
        """The keys of those that are there."""
        partial = self.root / PARTIAL
        return sorted(one.name for one in partial.iterdir() if one.is_dir()) if partial.is_dir() else []

    def half_made(self) -> list[Path]:
        """The files that are not whole yet: of a run at work, or left by one that was killed."""
        partial = self.root / PARTIAL
        return [file for file in partial.iterdir() if file.is_file()] if partial.is_dir() else []

    def sweep(self, half_made: Iterable[Path] | None = None) -> None:
        """Remove what a killed run left half made (all of it if left out); the workspaces of transfers stay.

        Only where nobody writes.
        """
        for left in self.half_made() if half_made is None else half_made:
            left.unlink(missing_ok=True)

    def discard(self, key: str) -> None:
        """Remove a workspace with all that is left in it."""
        shutil.rmtree(self.path(f"{PARTIAL}/{key}"), ignore_errors=True)

    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)
