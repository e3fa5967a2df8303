"""A small file that is there whole, or as it was before, whenever the machine stops."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def write_whole(file: Path, text: str) -> Path:
    """Written beside, and then in its place: it may be one with another folder's (a hard link). Raises `OSError`."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.new")
    with unfinished.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    return unfinished.replace(file)


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk, as far as its file system knows of that. Raises `OSError`."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some that are reached by network
            raise
    finally:
        os.close(opened)
