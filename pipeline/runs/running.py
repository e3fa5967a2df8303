"""This process as a runner among others: it says that it lives, and holds the leases of what it works on."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import structlog

from catalogue import INDEXING, EngineError, LeaseLost, Runner, RunProgress, digest
from pipeline.archive import Archive
from pipeline.beside import beside

log = structlog.get_logger("talerstolen.run")

BEAT = 10.0  # s between signs of life; `catalogue.FRESH` is six of them
TELL = 2.0  # s between looks whether there is news to tell: one small write to the database
SILENT = (
    30.0  # s without a sign of life after which a lease is asked for before the work goes on: half of `FRESH`
)
STOP_SECONDS = 5.0  # a beat under way is waited for so long
BOOT = Path("/proc/sys/kernel/random/boot_id")  # Linux: another one each time the machine starts


class Running:
    """A runner at work. `take`, `release` and `check` may be called from any thread."""

    def __init__(self, archive: Archive, me: Runner) -> None:
        self.me = me
        self._runners = archive.catalogue.runners
        self._lock = threading.Lock()  # what is held here and in the catalogue changes together
        self._held, self._lost = set[str](), set[str]()
        self._source: Callable[[], RunProgress] = lambda: me.progress
        self._told = me.progress
        self._beaten = time.monotonic()

    def take(self, key: str) -> bool:
        """Take the lease of what is to be worked on. False: another runner, which lives, has it."""
        with self._lock:
            taken = self._runners.take(self.me.id, key)
            if taken:
                self._held.add(key)
                self._lost.discard(key)
        return taken

    def release(self, key: str) -> None:
        with self._lock:
            self._held.discard(key)
            self._runners.release(self.me.id, key)

    def check(self, key: str) -> None:
        """Raise `LeaseLost` where another runner has taken this over; costs nothing while this one beats."""
        silent = time.monotonic() - self._beaten > SILENT
        if key in self._lost or (silent and not self._runners.holds(self.me.id, key)):
            raise LeaseLost(key)

    def only_with(self, key: str) -> AbstractContextManager[None]:
        """While the block runs, this thread writes to the catalogue only with that lease, or raises `LeaseLost`."""
        return self._runners.only_with(self.me.id, key)

    def watch(self, source: Callable[[], RunProgress]) -> None:
        """Who is asked how far this runner is, every few seconds, by another thread."""
        self._source = source

    def others(self) -> list[Runner]:
        """The other runners that live, without those that only write to the index for a moment."""
        return [one for one in self._runners.living() if one.id != self.me.id and one.works]

    def beat(self, stop: threading.Event) -> None:
        """Say from time to time that this runner lives, until told to stop."""
        while not stop.wait(TELL):
            progress = self._source()
            if progress != self._told or time.monotonic() - self._beaten >= BEAT:
                self._beat(progress)

    def _beat(self, progress: RunProgress) -> None:
        try:
            with self._lock:
                in_catalogue = self._runners.beat(self.me, progress)
                self._lost |= self._held - in_catalogue
        except EngineError as error:
            log.warning("this runner cannot say that it lives", reason=error.what)
            return
        self._beaten, self._told = time.monotonic(), progress


@contextmanager
def running(archive: Archive, doing: str) -> Iterator[Running]:
    """While the block runs, this process is one of the runners. Whoever calls holds the lock of this home for that."""
    place = place_of(archive, doing)
    runners = archive.catalogue.runners
    me = runners.enter(socket.gethostname(), os.getpid(), str(archive.settings.home.resolve()), place, doing)
    running = Running(archive, me)
    try:
        with beside(running.beat, "heartbeat", STOP_SECONDS):
            yield running
    finally:
        with suppress(EngineError):  # else its leases are free in a minute
            runners.leave(me.id)


def place_of(archive: Archive, doing: str) -> str:
    """Names this machine, since it was started, and this home, together with the lock that is held there.

    Two machines may have the same name, and two containers the same folder; a machine that was started anew may not.
    """
    with suppress(OSError):
        home = archive.settings.home.stat()
        boot = BOOT.read_text(encoding="ascii") if BOOT.exists() else f"{uuid.getnode()}"
        lock = INDEXING if doing == INDEXING else "run"
        return digest([boot, home.st_dev, home.st_ino, lock])
    return ""
