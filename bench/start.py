"""What it takes `talerstol` to begin: seconds of processor time of each command, here and in another tree in turn.

git worktree add ../before REVISION
python -m bench.start --before ../before
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

HERE = Path(__file__).parents[1]
COMMANDS = (["--help"], ["add", "--help"], ["status"], ["search", "cykelsti"])


def seconds(tree: Path, words: list[str], home: Path) -> float:
    """Of the processor, for one command that ends well."""
    begun = getrusage(RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        cwd=tree,
        env=os.environ | {"TALERSTOL_HOME": str(home), "PYTHONPATH": str(tree)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    ended = getrusage(RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime


def told(times: list[float]) -> str:
    return f"{median(times):.2f} s ({min(times):.2f}-{max(times):.2f})"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--before", type=Path, required=True, help="Another tree of this project.")
    asked.add_argument("--turns", type=int, default=9)
    words = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        print("| command | before | now | ratio of medians |\n|---|---|---|---|")
        for command in COMMANDS:
            for tree in (words.before.resolve(), HERE):  # bytecode is written, the archive is there
                seconds(tree, command, home)
            turns = [
                (seconds(words.before.resolve(), command, home), seconds(HERE, command, home))
                for _ in range(words.turns)
            ]
            before, now = ([turn[side] for turn in turns] for side in (0, 1))
            ratio = median(now) / median(before)
            print(f"| `{' '.join(command)}` | {told(before)} | {told(now)} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
