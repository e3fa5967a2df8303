"""Sixty questions as citizens, journalists and staff type them, with answers graded by reading what was said.

    python -m bench.searching.questions MATERIAL [--home HOME] [--only ENGINE] [--misses 15]

MATERIAL is the folder with `folketinget/`. Asks through the HTTP API; Meilisearch takes part where
TALERSTOL_MEILI_URL names a server. Ends with 1 where a question finds nothing at all, or the mean falls under `FLOOR`.

`questions.json` names an answer by its meeting, a second on the meeting's clock and a grade: 3 exactly what was asked,
2 clearly about it, 1 touches it. A passage is that answer if the second lies within it, so passages may be cut anew.
What was read: the first ten of the embedded engine, by passage and by agenda item, and what a plain search of all
text found with several words for each question (every second to seventh of it where that was much). One reader graded
it, once. A hit without a grade counts as none: where a change brings up new ones, read them before believing the score.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from bench.searching.archive import all_passages, folketinget
from bench.searching.asking import DEEPEST, Ask, Found, Meetings, our_engines
from search import Passage

QUESTIONS = Path(__file__).with_name("questions.json")
CLEARLY = 2  # from this grade a hit counts as a success
#: Mean nDCG@10 below which the run fails: what each engine had on 2026-11-26 (0.520 and 0.489; 0.438 embedded when the
#: grades were made), less what one question of sixty can lose.
FLOOR = {"embedded": 0.503, "meilisearch": 0.472}


@dataclass(frozen=True, slots=True)
class Answer:
    """A second of a meeting where it is said, and how well that answers (1 to 3)."""

    meeting: str
    second: float
    grade: int


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, who types it and why, and all graded answers."""

    query: str
    asked_by: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a hit lies on its meeting's clock, in seconds."""

    meeting: str
    start: float
    end: float

    def holds(self, answer: Answer) -> bool:
        return self.meeting == answer.meeting and self.start <= answer.second <= self.end


@dataclass(frozen=True, slots=True)
class Score:
    """A question and the grades of what was found, in the order found."""

    question: Question
    grades: tuple[int, ...]

    @property
    def ndcg(self) -> float:
        return ndcg(self.grades, [answer.grade for answer in self.question.answers])

    @property
    def reciprocal_rank(self) -> float:
        """That of the first hit that is clearly about it; 0 where there is none."""
        return next((1 / rank for rank, grade in enumerate(self.grades, 1) if grade >= CLEARLY), 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("material", type=Path)
    parser.add_argument("--home", type=Path, help="keep the archive here")
    parser.add_argument("--only", default="", help="one of: embedded, meilisearch")
    parser.add_argument("--misses", type=int, default=0, help="print so many of the worst questions")
    asked = parser.parse_args()
    questions = read_questions(QUESTIONS)
    with TemporaryDirectory() as temporary:
        settings = folketinget(asked.material, asked.home or Path(temporary))
        meetings = all_passages(settings)
        engines = our_engines(settings, meetings, "questions", asked.only)
        results = [(name, _scores(ask, questions, meetings)) for name, ask in engines]
    _print_table(results)
    for name, scores in results:
        _print_worst(name, scores, asked.misses)
    sys.exit(any([_falls_short(name, scores) for name, scores in results]))


def read_questions(file: Path) -> list[Question]:
    read = json.loads(file.read_text(encoding="utf-8"))
    return [
        Question(entry["query"], entry["asked_by"], tuple(Answer(*answer) for answer in entry["answers"]))
        for entry in read
    ]


def grades(found: Iterable[Stretch], answers: Sequence[Answer]) -> tuple[int, ...]:
    """The grade of each hit: the best of the answers in it that no hit before it held; 0 for none."""
    left, given = list(answers), []
    for stretch in found:
        held = [answer for answer in left if stretch.holds(answer)]
        left = [answer for answer in left if answer not in held]
        given.append(max((answer.grade for answer in held), default=0))
    return tuple(given)


def ndcg(found: Sequence[int], possible: Sequence[int]) -> float:
    """Normalised discounted cumulative gain of the first `DEEPEST` grades, against the best order of all there are."""
    best = _gain(sorted(possible, reverse=True))
    return _gain(found) / best if best else 0.0


def _gain(found: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(found[:DEEPEST], 1))


def _scores(ask: Ask, questions: Sequence[Question], meetings: Meetings) -> list[Score]:
    passages = {Found(p.meeting, p.text, p.end): p for _, those in meetings for p in those}
    return [
        Score(
            question, grades((_stretch(passages[found]) for found in ask(question.query)), question.answers)
        )
        for question in questions
    ]


def _stretch(passage: Passage) -> Stretch:
    return Stretch(passage.meeting, passage.start, passage.end)


def _print_table(results: Iterable[tuple[str, Sequence[Score]]]) -> None:
    print("| engine | nDCG@10 | MRR@10 | success@10 | empty pages |\n|---|---|---|---|---|")
    for name, scores in results:
        gain, rank = fmean(s.ndcg for s in scores), fmean(s.reciprocal_rank for s in scores)
        success = fmean(s.reciprocal_rank > 0 for s in scores)
        print(f"| {name} | {gain:.3f} | {rank:.3f} | {success:.3f} | {len(_empty(scores))} |")


def _print_worst(name: str, scores: Sequence[Score], count: int) -> None:
    """The worst questions, each with the grades found in order beside the best there are."""
    if count:
        print(f"\n{name}, the worst:\n| nDCG@10 | found | of | question | asked by |\n|---|---|---|---|---|")
    for score in sorted(scores, key=lambda s: s.ndcg)[:count]:
        found = "".join(map(str, score.grades)) or "nothing"
        best = sorted((answer.grade for answer in score.question.answers), reverse=True)[:DEEPEST]
        possible = "".join(map(str, best))
        question = score.question
        print(f"| {score.ndcg:.2f} | {found} | {possible} | {question.query} | {question.asked_by} |")


def _empty(scores: Iterable[Score]) -> list[str]:
    return [score.question.query for score in scores if score.question.answers and not score.grades]


def _falls_short(name: str, scores: Sequence[Score]) -> bool:
    """Says on stderr what is worse than it may be."""
    mean = fmean(score.ndcg for score in scores)
    if empty := _empty(scores):
        print(f"{name}: nothing is found for: {'; '.join(empty)}", file=sys.stderr)
    if mean < FLOOR[name]:
        print(f"{name}: nDCG@10 is {mean:.3f}, under the floor of {FLOOR[name]}", file=sys.stderr)
    return bool(empty) or mean < FLOOR[name]


if __name__ == "__main__":
    main()
