"""One at a time over one archive: runs, and whoever writes to the search index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from catalogue import EngineError
from pipeline.archive import Archive


class IndexBusy(EngineError):
    """Another process is writing to the search index."""

    def __init__(self, archive: Archive) -> None:
        super().__init__(
            "another process is writing to the search index",
            where=str(archive.settings.home),
            remedy="Wait for it to end; `talerstol status` shows what waits.",
        )


@contextmanager
def alone(archive: Archive) -> Iterator[None]:
    """One run at a time over one archive; a second says so at once."""
    lock = FileLock(archive.settings.home / "run.lock", timeout=0)
    try:
        with lock:
            yield
    except Timeout as error:
        raise EngineError(
            "another run is at work on this archive",
            where=str(archive.settings.home),
            remedy="Wait for it to end; `talerstol status` shows how far it is.",
        ) from error


@contextmanager
def writing_index(archive: Archive, patience: float = 0.0) -> Iterator[None]:
    """One writer to the index at a time. Raises `IndexBusy` where another has not ended in `patience` seconds.

    The lock goes with the process that holds it, however that ends.
    """
    lock = FileLock(archive.settings.home / "index.lock", timeout=patience)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(archive) from error
    except OSError as error:
        raise EngineError(
            f"the data folder cannot be written ({error.strerror})",
            where=str(archive.settings.home),
            remedy="Check the disk and who may write there.",
        ) from error
    try:
        yield
    finally:
        lock.release()
