"""Chapters are in order, apart, within the meeting, and hold nothing that is withheld."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from catalogue import (
    Agenda,
    AgendaItem,
    Catalogue,
    Edit,
    EditKind,
    Interval,
    ItemSpan,
    Meeting,
    PublishedItem,
    Recording,
    RecordingKind,
    Segmentation,
    SetBy,
    SpanStatus,
    agenda_key,
    chapters_in,
    chapters_of,
    chapters_on,
    subtract,
    union,
)


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


def test_each_recording_has_its_own_before_anything_is_public(tmp_path: Path) -> None:
    """As they go into the files, which must be there before the meeting is public."""
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/c.sqlite")
    agenda = Agenda((AgendaItem("1", "Skolen"), AgendaItem("2", "Køb", open=False), AgendaItem("3", "Vej")))
    recordings = tuple(
        Recording(f"m-{n}", n, RecordingKind.FILE, "x", offset=offset, duration=100.0)
        for n, offset in ((1, 0.0), (2, 150.0))
    )
    catalogue.add_meeting(Meeting("m", "B", None, "", "", recordings, agenda))
    meeting = catalogue.meeting("m")
    assert [chapters_in(catalogue, meeting, r) for r in recordings] == [(), ()]
    spans = (
        ItemSpan(0, SpanStatus.DISCUSSED, 10.0, 50.0),
        ItemSpan(1, SpanStatus.CLOSED, 50.0, 90.0),
        ItemSpan(2, SpanStatus.DISCUSSED, 90.0, 240.0),
    )
    catalogue.save_segmentation("m", Segmentation(agenda_key(agenda), (), spans))
    one, two = (chapters_in(catalogue, meeting, r) for r in recordings)
    assert [(c.start, c.end, c.title) for c in one] == [(10, 50, "1: Skolen"), (90, 100, "3: Vej")]
    assert [(c.start, c.end, c.title) for c in two] == [(0, 90, "3: Vej")]
    moved = Edit(EditKind.BOUNDARY, "Anna", "", datetime.now(UTC), 160.0, item="3")
    catalogue.add_edit("m", moved)
    assert chapters_in(catalogue, meeting, recordings[0]) == one[:1]
    assert [(c.start, c.end) for c in chapters_in(catalogue, meeting, recordings[1])] == [(10, 90)]
    catalogue.replace_agenda("m", Agenda((AgendaItem("1", "Noget andet"),)))
    assert chapters_in(catalogue, catalogue.meeting("m"), recordings[0]) == ()


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
