"""The files that start the night by themselves are what systemd understands, and say what the command does."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

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
