"""An archive of 16 meetings, killed at random moments while network, search and disk fail, compared with a calm one.

python -m bench.chaos --kills 200 --seed 1 --speech ../shared/data/speech/u0042018.wav
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.chaos.ordeal import Ordeal, Told, beginning

MEETINGS = 15  # of which three have no recording


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--meetings", type=int, default=MEETINGS)
    parser.add_argument(
        "--speech", type=Path, help="a short recording that is really heard by the base model"
    )
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with beginning(folder, arguments.meetings, arguments.speech, arguments.seed) as (start, net):
            print(f"undisturbed twice: {time.monotonic() - began:.0f} s", flush=True)
            told = Ordeal(folder, start, net, arguments.kills, arguments.seed).go(
                lambda line: print(line, flush=True)
            )
    _tell(told, time.monotonic() - began)
    sys.exit(bool(told.wrong))


def _tell(told: Told, seconds: float) -> None:
    print(f"{sum(told.kills.values())} kills in {told.runs} runs, {seconds / 60:.1f} min")
    print("killed in: " + ", ".join(f"{step} {n}" for step, n in told.kills.most_common()))
    print("network: " + ", ".join(f"{fault} {n}" for fault, n in told.faults.most_common()))
    print(
        f"index lost {told.index_lost} times, disk filled {told.disk_full} times, rounds: {dict(told.rounds)}"
    )
    print(f"the reader asked {told.asked} times; {told.away} times something was said to be away")
    for line in dict.fromkeys(told.skipped):
        print(f"left out: {line}")
    print(f"wrong: {len(told.wrong)}")
    for line in told.wrong[:60]:
        print(f"- {line}")


if __name__ == "__main__":
    main()
