"""Times as people write them, names of files, and which stretches may be cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import published_meeting
from ingest import ClipForm
from tests.web.conftest import MAIN, STALE, TEXT_ONLY, Built
from web.clips.stretch import Named, Refused, Stretch, Why, named, recording_of, stretch
from web.moments import LONGEST, clock, exact_clock, parse_clock, parse_typed

SECONDS = st.floats(0, 999_999, allow_nan=False).map(lambda second: round(second, 2))


@pytest.mark.parametrize(
    ("typed", "second"),
    [
        ("1:02:05", 3725),
        ("62:05", 3725),
        ("1.02.05", 3725),
        ("3725", 3725),
        ("3725.5", 3725.5),
        ("1:02:05,25", 3725.25),
        (" 0:07 ", 7),
        ("0:0:7", 7),
        ("745.2", 745.2),
    ],
)
def test_clock_times(typed: str, second: float) -> None:
    assert parse_clock(typed) == second


@pytest.mark.parametrize(
    "typed",
    [
        "",
        None,
        "x",
        "1:2:3:4",
        "1:60",
        "1:99:00",
        "-1:00",
        "1::2",
        "1:02:5e3",
        "１:02",
        "1" * 400,
        ":05",
        "0x10",
        "nan",
    ],
)
def test_what_is_no_time(typed: str | None) -> None:
    assert parse_clock(typed) is None


@pytest.mark.parametrize(
    ("typed", "second"),
    [("2.30", 150), ("2.3", 2.3), ("2.75", 2.75), ("1.02.30", 3750), ("2:30", 150), ("x", None)],
)
def test_times_in_a_field(typed: str, second: float | None) -> None:
    assert parse_typed(typed) == second


@given(SECONDS)
def test_a_shown_time_is_read_as_itself(second: float) -> None:
    assert parse_clock(exact_clock(second)) == pytest.approx(second, abs=1e-6)
    assert parse_typed(exact_clock(second)) == pytest.approx(second, abs=1e-6)
    assert parse_clock(clock(second)) == int(second)


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = parse_clock(text)
    assert found is None or 0 <= found <= LONGEST


@given(SECONDS, SECONDS, st.sampled_from(list(ClipForm)))
def test_a_name_says_what_it_is_of(start: float, end: float, form: ClipForm) -> None:
    name = Named(stretch(start, end), form)
    assert named(name.file) == (name, form.suffix.lstrip("."))
    assert named(f"{name.stem}.vtt") == (name, "vtt")


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../x", "0-2-lyd", "0-2-lyd.m4a/", "0-2-lyd.m4a\n", "00-2-lyd.m4a", "0-2.0-lyd.m4a", "0-2-x.mp4",
        "0-2-burned.mp4", "0--2-lyd.m4a", "1e3-2-lyd.m4a", "0-2-lyd.M4A", "٣-4-lyd.m4a", "0-2-lyd.m4a\0", "1.2.3-4-lyd.m4a",
    ],
)  # fmt: skip
def test_other_names_are_none(name: str) -> None:
    assert named(name) is None


@given(st.text(max_size=40))
def test_any_name_is_ours_or_none(name: str) -> None:
    found = named(name)
    assert found is None or name == f"{found[0].stem}.{found[1]}"


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (2.0, 2.5, Why.ORDER),
        (3.0, 2.0, Why.ORDER),
        (0.0, 300.01, Why.LONG),
        (3.5, 6.0, Why.WITHHELD),
        (0.0, 5.0, Why.WITHHELD),
        (6.0, 12.0, Why.WITHHELD),
        (6.0, 8.5, Why.ACROSS),
        (8.2, 9.0, Why.ORDER),
        (17.5, 19.0, Why.NOWHERE),
        (400.0, 460.0, Why.NOWHERE),
    ],
)
def test_what_is_not_cut(built: Built, start: float, end: float, why: Why) -> None:
    meeting = published_meeting(built.catalogue, MAIN)
    assert meeting
    with pytest.raises(Refused) as refused:
        recording_of(meeting, Stretch(start, end))
    assert refused.value.why is why


def test_what_is_cut_lies_in_one_recording(built: Built) -> None:
    meeting = published_meeting(built.catalogue, MAIN)
    assert meeting
    assert recording_of(meeting, Stretch(0.0, 4.0)).ordinal == 1
    assert recording_of(meeting, Stretch(6.0, 8.0)).ordinal == 1
    assert recording_of(meeting, Stretch(12.0, 17.0)).ordinal == 2


@pytest.mark.parametrize("meeting_id", [TEXT_ONLY, STALE])
def test_nothing_is_cut_where_nothing_may_be_played(built: Built, meeting_id: str) -> None:
    meeting = published_meeting(built.catalogue, meeting_id)
    assert meeting
    with pytest.raises(Refused) as refused:
        recording_of(meeting, Stretch(0.0, 3.0))
    assert refused.value.why is Why.NOWHERE
