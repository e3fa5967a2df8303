"""A small file that is there whole, or as it was before, whenever the machine stops."""

from __future__ import annotations

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
