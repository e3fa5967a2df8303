"""One at a time over one archive: runs, and whoever writes to the search index.

On one machine a lock in the home folder decides, and goes with the process that holds it, however that ends. Machines
that share a database go by its leases as well (`catalogue.runners`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from filelock import FileLock, Timeout

from catalogue import INDEXING, EngineError, Runner
from pipeline.archive import Archive
from pipeline.runs.running import Running, place_of, running

INDEX_LEASE = "(index)"  # no meeting has such an id
LOOK_EVERY = 0.5  # s between tries for a lease that another has


class RunBusy(EngineError):
    """Another run or sync is at work on this home. `by` is who it is, where that is known."""

    def __init__(self, archive: Archive, by: Runner | None) -> None:
        self.by = by
        super().__init__(
            f"another run is at work on this archive{told(by)}",
            where=str(archive.settings.home),
            remedy="Wait for it to end; `talerstol status` shows how far it is.",
        )


class IndexBusy(EngineError):
    """Another process is writing to the search index."""

    def __init__(self, archive: Archive, by: Runner | None = None) -> None:
        super().__init__(
            f"another process is writing to the search index{told(by)}",
            where=str(archive.settings.home),
            remedy="Wait for it to end; `talerstol status` shows what waits.",
        )


class IndexNotShared(EngineError):
    """Another machine works on this database, and the search index is in this one's folder. `by` is who it is."""

    def __init__(self, by: Runner) -> None:
        self.by = by
        super().__init__(
            f"the embedded search index cannot be shared, and another machine is at work{told(by)}",
            where="TALERSTOL_MEILI_URL",
            remedy="Set up Meilisearch, and give its address on every machine; or run on one of them alone.",
        )


def told(runner: Runner | None) -> str:
    """Who a runner is, for a sentence: since when, which process, on which machine."""
    if runner is None:
        return ""
    return f" since {runner.began.astimezone():%Y-%m-%d %H:%M} ({runner.doing}, process {runner.pid} on {runner.host})"


@contextmanager
def alone(archive: Archive, doing: str = "run") -> Iterator[Running]:
    """One run (or sync) at a time on one home; a second says so at once. Raises `RunBusy`.

    The block is one of the runners on the database, beside those of other machines.
    """

    def busy() -> EngineError:
        place = place_of(archive, doing)
        return RunBusy(archive, next((r for r in archive.catalogue.runners.all() if r.place == place), None))

    with _holding(archive, "run.lock", 0.0, busy), running(archive, doing) as me:
        yield me


@contextmanager
def writing_index(archive: Archive, patience: float = 0.0) -> Iterator[None]:
    """One writer to the index at a time. Raises `IndexBusy` where another has not ended in `patience` seconds."""
    until = time.monotonic() + patience
    among_all = archive.settings.meili_url and archive.catalogue.shared
    with (
        _holding(archive, "index.lock", patience, lambda: IndexBusy(archive)),
        _among_all(archive, until) if among_all else nullcontext(),
    ):
        yield


@contextmanager
def _among_all(archive: Archive, until: float) -> Iterator[None]:
    """The one writer of all machines, for as long as the block runs."""
    with running(archive, INDEXING) as me:
        while not me.take(INDEX_LEASE):
            if time.monotonic() >= until:
                raise IndexBusy(archive, archive.catalogue.runners.holder(INDEX_LEASE))
            time.sleep(LOOK_EVERY)
        yield


@contextmanager
def _holding(archive: Archive, name: str, patience: float, busy: Callable[[], EngineError]) -> Iterator[None]:
    """Hold this lock of the home folder; raises what `busy` makes where another has not let go of it in time."""
    lock = FileLock(archive.settings.home / name, timeout=patience)
    try:
        lock.acquire()
    except Timeout as error:
        raise busy() from error
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
