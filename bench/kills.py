"""A long recording, its run killed with `kill -9` at random moments: it goes on each time, and ends the same.

python -m bench.kills ../shared/data/speech --minutes 45 --kills 20
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.material import join, read_clips
from catalogue import Catalogue, Segment, Settings


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", type=Path)
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        recording = join(
            read_clips(arguments.clips), arguments.minutes * 60, arguments.seed, Path(folder) / "long.flac"
        )
        whole, undisturbed = Path(folder) / "whole", 0.0
        _talerstol(whole, "add", str(recording.file), "--title", "Prøve")
        began = time.monotonic()
        _talerstol(whole, "run")
        undisturbed = time.monotonic() - began
        disturbed = Path(folder) / "disturbed"
        _talerstol(disturbed, "add", str(recording.file), "--title", "Prøve")
        checkpoints = []
        for _ in range(arguments.kills):
            checkpoints.append(
                _killed(disturbed, chance.uniform(1.0, 2 * undisturbed / arguments.kills + 4.0))
            )
        began = time.monotonic()
        _talerstol(disturbed, "run")
        last = time.monotonic() - began
        same = _segments(whole) == _segments(disturbed)
    print(
        f"{recording.seconds / 60:.0f} min; undisturbed {undisturbed:.0f} s; last of {arguments.kills + 1} runs {last:.0f} s"
    )
    print(f"checkpoints after each kill: {checkpoints}")
    print(f"the same transcript: {same}")
    sys.exit(not same)


def _killed(home: Path, after: float) -> int:
    """Run, kill it and its children's parent at that second; returns how many stretches are on the disk."""
    process = subprocess.Popen(
        _command("run"), env=_env(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return sum(len(f.read_bytes().splitlines()) for f in (home / "media").glob(".partial/*/heard.jsonl"))


def _talerstol(home: Path, *words: str) -> None:
    subprocess.run(_command(*words), env=_env(home), check=True, stdout=subprocess.DEVNULL)


def _command(*words: str) -> list[str]:
    return [str(Path(sys.executable).with_name("talerstol")), *words]


def _env(home: Path) -> dict[str, str]:
    return {**os.environ, "TALERSTOL_HOME": str(home)}


def _segments(home: Path) -> tuple[Segment, ...]:
    catalogue = Catalogue.open(Settings(home=home).database)  # type: ignore[call-arg]
    try:
        meeting = catalogue.meeting(catalogue.meeting_ids()[0])
        return catalogue.transcript(meeting.recordings[0].transcript or "").segments
    finally:
        catalogue.close()


if __name__ == "__main__":
    main()
