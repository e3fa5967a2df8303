"""Peak memory of hearing a short and a long recording, side by side, with all processes that take part.

python -m bench.memory ../shared/data/speech --minutes 30 300
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path

from bench.material import join, read_clips
from catalogue import Settings
from transcribe import Failed, Job, load_transcriber, silent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", type=Path)
    parser.add_argument("--home", type=Path, default=Path("talerstol-data"))
    parser.add_argument("--minutes", type=float, nargs="+", default=[30.0, 300.0])
    arguments = parser.parse_args()
    print(
        "| recording | model loaded (MiB) | peak (MiB) | beyond the model (MiB) | time (s) | × real time |\n|---|---|---|---|---|---|"
    )
    for minutes in arguments.minutes:
        child = os.fork()
        if child == 0:
            _measure(arguments.clips, arguments.home, minutes)
            os._exit(0)
        os.waitpid(child, 0)


def _measure(clips: Path, home: Path, minutes: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        recording = join(read_clips(clips), minutes * 60, 1, Path(folder) / "long.flac")
        transcriber = load_transcriber(Settings(home=home))  # type: ignore[call-arg]
        loaded, peak, stop = _memory(), [0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(peak, stop))
        watcher.start()
        began = time.monotonic()
        transcriber.submit(
            Job("1", recording.file, "1", recording.seconds, Path(folder) / "heard.jsonl"), silent
        )
        results = []
        while not results:
            results = transcriber.collect(seconds=5.0)
        took = time.monotonic() - began
        stop.set()
        watcher.join()
        if isinstance(results[0], Failed):
            raise results[0].error
        transcriber.close()
    print(
        f"| {minutes:g} min | {loaded} | {peak[0]} | {peak[0] - loaded} | {took:.0f} | {recording.seconds / took:.1f} |",
        flush=True,
    )


def _watch(peak: list[int], stop: threading.Event) -> None:
    while not stop.wait(0.25):
        peak[0] = max(peak[0], _memory())


def _memory() -> int:
    """MiB of this process and all below it (proportional share, so that shared pages count once)."""
    total = 0
    for pid in _family(os.getpid()):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total // 1024


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            found += _family(int(child))
    return found


if __name__ == "__main__":
    main()
