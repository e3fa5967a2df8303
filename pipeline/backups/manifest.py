"""What a backup says that it holds, and whether it still does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from catalogue import InputError, file_sha256, write_whole

FORMAT = 1
MANIFEST, ROWS, MEDIA, SETTINGS = "manifest.json", "catalogue.jsonl.gz", "media", "settings"


@dataclass(frozen=True, slots=True)
class KeptFile:
    name: str  # within the backup
    bytes: int
    sha256: str
    modified: int  # ns, of the file that was copied: how it is known to be unchanged


@dataclass(frozen=True, slots=True)
class Manifest:
    format: int
    made: str
    schema: str
    meetings: int
    rows: int
    files: tuple[KeptFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


class DamagedBackup(InputError):
    """Something in a backup is not as it was written."""

    def __init__(self, file: Path, reason: str) -> None:
        self.file = file
        super().__init__(
            f"the backup is damaged: {reason}",
            where=str(file),
            remedy="Use another backup of the same archive.",
        )


def newest_backup(folder: Path) -> Path | None:
    return next(iter(finished_backups(folder)), None)


def is_backup(folder: Path) -> bool:
    """Whether it is a finished one."""
    return (folder / MANIFEST).is_file()


def finished_backups(folder: Path) -> list[Path]:
    """The finished backups in a folder, newest first."""
    found = folder.glob("????-??-??T??????") if folder.is_dir() else ()
    return sorted((one for one in found if is_backup(one)), reverse=True)


def read_manifest(folder: Path) -> Manifest:
    """What a backup says that it holds. Raises `DamagedBackup`, and `InputError` where the folder is none."""
    file = folder / MANIFEST
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        files = tuple(KeptFile(**one) for one in said.pop("files"))
        manifest = Manifest(**said, files=files)
        outside = next((kept.name for kept in files if not _stays_inside(kept.name)), None)
    except FileNotFoundError as error:
        raise InputError(
            "is not a finished backup", where=str(folder), remedy="Name the folder that holds manifest.json."
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedBackup(file, type(error).__name__) from error
    if manifest.format != FORMAT:
        raise InputError(
            "was made by a newer version", where=str(folder), remedy="Install that version first."
        )
    if outside is not None:
        raise DamagedBackup(file, f"it names a file that is none of a backup's ({outside!r})")
    return manifest


def _stays_inside(name: str) -> bool:
    """Whether it is a name as backups have them: parts that lead only down, wherever they are put back."""
    return not any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in name.split("/"))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    write_whole(folder / MANIFEST, json.dumps(asdict(manifest), indent=1))


def check_backup(folder: Path) -> Manifest:
    """Read all of a backup and compare it with its manifest. Raises `DamagedBackup` for the first file that differs."""
    manifest = read_manifest(folder)
    check_files(folder, manifest.files)
    return manifest


def check_files(folder: Path, files: Iterable[KeptFile]) -> None:
    inside = folder.resolve()
    for kept in files:
        file = folder / kept.name
        if not file.resolve().is_relative_to(inside):
            raise DamagedBackup(file, "its name leads out of the backup")
        if not file.is_file():
            raise DamagedBackup(file, "the file is gone")
        if file.stat().st_size != kept.bytes or file_sha256(file) != kept.sha256:
            raise DamagedBackup(file, "the file is not as it was written")
