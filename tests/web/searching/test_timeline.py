"""Where in a meeting hits lie: marks within it, none in or near withheld time, and what can be heard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalogue import Interval, PublishedMeeting, PublishedRecording
from web.searching.found import playing
from web.searching.timeline import COLUMNS, LONGEST_PASSAGE, apart, timeline

SECONDS = st.floats(0, 20_000, allow_nan=False)
GAPS = st.lists(st.tuples(SECONDS, SECONDS).map(lambda t: Interval(min(t), max(t))), max_size=3)


def outline(
    *parts: tuple[float, float | None, str | None], withheld: tuple[Interval, ...] = ()
) -> PublishedMeeting:
    recordings = tuple(
        PublishedRecording(f"m-{n}", n, offset, duration, playable, True, None)
        for n, (offset, duration, playable) in enumerate(parts, start=1)
    )
    return PublishedMeeting("m", "", None, "", "", (), (), recordings, withheld)


@given(st.lists(SECONDS, max_size=5), st.lists(SECONDS, max_size=40), GAPS, st.floats(1, 18_000))
def test_marks_lie_within_the_meeting(
    shown: list[float], others: list[float], gaps: list[Interval], length: float
) -> None:
    made = timeline(outline((0.0, length, "x"), withheld=tuple(gaps)), None, shown, others)
    if made is None:
        return
    assert made.marks
    for x in [mark.x for mark in made.marks] + [field.x for field in made.fields]:
        assert 0 <= float(x.removesuffix("%")) <= 100
    assert 0 <= made.first <= made.last <= length
    assert len(made.fields) <= COLUMNS
    assert sum(field.count for field in made.fields) == len(made.marks)
    unshown = {field.at for field in made.fields} - set(shown)
    assert not [s for s in unshown for g in gaps if g.start - LONGEST_PASSAGE <= s < g.end]
    for part in made.withheld:
        assert float(part.x[:-1]) + float(part.width[:-1]) <= 100.02


def test_each_field_leads_to_its_first_mark() -> None:
    made = timeline(outline((0.0, 100.0, "x")), None, [15.0], [12.0, 55.5])
    assert made
    assert [(f.x, f.at, f.count, f.href) for f in made.fields] == [
        ("10.00%", 12.0, 2, "/moeder/m?t=12"),
        ("50.00%", 55.5, 1, "/moeder/m?t=55.5"),
    ]
    assert [m.shown for m in made.marks] == [False, True, False]


def test_a_meeting_of_unknown_length_has_no_strip() -> None:
    assert timeline(outline((0.0, None, None)), None, [1.0], []) is None


def test_passages_that_are_shown_are_not_marked_twice() -> None:
    assert apart([1.2, 1.2, 5.0], [1.2343]) == [5.0]


def test_a_place_is_heard_from_the_recording_it_lies_in() -> None:
    two = outline((0.0, 100.0, "a"), (150.0, 50.0, "b"))
    first, second = playing(two, 30.0, 55.0), playing(two, 160.0, 170.5)
    assert first and second
    assert (first.source, first.start, first.end) == ("/medie/m/1", 30.0, 55.0)
    assert (second.source, second.captions) == ("/medie/m/2", "/moeder/m/undertekster/2.vtt")
    assert (second.start, second.end) == (10.0, 20.5)
    assert playing(two, 120.0, 130.0) is None  # between them
    late = playing(two, 199.0, 260.0)
    assert late and late.end == 50.0
    assert playing(outline((0.0, 100.0, None)), 30.0, 55.0) is None
