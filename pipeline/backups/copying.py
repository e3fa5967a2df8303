"""Files on their way into one backup: linked to those of the backup before, or copied; each is read, and on the disk."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from catalogue import InputError, MediaStore, file_sha256, sync_folder
from pipeline.backups.manifest import MEDIA, KeptFile, finished_backups, read_manifest

CHUNK = 1 << 20  # bytes


class Copying:
    """One backup's files. `notes` are what a person should know; `unlike` are files of the archive that are not what they
    were when they were kept, though by size and time nobody wrote them."""

    def __init__(self, folder: Path, into: Path) -> None:
        self.folder = folder
        self.kept: dict[str, KeptFile] = {}
        self.linked: set[str] = set()
        self.notes: list[str] = []
        self.unlike: list[Path] = []
        self._rotten: dict[str, str] = {}  # by name: what is there now, or nothing
        self._before, self._known = self._newest_readable(into)

    def _newest_readable(self, into: Path) -> tuple[Path, dict[str, KeptFile]]:
        """The backup before, and its files: one that cannot be read is none."""
        for folder in finished_backups(into):
            try:
                return folder, {file.name: file for file in read_manifest(folder).files}
            except (InputError, OSError) as error:
                reason = error.what if isinstance(error, InputError) else error.strerror
                self.notes.append(f"{folder} is passed over: its manifest cannot be read ({reason})")
        return into, {}

    def file(self, source: Path, name: str) -> None:
        """Copy a file, or link to the one of the backup before; a file that is gone is left out."""
        with suppress(FileNotFoundError):
            found = source.stat()
            have = self.kept.get(name)
            if have and (have.bytes, have.modified) == (found.st_size, found.st_mtime_ns):
                return
            target = self.folder / name
            target.unlink(missing_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            known = self._known.get(name)
            same = known and (known.bytes, known.modified) == (found.st_size, found.st_mtime_ns)
            if known and same and self._link(known, target):
                self.kept[name] = known
                self.linked.add(name)
                return
            sha256 = _copy(source, target)
            if known and same and name in self._rotten:
                self._tell(known, source, sha256)
            self.kept[name] = KeptFile(name, target.stat().st_size, sha256, found.st_mtime_ns)
            self.linked.discard(name)

    def made_here(self, name: str) -> None:
        """A file that was written into the backup itself."""
        file = self.folder / name
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
        found = file.stat()
        self.kept[name] = KeptFile(name, found.st_size, file_sha256(file), found.st_mtime_ns)

    def unchanged(self, store: MediaStore, named: dict[str, tuple[object, ...]]) -> bool:
        for name in named:
            have, file = self.kept.get(f"{MEDIA}/{name}"), store.path(name)
            try:
                found = file.stat()
            except FileNotFoundError:
                if have:
                    return False
                continue
            if not have or (have.bytes, have.modified) != (found.st_size, found.st_mtime_ns):
                return False
        return True

    def forget_other_media(self, named: dict[str, tuple[object, ...]]) -> None:
        wanted = {f"{MEDIA}/{name}" for name in named}
        for name in [name for name in self.kept if name.startswith(f"{MEDIA}/") and name not in wanted]:
            (self.folder / name).unlink(missing_ok=True)
            del self.kept[name]
            self.linked.discard(name)

    def settle(self) -> None:
        """Return when the names of all that was copied are on the disk."""
        for folder, _, _ in os.walk(self.folder):
            sync_folder(Path(folder))

    def _link(self, known: KeptFile, target: Path) -> bool:
        """Whether the one of the backup before could be linked to and is as it was written: linked files are read back
        here, as copied ones are at the end."""
        try:
            os.link(self._before / known.name, target)
        except OSError:
            return False
        try:
            holds = file_sha256(target)
        except OSError:  # a bad place on the disk
            holds = ""
        if holds == known.sha256:
            return True
        self._rotten[known.name] = holds
        target.unlink()
        return False

    def _tell(self, known: KeptFile, source: Path, sha256: str) -> None:
        kept = self._before / known.name
        if sha256 == known.sha256:
            self.notes.append(f"{kept} is damaged, and was copied afresh from the archive")
        elif sha256 == self._rotten[known.name]:
            self.notes.append(f"{kept} is not what its manifest says, but what the archive has")
        else:
            self.unlike.append(source)
            self.notes.append(f"{kept} is damaged, and {source} is not what was kept either: see if it plays")


def _copy(source: Path, target: Path) -> str:
    """Copy a file; returns the sha256 of what was read, when the copy is on the disk."""
    read = hashlib.sha256()
    with source.open("rb") as old, target.open("wb") as new:
        while chunk := old.read(CHUNK):
            read.update(chunk)
            new.write(chunk)
        new.flush()
        os.fsync(new.fileno())
    return read.hexdigest()
