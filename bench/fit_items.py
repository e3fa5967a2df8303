"""Fit what each sign of an item's beginning tells, and what its confidence means; write `segment/weights.py`.

    python -m bench.fit_items ../shared/data

Fitted to made-up meetings and the first ten real ones of a kind; the rest is kept aside for `bench.items`. The
confidence is fitted on meetings of families of phrases that the weights used on them were not fitted to.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.item_material import Case, debates, made_cases, real_cases, to_develop
from bench.simulation.phrases import FAMILIES
from segment.chain import best_chain
from segment.confidence import FEATURES, features
from segment.nodes import Weights, make_nodes
from segment.openings import ANY, SIGNS, Candidate, Meeting, find_openings
from segment.placing import look_at
from segment.withdrawn import called_off

NEAR = 8.0  # seconds from the true start in which the nearest candidate is the right one
FOLDS = (("next", "chatty"), ("plain", "formal"), ("case", "brief"))
RIDGE = 1.0
TARGET = Path(__file__).parent.parent / "segment" / "weights.py"


class Looked:
    """A meeting with its candidates, looked at once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.meeting: Meeting = look_at(case.spoken, case.agenda.items)
        self.candidates: list[Candidate] = find_openings(self.meeting)
        self.off = called_off(self.meeting)

    def at(self, candidate: Candidate) -> float:
        return self.meeting.stream.times[self.meeting.contexts[candidate.site].site.begin]


def logistic(
    rows: Sequence[Sequence[float]], right: Sequence[bool], ridge: float = RIDGE
) -> tuple[float, ...]:
    """Weights of a logistic regression, by Newton's method."""
    x, y = np.array(rows, float), np.array(right, float)
    weights = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-x @ weights))
        curve = (x.T * (p * (1 - p))) @ x + ridge * np.eye(len(weights))
        weights -= np.linalg.solve(curve, x.T @ (p - y) + ridge * weights)
    return tuple(round(float(w), 3) for w in weights)


def fit_openings(meetings: Sequence[Looked]) -> Weights:
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    rows_next: list[tuple[float, ...]] = []
    right_next: list[bool] = []
    for looked in meetings:
        chosen = _right_ones(looked)
        taken = {looked.candidates[n].item for n in chosen}
        for n, candidate in enumerate(looked.candidates):
            at, starts = looked.at(candidate), looked.case.starts
            if candidate.item == ANY:
                rows_next.append(candidate.signs)
                right_next.append(any(abs(at - t) <= NEAR and k not in taken for k, t in starts.items()))
            elif n in chosen or abs(at - starts.get(candidate.item, -1e9)) > looked.case.within:
                rows.append(candidate.signs)
                right.append(n in chosen)
    return Weights(logistic(rows, right), logistic(rows_next, right_next))


def _right_ones(looked: Looked) -> set[int]:
    """For each item the candidate that is its beginning: the nearest; where marks are rough, the most telling."""
    rough = looked.case.within > 20
    best: dict[int, tuple[float, int]] = {}
    for n, candidate in enumerate(looked.candidates):
        if candidate.item not in looked.case.starts:
            continue
        off = abs(looked.at(candidate) - looked.case.starts[candidate.item])
        if off > (looked.case.within if rough else NEAR):
            continue
        told = dict(zip(SIGNS, candidate.signs, strict=True))
        key = off if not rough else 0.1 * off - 20 * told["number"] - 10 * told["title"]
        best[candidate.item] = min(best.get(candidate.item, (1e9, -1)), (key, n))
    return {n for _, n in best.values()}


def confidence_rows(looked: Looked, weights: Weights) -> tuple[list[tuple[float, ...]], list[bool]]:
    nodes = make_nodes(looked.meeting, looked.candidates, looked.off, weights)
    chain = best_chain(nodes, len(looked.case.agenda.items), frozenset(looked.off))
    rows, right = [], []
    for place, link in enumerate(chain):
        for item in link.items:
            rows.append(features(looked.meeting, chain, place, item, nodes, looked.off))
            start = looked.case.starts.get(item)
            right.append(start is not None and abs(link.node.at - start) <= looked.case.within)
    return rows, right


def write(weights: Weights, sure: tuple[float, ...]) -> None:
    def block(name: str, names: Sequence[str], values: Sequence[float]) -> str:
        lines = "".join(f"    {value},  # {what}\n" for what, value in zip(names, values, strict=True))
        return f"{name} = (\n{lines})\n"

    head = TARGET.read_text(encoding="utf-8").split("WEIGHTS")[0]
    TARGET.write_text(
        head
        + block("WEIGHTS", SIGNS, weights.opening)
        + block("ANY_WEIGHTS", SIGNS, weights.next)
        + block("CONFIDENCE_WEIGHTS", FEATURES, sure),
        encoding="utf-8",
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--meetings", type=int, default=60, help="made-up meetings of each family")
    arguments = parser.parse_args()
    filler = debates(arguments.data)
    made = {
        name: [Looked(c) for c in made_cases(filler, [name], range(1000 * n, 1000 * n + arguments.meetings))]
        for n, name in enumerate(FAMILIES, start=1)
    }
    real = [
        Looked(c) for kind in ("council", "folketinget") for c in to_develop(real_cases(arguments.data, kind))
    ]
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    for held in FOLDS:
        weights = fit_openings([m for name, ms in made.items() if name not in held for m in ms])
        for looked in (*(m for name in held for m in made[name]), *real):
            more, truth = confidence_rows(looked, weights)
            rows, right = rows + more, right + truth
    weights = fit_openings([*(m for ms in made.values() for m in ms), *real])
    sure = logistic(rows, right)
    write(weights, sure)
    sys.stdout.write(f"{len(rows)} openings, {sum(right) / len(right):.3f} right; written to {TARGET.name}\n")


if __name__ == "__main__":
    main()
