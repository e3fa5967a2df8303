"""A small disk for a test, which is skipped where none can be mounted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.chaos import disk
from bench.chaos.disk import NoSmallDisk, SmallDisk

__all__ = ["SmallDisk", "small_disk"]


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    mount = disk.small_disk(folder, megabytes)
    try:
        mounted = mount.__enter__()
    except NoSmallDisk as error:
        pytest.skip(str(error))
    try:
        yield mounted
    finally:
        mount.__exit__(None, None, None)
