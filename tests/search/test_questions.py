"""The graded questions of `bench/searching`: their form, and how they are scored."""

from __future__ import annotations

import math
import re

from bench.searching.questions import (
    QUESTIONS,
    Answer,
    Question,
    Score,
    Stretch,
    grades,
    ndcg,
    read_questions,
)


def test_sixty_questions_each_asked_once() -> None:
    queries = [question.query for question in read_questions(QUESTIONS)]
    assert len(queries) == 60
    assert len({query.casefold() for query in queries}) == 60


def test_every_question_has_a_good_answer_and_none_twice() -> None:
    for question in read_questions(QUESTIONS):
        assert question.asked_by
        assert max(answer.grade for answer in question.answers) >= 2, question.query
        places = [(answer.meeting, answer.second) for answer in question.answers]
        assert len(set(places)) == len(places), question.query


def test_answers_are_seconds_of_sittings_with_grades() -> None:
    for question in read_questions(QUESTIONS):
        for answer in question.answers:
            assert re.fullmatch(r"folketinget-\d{4}-\d\d-\d\d", answer.meeting)
            assert 0 <= answer.second < 24 * 3600
            assert answer.grade in (1, 2, 3)


def test_all_thirteen_sittings_are_asked_about() -> None:
    assert len({answer.meeting for q in read_questions(QUESTIONS) for answer in q.answers}) == 13


def test_a_hit_has_the_best_grade_within_it_and_an_answer_counts_once() -> None:
    answers = (Answer("a", 5.0, 1), Answer("a", 15.0, 3), Answer("b", 5.0, 2))
    whole, half, other = Stretch("a", 0.0, 20.0), Stretch("a", 0.0, 10.0), Stretch("c", 0.0, 20.0)
    assert grades([whole, half], answers) == (3, 0)
    assert grades([other, half, whole], answers) == (0, 1, 3)
    assert grades([Stretch("b", 5.0, 5.0)], answers) == (2,)


def test_ndcg_of_a_small_example() -> None:
    assert ndcg([3, 1], [1, 3]) == 1.0
    assert ndcg([], [1]) == ndcg([0], []) == 0.0
    late = (1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3))
    assert math.isclose(ndcg([1, 3], [3, 1]), late)
    assert ndcg([0] * 10 + [3], [3]) == 0.0


def test_the_first_hit_clearly_about_it_makes_the_rank() -> None:
    question = Question("q", "somebody", (Answer("a", 5.0, 2),))
    assert Score(question, (0, 1, 2, 3)).reciprocal_rank == 1 / 3
    assert Score(question, (1,)).reciprocal_rank == Score(question, ()).reciprocal_rank == 0.0
