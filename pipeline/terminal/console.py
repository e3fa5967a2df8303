"""How the command line looks: progress and logs on stderr, results on stdout."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from catalogue import RunProgress
from ingest import Progress as ProgressCallable
from pipeline.runs.pace import Pace, figures
from pipeline.terminal import logs
from pipeline.terminal.log_reporter import LogReporter
from pipeline.terminal.reporter import Reporter, Work

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines on stdout.")]

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

# How a command ends. 2, bad input or usage, is said by typer and by `InputError`.
OK, SOME_FAILED, STOPPED = 0, 1, 3

PLAIN_EVERY = 30.0  # seconds between lines where no terminal shows a bar


def write_json(value: object) -> None:
    """One JSON value on stdout, for machines."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def make_reporter() -> AbstractContextManager[Reporter]:
    """Events where the log is for machines, bars on a terminal, plain lines elsewhere."""
    if logs.as_json():
        return nullcontext(LogReporter())
    return _bars() if err.is_terminal else _lines()


@contextmanager
def _bars() -> Iterator[Reporter]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("[dim]{task.fields[told]}"),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        yield BarReporter(progress)


@contextmanager
def _lines() -> Iterator[Reporter]:
    yield LineReporter()


def whole_run(now: RunProgress) -> str:
    """`3 of 12 meetings, 41 %, 12.3 × real time, at least 8 min left`."""
    told = f"{now.meetings_done} of {now.meetings_done + now.meetings_left} meetings"
    numbers = figures(now.share, now.speed, now.left, least=bool(now.unknown))
    elsewhere = f"{now.elsewhere} with other runners" if now.elsewhere else ""
    return ", ".join(filter(None, (told, elsewhere, numbers)))


class LineReporter:
    """A line when a step begins to take long, now and then while it goes on, and when it ends."""

    def __init__(self) -> None:
        self._told_of_run = time.monotonic()

    @contextmanager
    def step(self, meeting_id: str, step: Work) -> Iterator[ProgressCallable]:
        began = last = time.monotonic()
        pace = Pace(step.name)

        def report(done: float, total: float | None) -> None:
            nonlocal last
            pace.report(done, total)
            if time.monotonic() - last >= PLAIN_EVERY:
                last = time.monotonic()
                told = figures(pace.share, pace.speed, pace.left) or f"{done:,.0f}"
                err.print(f"{meeting_id}: {step.doing}, {told}", markup=False)

        yield report
        err.print(f"{meeting_id}: {step.name} done in {time.monotonic() - began:.1f} s", markup=False)

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        err.print(f"{meeting_id}: {step.name} FAILED: {message}", markup=False)

    def note(self, text: str) -> None:
        err.print(text, markup=False)

    def run(self, progress: RunProgress) -> None:
        if time.monotonic() - self._told_of_run >= PLAIN_EVERY and progress.share is not None:
            self._told_of_run = time.monotonic()
            err.print(f"All: {whole_run(progress)}", markup=False)


class BarReporter(LineReporter):
    """A bar for the run as a whole and one for each step at work; a line remains of a step that is done."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._whole: TaskID | None = None

    @contextmanager
    def step(self, meeting_id: str, step: Work) -> Iterator[ProgressCallable]:
        began = time.monotonic()
        pace = Pace(step.name)
        task = self._progress.add_task(f"{meeting_id}: {step.doing}", total=None, told="")

        def report(done: float, total: float | None) -> None:
            pace.report(done, total)
            told = figures(pace.share, pace.speed, pace.left)
            self._progress.update(task, completed=done, total=total, told=told)

        try:
            yield report
        finally:
            self._progress.remove_task(task)
        err.print(f"[green]✓[/] {meeting_id}: {step.name} [dim]{time.monotonic() - began:.1f} s")

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        err.print(f"[red]✗[/] {meeting_id}: {step.name}")
        err.print(f"  {message}", markup=False)

    def run(self, progress: RunProgress) -> None:
        if progress.share is None:
            return
        if self._whole is None:
            self._whole = self._progress.add_task("all", total=1.0, told="")
        self._progress.update(self._whole, completed=progress.share, told=whole_run(progress))
