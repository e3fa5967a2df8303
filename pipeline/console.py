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
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from ingest import Progress as ProgressCallable
from pipeline import logs
from pipeline.log_reporter import LogReporter
from pipeline.reporter import Reporter, Work

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines on stdout.")]

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

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
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("[dim]{task.fields[speed]}"),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        yield BarReporter(progress)


@contextmanager
def _lines() -> Iterator[Reporter]:
    yield LineReporter()


class LineReporter:
    """A line when a step begins, now and then while it goes on, and when it ends."""

    @contextmanager
    def step(self, meeting_id: str, step: Work) -> Iterator[ProgressCallable]:
        began = last = time.monotonic()

        def report(done: float, total: float | None) -> None:
            nonlocal last
            if time.monotonic() - last >= PLAIN_EVERY:
                last = time.monotonic()
                share = f"{min(1.0, done / total):.0%}" if total else f"{done:,.0f}"
                err.print(f"{meeting_id}: {step.doing}, {share}", markup=False)

        yield report
        err.print(f"{meeting_id}: {step.name} done in {time.monotonic() - began:.1f} s", markup=False)

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        err.print(f"{meeting_id}: {step.name} FAILED: {message}", markup=False)

    def note(self, text: str) -> None:
        err.print(text, markup=False)


class BarReporter(LineReporter):
    """A bar for the step at work; a line remains when it is done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    @contextmanager
    def step(self, meeting_id: str, step: Work) -> Iterator[ProgressCallable]:
        began = time.monotonic()
        task = self._progress.add_task(f"{meeting_id}: {step.doing}", total=None, speed="")

        def report(done: float, total: float | None) -> None:
            spent = time.monotonic() - began
            times = f"{done / spent:.1f} × real time" if step.name == "transcribe" and spent > 1 else ""
            self._progress.update(task, completed=done, total=total, speed=times)

        try:
            yield report
        finally:
            self._progress.remove_task(task)
        err.print(f"[green]✓[/] {meeting_id}: {step.name} [dim]{time.monotonic() - began:.1f} s")

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        err.print(f"[red]✗[/] {meeting_id}: {step.name}")
        err.print(f"  {message}", markup=False)
