"""How well agenda items are placed: F1 and precision of item starts, the share of time under the right item, by
noise and by difficulty, whether the confidence means what it says, and the time it takes.

    python -m bench.items ../shared/data            all tables, and the picture in docs/
    python -m bench.items ../shared/data --misses   what was missed or wrong, in what is to develop on

Made-up meetings are of seeds that nothing was fitted to.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.item_material import Case, debates, kept_aside, made_cases, real_cases, to_develop
from bench.reliability import draw_reliability
from bench.simulation import Kind
from bench.simulation.phrases import FAMILIES
from catalogue import ItemSpan, SpanStatus
from segment import place_items

MADE_SEEDS = range(90_000, 90_120)
NOISES = ((0.0, "none"), (0.08, "8 %"), (0.15, "15 %"), (0.25, "25 %"))


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one meeting. `sure` are the confidences of its starts, each with whether it is right."""

    case: Case
    spans: tuple[ItemSpan, ...]
    right: int
    said: int
    wanted: int
    seconds_right: int
    seconds: int
    sure: tuple[tuple[float, bool], ...]
    took: float


def place(case: Case) -> Placed:
    began = time.perf_counter()
    spans = place_items(case.spoken, case.agenda).spans
    took = time.perf_counter() - began
    said = {s.item: s for s in spans if s.start is not None and s.item not in case.repeated}
    sure = tuple((s.confidence, _is_right(case, s)) for s in said.values())
    good, whole = _time_right(case, {k: s.start or 0.0 for k, s in said.items()})
    wanted = len(case.starts) + case.not_on_agenda
    return Placed(case, spans, sum(ok for _, ok in sure), len(said), wanted, good, whole, sure, took)


def _is_right(case: Case, span: ItemSpan) -> bool:
    true = case.starts.get(span.item)
    return true is not None and span.start is not None and abs(span.start - true) <= case.within


def _time_right(case: Case, said: dict[int, float]) -> tuple[int, int]:
    """Seconds from the first item on in which the item that is on is the true one (items together share them)."""
    first = int(min(case.starts.values(), default=case.duration))
    seconds = range(first, int(case.duration))
    return sum(bool(_on(case.starts, t) & _on(said, t)) for t in seconds), len(seconds)


def _on(starts: dict[int, float], t: float) -> set[int]:
    begun = [at for at in starts.values() if at <= t + 0.5]
    return {k for k, at in starts.items() if begun and at == max(begun)}


def row(name: str, placed: Sequence[Placed]) -> str:
    right, said, wanted = (sum(getattr(p, f) for p in placed) for f in ("right", "said", "wanted"))
    precision, recall = right / max(said, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    of_time = sum(p.seconds_right for p in placed) / max(sum(p.seconds for p in placed), 1)
    return (
        f"| {name} | {len(placed)} | {wanted} | {f1:.3f} | {precision:.3f} | {recall:.3f} | {of_time:.1%} |\n"
    )


HEAD = "| meetings | number | starts | F1 | precision | recall | right item of the time |\n|---|---|---|---|---|---|---|\n"


def table(title: str, rows: Iterable[tuple[str, Sequence[Placed]]]) -> str:
    return f"\n{title}\n\n{HEAD}" + "".join(row(name, placed) for name, placed in rows if placed)


def sure_table(placed: Sequence[Placed]) -> str:
    lines = ["\n| confidence | starts | right |\n|---|---|---|\n"]
    for low, high in ((0.9, 1.01), (0.8, 0.9), (0.7, 0.8), (0.5, 0.7)):
        hits = [ok for p in placed for sure, ok in p.sure if low <= sure < high]
        if hits:
            lines.append(f"| {low}–{min(high, 1)} | {len(hits)} | {sum(hits) / len(hits):.3f} |\n")
    return "".join(lines)


def withdrawn_line(placed: Sequence[Placed]) -> str:
    said = [(p.case, s.item) for p in placed for s in p.spans if s.status is SpanStatus.WITHDRAWN]
    right = sum(item in case.withdrawn for case, item in said)
    return f"\nWithdrawn: {right} of {len(said)} said to be so are; {sum(len(p.case.withdrawn) for p in placed)} were.\n"


def misses(placed: Placed) -> Iterable[str]:
    case = placed.case
    said = {s.item: s for s in placed.spans if s.start is not None and s.item not in case.repeated}
    for k, true in case.starts.items():
        if k not in said or not _is_right(case, said[k]):
            at = f"{said[k].start:.0f} ({said[k].confidence})" if k in said else "nowhere"
            yield f"{case.name} {case.agenda.items[k].number} “{case.agenda.items[k].title[:50]}”: {true:.0f}, placed {at}\n"
    for k, span in said.items():
        if k not in case.starts:
            words = span.evidence.text[:70] if span.evidence else ""
            yield f"{case.name} {case.agenda.items[k].number}: not taken, placed {span.start:.0f} ({span.confidence}) {words}\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--picture", type=Path, default=Path("docs/pictures/reliability.svg"))
    arguments = parser.parse_args()
    tell: Callable[[str], object] = sys.stdout.write
    real = {kind: [place(c) for c in real_cases(arguments.data, kind)] for kind in ("council", "folketinget")}
    developed = {c.name for ps in real.values() for c in to_develop([p.case for p in ps])}
    if arguments.misses:
        for placed in (p for ps in real.values() for p in ps if p.case.name in developed):
            tell("".join(misses(placed)))
    made = [place(c) for c in made_cases(debates(arguments.data), list(FAMILIES), MADE_SEEDS)]
    tell(table("All", [(kind, ps) for kind, ps in real.items()] + [("made up", made)]))
    halves = [(f"{kind}, kept aside", kept_aside(ps)) for kind, ps in real.items()]
    tell(table("Kept aside", halves))
    everything = [*real["council"], *made]
    tell(
        table(
            "By noise", [(name, [p for p in everything if p.case.noise == noise]) for noise, name in NOISES]
        )
    )
    tell(
        table("By difficulty", [(k.value, [p for p in everything if k.value in p.case.kinds]) for k in Kind])
    )
    tell(sure_table([*real["council"], *real["folketinget"], *made]))
    tell(withdrawn_line(everything))
    draw_reliability([s for ps in (*real.values(), made) for p in ps for s in p.sure], arguments.picture)
    tell(_speed(arguments.data))


def _speed(data: Path) -> str:
    filler = debates(data)
    long = made_cases(filler, list(FAMILIES), range(91_000, 91_005), items=100)
    many = made_cases(filler, list(FAMILIES), range(92_000, 92_005), items=200)
    lines = ["\n| meeting | items | words | seconds |\n|---|---|---|---|\n"]
    for case in (*long, *many):
        took = sorted(place(case).took for _ in range(3))[1]
        words = sum(len(s.text.split()) for s in case.spoken)
        lines.append(
            f"| {case.duration / 3600:.1f} h | {len(case.agenda.items)} | {words:,} | {took:.2f} |\n"
        )
    return "".join(lines)


if __name__ == "__main__":
    main()
