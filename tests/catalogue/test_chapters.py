"""Chapters are in order, apart, within the meeting, and hold nothing that is withheld."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from catalogue import Interval, PublishedItem, SetBy, SpanStatus, chapters_of, chapters_on, subtract, union


def item(
    position: int,
    start: float | None,
    end: float | None,
    *,
    title: str = "",
    number: str | None = None,
    shut: bool = False,
) -> PublishedItem:
    status = SpanStatus.CLOSED if shut else SpanStatus.NOT_FOUND if start is None else SpanStatus.DISCUSSED
    name = str(position + 1) if number is None else number
    return PublishedItem(
        position,
        name,
        title or f"Sag {position}",
        "",
        not shut,
        "",
        status,
        start,
        end,
        0.9,
        None,
        SetBy.MACHINE,
    )


def titles(*items: PublishedItem) -> list[str]:
    return [chapter.title for chapter in chapters_of(items, (), 100.0)]


def test_titles_are_one_line() -> None:
    assert titles(item(0, 1.0, 5.0, title="Ny\n\tskole  og --> vej")) == ["1: Ny skole og --> vej"]
    assert titles(item(0, 1.0, 5.0, number="", title="Eventuelt")) == ["Eventuelt"]
    [long] = titles(item(0, 1.0, 5.0, title="ord " * 100))
    assert len(long) == 159 or len(long) == 160
    assert long.endswith("…")


def test_items_taken_together_are_one() -> None:
    together = [item(n, 1.0, 5.0) for n in range(2, 7)]
    assert titles(*together)[0].startswith("3–7: Sag 2 · Sag 3")
    assert titles(together[0], together[2]) == ["3, 5: Sag 2 · Sag 4"]


def test_a_chapter_lies_in_time_that_may_be_heard() -> None:
    items = [item(0, 0.0, 40.0), item(1, 50.0, 60.0), item(2, 70.0, None)]
    found = chapters_of(items, (Interval(0, 5), Interval(20, 30), Interval(35, 45), Interval(50, 60)), 90.0)
    assert [(c.start, c.end) for c in found] == [(5, 35), (70, 90)]


SECONDS = st.floats(0, 50, allow_nan=False)


@st.composite
def meetings(draw: st.DrawFn) -> tuple[list[PublishedItem], tuple[Interval, ...], float]:
    starts = draw(st.lists(st.one_of(st.none(), SECONDS), max_size=8))
    items = [
        item(n, s, None if s is None else s + draw(SECONDS), shut=draw(st.booleans()))
        for n, s in enumerate(starts)
    ]
    withheld = union(Interval(a, a + draw(SECONDS)) for a in draw(st.lists(SECONDS, max_size=3)))
    return items, withheld, draw(SECONDS)


@given(meetings(), st.floats(0, 30), st.one_of(st.none(), st.floats(0.1, 40)))
@limits(max_examples=200, deadline=None)
def test_chapters_are_in_order_apart_and_inside(
    made: tuple[list[PublishedItem], tuple[Interval, ...], float], offset: float, length: float | None
) -> None:
    items, withheld, duration = made
    whole = chapters_of(items, withheld, duration)
    part = chapters_on(whole, withheld, offset, length)
    for found, end in ((whole, duration), (part, duration if length is None else length)):
        assert all(0 <= c.start < c.end <= end + 1e-9 for c in found)
        assert all(a.end <= b.start for a, b in pairwise(found))
        assert all(round(a.start, 3) < round(b.start, 3) for a, b in pairwise(found))
    for chapter in whole:
        assert subtract((Interval(chapter.start, chapter.end),), withheld)[0].start == chapter.start
        assert not any(items[n].status is SpanStatus.CLOSED or items[n].start is None for n in chapter.items)
    assert {c.title for c in part} <= {c.title for c in whole}
