"""The files that start the night by themselves are what systemd understands, and say what the command does."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.runs.deadline import next_time

UNITS = Path(__file__).parents[3] / "docs" / "systemd"


def test_systemd_understands_them(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    program = tmp_path / "talerstol"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS.iterdir():  # the program's place is the only thing that is not on every machine
        text = unit.read_text().replace("/opt/talerstolen/.venv/bin/talerstol", str(program))
        (tmp_path / unit.name).write_text(text)
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.glob("talerstol-night.*")))],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    ours = [line for line in said.stderr.splitlines() if "talerstol" in line]
    assert (said.returncode, ours) == (0, []), said.stderr


def test_the_deadline_is_no_failure_to_it() -> None:
    assert "SuccessExitStatus=3" in (UNITS / "talerstol-night.service").read_text().splitlines()


@pytest.fixture
def _in_denmark(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Copenhagen")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_in_denmark")
def test_the_nights_own_deadline_comes_before_systemds() -> None:
    """A missed night begins whenever the machine is switched on, also just after the time at which nights end."""
    limit = re.search(
        r"^TimeoutStartSec=(\d+)h$", (UNITS / "talerstol-night.service").read_text(), re.MULTILINE
    )
    assert limit
    began = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24)]
    longest = max(next_time("06:00", moment) - moment for moment in began)
    assert longest == timedelta(hours=25)
    assert timedelta(hours=int(limit[1])) >= longest + timedelta(hours=1)  # what it does at the end
