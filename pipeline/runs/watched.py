"""A reporter that shows through another, and keeps account of how far the run as a whole is.

What it knows goes to whoever shows it here; `now` is asked for the runner's row in the catalogue, for whoever looks from
elsewhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from catalogue import AtWork, RunProgress
from ingest import Progress
from pipeline.runs.pace import Pace
from pipeline.terminal.reporter import Reporter, ShowsRun, Work

EVERY = 1.0  # s between two accounts of the whole
MEASURED = 5.0  # s before the run's speed is told

Lengths = Mapping[str, float | None]  # seconds of each meeting's recordings, None where one is not known


class Watched:
    """Steps may report from any thread."""

    def __init__(self, shown: Reporter) -> None:
        self._shown = shown
        self._lengths: dict[str, float | None] = {}
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._through = set[str]()
        self._reached: dict[str, float] = {}  # seconds of a meeting that have been heard
        self._before: dict[str, float] = {}  # how many of them by an earlier run
        self._at_work: dict[tuple[str, str], tuple[str, Pace]] = {}
        self._elsewhere = 0
        self._said = float("-inf")

    def plan(self, lengths: Lengths) -> None:
        """The meetings that have work now."""
        with self._lock:
            self._lengths = dict(lengths)
        self._say(now=True)

    @contextmanager
    def step(self, meeting_id: str, step: Work) -> Iterator[Progress]:
        pace, key = Pace(step.name), (meeting_id, step.name)
        with self._lock:
            self._at_work[key] = (step.doing, pace)
        self._say(now=True)
        try:
            with self._shown.step(meeting_id, step) as show:

                def report(done: float, total: float | None) -> None:
                    with self._lock:
                        pace.report(done, total)
                        if step.name == "transcribe" and meeting_id in self._lengths:
                            self._before.setdefault(meeting_id, done)
                            self._reached[meeting_id] = done
                    show(done, total)
                    self._say()

                yield report
        finally:
            with self._lock:
                del self._at_work[key]
            self._say()

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        self._shown.failed(meeting_id, step, message)

    def note(self, text: str) -> None:
        self._shown.note(text)

    def measured(self, meeting_id: str, seconds: float | None) -> None:
        """How long a meeting's recordings are, now that it is known."""
        with self._lock:
            if meeting_id in self._lengths:
                self._lengths[meeting_id] = seconds

    def through(self, meeting_id: str) -> None:
        """This run is through with a meeting, however it ended."""
        with self._lock:
            self._through.add(meeting_id)
        self._say()

    def elsewhere(self, meetings: int) -> None:
        """So many meetings are in the hands of other runners."""
        self._elsewhere = meetings
        self._say()

    def now(self) -> RunProgress:
        with self._lock:
            through = [length for m, length in self._lengths.items() if m in self._through]
            open_ = {m: length for m, length in self._lengths.items() if m not in self._through}
            at_work = tuple(
                AtWork(meeting_id, step, doing, pace.share, pace.speed, pace.left)
                for (meeting_id, step), (doing, pace) in self._at_work.items()
            )
            reached = {m: min(self._reached.get(m, 0.0), length) for m, length in open_.items() if length}
            before = sum(self._before.values())
        done = sum(filter(None, through)) + sum(reached.values())
        left = sum(filter(None, open_.values())) - sum(reached.values())
        spent = time.monotonic() - self._began
        speed = (done - before) / spent if spent >= MEASURED and done > before else None
        return RunProgress(
            meetings_done=len(through),
            meetings_left=len(open_),
            seconds_done=round(done, 1),
            seconds_left=round(left, 1),
            unknown=sum(length is None for length in open_.values()),
            elsewhere=self._elsewhere,
            speed=speed,
            left=left / speed if speed and open_ else None,
            at_work=at_work,
        )

    def _say(self, now: bool = False) -> None:
        if not isinstance(self._shown, ShowsRun) or (not now and time.monotonic() - self._said < EVERY):
            return
        self._said = time.monotonic()
        self._shown.run(self.now())
