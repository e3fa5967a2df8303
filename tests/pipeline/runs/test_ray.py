"""A real Ray cluster on this machine: two workers, one of them killed. `make test-ray` installs what it needs."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import Settings
from pipeline.runs.ray_executor import RayTranscriber
from transcribe import Failed, Finished, Job, silent

pytestmark = [pytest.mark.ray, pytest.mark.timeout(900)]
pytest.importorskip("ray", reason="the extra [ray] is not installed")


@pytest.fixture
def jobs(tmp_path: Path, joined: Callable[[float, int], Path]) -> list[Job]:
    files = [joined(180, seed) for seed in (1, 2, 3)]
    return [Job(f.name, f, f.name, 180.0, tmp_path / f"{f.name}.jsonl") for f in files]


def _hear(transcriber: RayTranscriber, jobs: list[Job], kill: bool) -> dict[str, Finished | Failed]:
    for job in jobs:
        transcriber.submit(job, silent)
    done: dict[str, Finished | Failed] = {}
    began = time.monotonic()
    while len(done) < len(jobs):
        if kill and time.monotonic() - began > 8:
            os.kill(transcriber.processes()[0], signal.SIGKILL)
            kill = False
        done |= {result.job.id: result for result in transcriber.collect(seconds=0.5)}
    return done


def test_a_dead_workers_recordings_are_taken_over(tmp_path: Path, jobs: list[Job]) -> None:
    settings = Settings(home=tmp_path / "home", executor="ray", ray_workers=2)  # type: ignore[call-arg]
    transcriber = RayTranscriber(settings)
    try:
        done = _hear(transcriber, jobs, kill=True)
        assert not [r for r in done.values() if isinstance(r, Failed)]
        for job in jobs:
            job.checkpoint.unlink()
        undisturbed = _hear(transcriber, jobs, kill=False)
    finally:
        transcriber.close()
    for name, result in done.items():
        again = undisturbed[name]
        assert isinstance(result, Finished) and isinstance(again, Finished)
        assert result.segments == again.segments
        assert len(result.segments) > 20
