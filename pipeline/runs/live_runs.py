"""The runs that are at work now, as `talerstol status` shows them from another terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalogue import Runner
from pipeline.archive import Archive
from pipeline.runs.pace import figures
from pipeline.terminal.console import whole_run


def live_runs(archive: Archive) -> list[Runner]:
    """Who works on the archive, and who was heard of last and has not said that it ended."""
    return [runner for runner in archive.catalogue.runners.all() if runner.works]


def run_lines(runners: Sequence[Runner]) -> Iterator[str]:
    """What a person reads of them."""
    for runner in runners:
        who = f"{runner.doing} on {runner.host} (process {runner.pid})"
        if not runner.lives:
            yield (
                f"{who} has not been heard of since {runner.heartbeat.astimezone():%Y-%m-%d %H:%M}; "
                "what it had is free for the next run"
            )
            continue
        now = runner.progress
        told = whole_run(now) if now.share is not None else ""
        yield f"{who} since {runner.began.astimezone():%Y-%m-%d %H:%M}{': ' + told if told else ''}"
        for one in now.at_work:
            numbers = figures(one.share, one.speed, one.left)
            yield f"  {one.meeting_id}: {one.doing}{', ' + numbers if numbers else ''}"
