from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalogue.intervals import Interval, subtract, touches, union

moments = st.integers(0, 60)
intervals = st.lists(st.builds(Interval, moments, moments), max_size=8)


def seconds(found: tuple[Interval, ...] | list[Interval]) -> set[int]:
    return {s for i in found for s in range(int(i.start), int(i.end))}


@given(intervals)
def test_union_is_the_same_time_disjoint_and_in_order(given: list[Interval]) -> None:
    joined = union(given)
    assert seconds(joined) == seconds(given)
    assert all(a.end < b.start for a, b in zip(joined, joined[1:], strict=False))


@given(intervals, intervals)
def test_subtract_leaves_exactly_the_rest(given: list[Interval], removed: list[Interval]) -> None:
    assert seconds(subtract(given, removed)) == seconds(given) - seconds(removed)


@given(intervals, moments, moments)
def test_touches_is_sharing_a_moment(given: list[Interval], a: int, b: int) -> None:
    start, end = min(a, b), max(a, b) + 1
    assert touches(union(given), start, end) == bool(seconds(given) & set(range(start, end)))
