"""A small disk (a tmpfs) where this machine lets us mount one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

FULL = ".filled"  # the file that fills it


class NoSmallDisk(Exception):
    """None can be mounted here."""


@dataclass(frozen=True)
class SmallDisk:
    folder: Path

    def leave(self, free: int) -> None:
        """Fill it until so many bytes are left; fewer where the server writes meanwhile."""
        self.clear()
        state = os.statvfs(self.folder)
        with (self.folder / FULL).open("wb") as file, suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, max(1, state.f_bavail * state.f_frsize - free))

    def clear(self) -> None:
        (self.folder / FULL).unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mounted at this folder for as long as the block lasts. Raises `NoSmallDisk` where that is not allowed."""
    if os.geteuid() != 0:
        raise NoSmallDisk("a small disk can be mounted by root only")
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    if mounted.returncode:
        raise NoSmallDisk(f"no small disk can be mounted here ({mounted.stderr.strip()})")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, timeout=30)
