"""One Ray worker against two, and two of which one is killed midway: wall time, and whether anything is lost.

python -m bench.ray_workers ../shared/data/speech --recordings 4 --minutes 6
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.material import Joined, join, read_clips
from catalogue import Segment, Settings
from pipeline.runs.ray_executor import RayTranscriber
from transcribe import Failed, Job, silent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", type=Path)
    parser.add_argument("--home", type=Path, default=Path("talerstol-data"))
    parser.add_argument("--recordings", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=6.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clips = read_clips(arguments.clips)
        recordings = [
            join(clips, arguments.minutes * 60, seed, Path(folder) / f"{seed}.flac")
            for seed in range(arguments.recordings)
        ]
        one, alone = _run(arguments.home, recordings, Path(folder) / "one", 1, None)
        two, pair = _run(arguments.home, recordings, Path(folder) / "two", 2, None)
        killed, survived = _run(arguments.home, recordings, Path(folder) / "killed", 2, two / 3)
    print(f"{len(recordings)} recordings of {arguments.minutes:g} min (each time without loading the model)")
    print("| workers | wall time (s) | the same transcripts |\n|---|---|---|")
    print(f"| 1 | {one:.1f} | |\n| 2 | {two:.1f} | {pair == alone} |")
    print(f"| 2, one killed after {two / 3:.1f} s | {killed:.1f} | {survived == alone} |")


def _run(
    home: Path, recordings: list[Joined], folder: Path, workers: int, kill_after: float | None
) -> tuple[float, dict[str, tuple[Segment, ...]]]:
    settings = Settings(home=home.resolve(), executor="ray", ray_workers=workers, cpu_threads=1)  # type: ignore[call-arg]
    transcriber = RayTranscriber(settings)
    victims: list[Any] = [*transcriber.processes()]
    began = time.monotonic()
    for n, r in enumerate(recordings):
        transcriber.submit(Job(str(n), r.file, str(n), r.seconds, folder / f"{n}.jsonl"), silent)
    done: dict[str, tuple[Segment, ...]] = {}
    while len(done) < len(recordings):
        if kill_after is not None and time.monotonic() - began > kill_after:
            os.kill(victims[0], signal.SIGKILL)
            print(
                f"killed worker {victims[0]} after {time.monotonic() - began:.1f} s, {len(done)} recordings done"
            )
            kill_after = None
        for result in transcriber.collect(seconds=0.5):
            if isinstance(result, Failed):
                raise result.error
            done[result.job.id] = result.segments
    took = time.monotonic() - began
    transcriber.close()
    return took, done


if __name__ == "__main__":
    main()
