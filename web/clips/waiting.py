"""The queue of clips: a few places, one or two at work, each with an end to its patience."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest import Progress

SECONDS = 900.0  # a clip that takes longer is given up
TIDY_EVERY = 60.0  # seconds
REMEMBERED = 200  # clips that went wrong
STOP_SECONDS = 5.0


class Full(Exception):
    """No place is free."""


class NotMade(Exception):
    """The clip could not be made, with the reason in words for the reader."""


@dataclass(frozen=True, slots=True)
class ClipId:
    """What is asked for: a meeting and the name of the clip's file."""

    meeting: str
    file: str


@dataclass(frozen=True, slots=True)
class Queued:
    place: int  # 1: the next one


@dataclass(frozen=True, slots=True)
class Working:
    share: float  # done, 0–1


@dataclass(frozen=True, slots=True)
class Failed:
    why: str


Made = Callable[[ClipId, Progress, Callable[[], bool]], None]


@dataclass(slots=True)
class _Work:
    started: float
    share: float = 0.0


@dataclass(slots=True)
class _State:
    queued: OrderedDict[ClipId, None] = field(default_factory=OrderedDict)
    working: dict[ClipId, _Work] = field(default_factory=dict)
    failed: OrderedDict[ClipId, str] = field(default_factory=OrderedDict)


class Waiting:
    """Clips wait here in turn. Threads start with the first one, and end when asked to `stop`."""

    def __init__(self, places: int, workers: int, make: Made, tidy: Callable[[], None]) -> None:
        self._places = places
        self._workers = workers
        self._make = make
        self._tidy = tidy
        self._state = _State()
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def ask(self, clip: ClipId) -> None:
        """Put a clip in the queue, unless it is there already. Raises `Full`."""
        with self._changed:
            state = self._state
            if clip in state.working or clip in state.queued:
                return
            if len(state.queued) >= self._places or self._stopping.is_set():
                raise Full
            state.failed.pop(clip, None)
            state.queued[clip] = None
            self._changed.notify()
        self.start()

    def look(self, clip: ClipId) -> Queued | Working | Failed | None:
        """How far a clip is; None where nobody waits for it (it may be finished)."""
        with self._changed:
            state = self._state
            if clip in state.working:
                return Working(state.working[clip].share)
            if clip in state.queued:
                return Queued(list(state.queued).index(clip) + 1)
            return Failed(state.failed[clip]) if clip in state.failed else None

    def start(self) -> None:
        """See to it that as many threads are at work as there should be."""
        with self._changed:
            alive = [thread for thread in self._threads if thread.is_alive()]
            missing = 0 if self._stopping.is_set() else self._workers - len(alive)
            fresh = [threading.Thread(target=self._work, name="clips", daemon=True) for _ in range(missing)]
            self._threads = alive + fresh
            for thread in fresh:
                thread.start()

    def stop(self) -> None:
        """End what is at work; what is not whole is thrown away."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=STOP_SECONDS)

    def _work(self) -> None:
        self._tidy()
        while not self._stopping.is_set():
            clip = self._next()
            if clip is None:
                self._tidy()
                continue
            why = ""
            try:
                self._make(clip, self._progress(clip), self._given_up(clip))
            except NotMade as error:
                why = str(error)
            finally:
                self._done(clip, why)

    def _next(self) -> ClipId | None:
        """The clip whose turn it is; None after a while without one."""
        with self._changed:
            if not self._state.queued:
                self._changed.wait(TIDY_EVERY)
            if not self._state.queued or self._stopping.is_set():
                return None
            clip, _ = self._state.queued.popitem(last=False)
            self._state.working[clip] = _Work(time.monotonic())
            return clip

    def _done(self, clip: ClipId, why: str) -> None:
        with self._changed:
            self._state.working.pop(clip, None)
            if why:
                self._state.failed[clip] = why
                while len(self._state.failed) > REMEMBERED:
                    self._state.failed.popitem(last=False)

    def _progress(self, clip: ClipId) -> Progress:
        def report(done: float, total: float | None) -> None:
            with self._changed:
                work = self._state.working.get(clip)
                if work and total:
                    work.share = max(work.share, min(1.0, done / total))

        return report

    def _given_up(self, clip: ClipId) -> Callable[[], bool]:
        end = time.monotonic() + SECONDS
        return lambda: self._stopping.is_set() or time.monotonic() > end
