"""Progress as events of the log, for machines that read it (`TALERSTOL_LOG_FORMAT=json`)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from ingest import Progress
from pipeline.terminal.reporter import Work

log = structlog.get_logger()

TOLD_EVERY = 30.0  # s between two events of one step's progress


class LogReporter:
    """An event when a step begins, now and then while it goes on, and when it ends."""

    @contextmanager
    def step(self, meeting_id: str, step: Work) -> Iterator[Progress]:
        about = {"meeting": meeting_id, "step": step.name}
        began = last = time.monotonic()

        def report(done: float, total: float | None) -> None:
            nonlocal last
            if time.monotonic() - last >= TOLD_EVERY:
                last = time.monotonic()
                log.info("step goes on", **about, done=round(done, 1), total=total)

        log.info("step begins", **about)
        yield report
        log.info("step done", **about, seconds=round(time.monotonic() - began, 3))

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        log.error("step failed", meeting=meeting_id, step=step.name, reason=message)

    def note(self, text: str) -> None:
        log.warning("note", text=text)
