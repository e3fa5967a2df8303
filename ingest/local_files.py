"""Files that somebody named: any name may be asked for, also one that no disk can keep."""

from __future__ import annotations

import errno
from pathlib import Path


def why_no_file(path: Path) -> str:
    """Why there is no ordinary file of that name, in words; empty where there is one."""
    try:
        if path.is_file():
            return ""
        if path.is_dir():
            return "this is a folder, not a file"
        return "this is no ordinary file but a pipe or a device" if path.exists() else "there is no such file"
    except OSError as error:
        return "the name is too long" if error.errno == errno.ENAMETOOLONG else "the file may not be read"
    except (ValueError, RuntimeError):  # a NUL in the name; links in a ring
        return "there is no such file"
