"""Every window that waits is handed out once, in batches of a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transcribe.batches import Pending, Pool
from transcribe.hearing import Answer, Question
from transcribe.whisper import Heard, Way

FRAMES = (800, 1000, 3000)
WAYS = (Way(5), Way(5, 1.15, 4), Way(1))
PROMPTS: tuple[tuple[int, ...], ...] = ((), (1, 2), (1, 3))
OWNERS = ("a", "b", "c")


def no_hearing() -> Generator[Question, Heard, list[Answer]]:
    yield Question(np.zeros((1, 1), dtype=np.float32), Way(1))
    return []


def pending(frames: int, way: Way, prompt: tuple[int, ...], owner: str, place: int) -> Pending[str]:
    question = Question(np.zeros((1, frames), dtype=np.float32), way)
    return Pending(no_hearing(), question, owner, place, prompt)


def kind(one: Pending[str]) -> tuple[int, Way, tuple[int, ...]]:
    return one.question.features.shape[1], one.question.way, one.prompt


some = st.lists(
    st.tuples(
        st.sampled_from(FRAMES), st.sampled_from(WAYS), st.sampled_from(PROMPTS), st.sampled_from(OWNERS)
    ),
    max_size=80,
)


def put(kinds: list[tuple[int, Way, tuple[int, ...], str]], pool: Pool[str]) -> list[Pending[str]]:
    added = [pending(*one, place) for place, one in enumerate(kinds)]
    for one in added:
        pool.add(one)
    return added


def all_of(pool: Pool[str]) -> list[list[Pending[str]]]:
    batches = []
    while batch := pool.take(partly=True):
        batches.append(batch)
    return batches


@given(some, st.integers(1, 9))
def test_every_window_comes_out_once_with_others_of_its_kind(
    kinds: list[tuple[int, Way, tuple[int, ...], str]], size: int
) -> None:
    pool: Pool[str] = Pool(size, 10_000)
    added = put(kinds, pool)
    assert len(pool) == len(added)
    batches = all_of(pool)
    assert Counter(id(one) for batch in batches for one in batch) == Counter(map(id, added))
    assert all(len(batch) <= size for batch in batches)
    assert all(len({kind(one) for one in batch}) == 1 for batch in batches)
    assert len(pool) == 0


@given(some, st.integers(1, 9))
def test_windows_of_a_kind_come_out_in_the_order_they_came(
    kinds: list[tuple[int, Way, tuple[int, ...], str]], size: int
) -> None:
    pool: Pool[str] = Pool(size, 10_000)
    put(kinds, pool)
    places: dict[object, list[int]] = {}
    for batch in all_of(pool):
        places.setdefault(kind(batch[0]), []).extend(one.place for one in batch)
    assert all(order == sorted(order) for order in places.values())


@given(some, st.integers(2, 9))
def test_only_full_batches_are_handed_out_unless_asked_for_less(
    kinds: list[tuple[int, Way, tuple[int, ...], str]], size: int
) -> None:
    pool: Pool[str] = Pool(size, 10_000)
    added = put(kinds, pool)
    taken = 0
    while batch := pool.take(partly=False):
        assert len(batch) == size
        taken += size
    assert taken == sum(count - count % size for count in Counter(map(kind, added)).values())
    assert len(pool) == len(added) - taken


def test_the_oldest_stretch_goes_first_however_rare_its_kind() -> None:
    pool: Pool[str] = Pool(2, 8)
    rare = pending(800, WAYS[0], (), "a", 0)
    put([(1000, WAYS[0], (), "a")] * 2, pool)
    for one in pool._kinds[1000, WAYS[0], ()]:
        one.begun = 1
    pool.add(rare)
    assert len(pool.take(partly=False)) == 2  # there is a full batch, and room for more of the rare kind
    put([(1000, WAYS[0], (), "a")] * 3, pool)
    for one in pool._kinds[1000, WAYS[0], ()]:
        one.begun = 2
    assert pool.take(partly=False) == [rare]  # half full, and it has waited long enough


@given(some, st.integers(1, 9), st.sets(st.sampled_from(OWNERS)))
def test_dropped_owners_windows_never_come_out_and_all_others_do(
    kinds: list[tuple[int, Way, tuple[int, ...], str]], size: int, dropped: set[str]
) -> None:
    pool: Pool[str] = Pool(size, 10_000)
    added = put(kinds, pool)
    pool.drop(dropped)
    kept = [one for one in added if one.owner not in dropped]
    assert len(pool) == len(kept)
    assert Counter(id(one) for batch in all_of(pool) for one in batch) == Counter(map(id, kept))


def test_an_empty_pool_hands_out_nothing() -> None:
    pool: Pool[str] = Pool(4, 10_000)
    pool.drop(OWNERS)
    assert pool.take(partly=True) == []
    assert len(pool) == 0
