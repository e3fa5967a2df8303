"""How well agenda items are placed: F1 and precision of item starts, and the share of time under the right item.

    python bench/items.py ../shared/data/council --within 15
    python bench/items.py ../shared/data/folketinget --within 45

Each folder holds meetings with `agenda.json`, `transcript.json` and `truth.json` (the second each item began).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from catalogue import Agenda, AgendaItem, Segment
from segment import place_items


def measure(folder: Path, within: float, verbose: bool) -> tuple[int, int, int, float, float]:
    agenda = Agenda(
        tuple(
            AgendaItem(i["number"], i["title"], open=i.get("open", True))
            for i in _read(folder / "agenda.json")["items"]
        )
    )
    segments = [
        Segment(s["start"], s["end"], s["text"], s.get("speaker"))
        for s in _read(folder / "transcript.json")["segments"]
    ]
    truth = _read(folder / "truth.json")
    spans = place_items(segments, agenda).spans
    said = {agenda.items[s.item].number: s for s in spans if s.start is not None}
    right = sum(abs((said[n].start or 0) - t) <= within for n, t in truth["starts"].items() if n in said)
    if verbose:
        for number, at in truth["starts"].items():
            start = said[number].start if number in said else None
            if start is None or abs(start - at) > within:
                print(f"  {folder.name} item {number}: truth {at}, placed {start}")
        for number, span in said.items():
            if number not in truth["starts"]:
                print(f"  {folder.name} item {number}: not in truth, placed {span.start} {span.evidence}")
    return right, len(said), len(truth["starts"]), *_time_right(truth, said)


def _time_right(truth: dict, said: dict) -> tuple[float, float]:
    true_at = sorted((t, n) for n, t in truth["starts"].items())
    placed_at = sorted((s.start, n) for n, s in said.items())
    seconds = range(int(true_at[0][0]) if true_at else 0, int(truth["duration"]))
    right = sum(bool(_at(true_at, t) & _at(placed_at, t)) for t in seconds)
    return float(right), float(len(seconds))


def _at(starts: list, t: float) -> set[str]:
    begun = [at for at, _ in starts if at <= t + 0.5]
    return {n for at, n in starts if begun and at == begun[-1]}


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--within", type=float, default=15.0, help="seconds a start may be off")
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    began = time.perf_counter()
    rows = [measure(f, arguments.within, arguments.verbose) for f in sorted(arguments.folder.iterdir())]
    right, placed, wanted, good, whole = (sum(column) for column in zip(*rows, strict=True))
    precision, recall = right / max(placed, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    sys.stdout.write(
        f"{len(rows)} meetings, {wanted} starts: F1 {f1:.3f}, precision {precision:.3f}, recall {recall:.3f}, "
        f"right item {good / whole:.1%} of the time, {time.perf_counter() - began:.1f} s\n"
    )


if __name__ == "__main__":
    main()
