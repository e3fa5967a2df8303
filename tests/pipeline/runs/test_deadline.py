"""`--until HH:MM`: the next time that the clock on the wall shows it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import InputError
from pipeline.runs.deadline import next_time


@pytest.fixture(autouse=True)
def _in_denmark(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Copenhagen")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("now", "until", "then"),
    [
        (datetime(2026, 11, 26, 19, 0, tzinfo=UTC), "06:00", datetime(2026, 11, 27, 5, 0, tzinfo=UTC)),
        (datetime(2026, 11, 27, 1, 0, tzinfo=UTC), "06:00", datetime(2026, 11, 27, 5, 0, tzinfo=UTC)),
        # The night when the clocks are set forward, and the one when they are set back.
        (datetime(2026, 3, 28, 21, 0, tzinfo=UTC), "06:00", datetime(2026, 3, 29, 4, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 20, 0, tzinfo=UTC), "06:00", datetime(2026, 10, 25, 5, 0, tzinfo=UTC)),
    ],
)
def test_the_night_ends_when_the_clock_says_so(now: datetime, until: str, then: datetime) -> None:
    assert next_time(until, now) == then


@pytest.mark.parametrize(
    ("now", "until", "then"),
    [
        # 02:15 comes twice, at 00:15 and at 01:15 UTC.
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), "02:15", datetime(2026, 10, 25, 0, 15, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:15", datetime(2026, 10, 25, 1, 15, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), "02:15", datetime(2026, 10, 25, 1, 15, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 20, tzinfo=UTC), "02:15", datetime(2026, 10, 26, 1, 15, tzinfo=UTC)),
        # 02:30 does not come: at 01:00 UTC the clock goes from 02:00 to 03:00.
        (datetime(2026, 3, 29, 0, 10, tzinfo=UTC), "02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 1, 10, tzinfo=UTC), "02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 1, 40, tzinfo=UTC), "02:30", datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
    ],
)
def test_in_the_hour_when_the_clock_changes_it_is_the_next_moment_that_shows_it(
    now: datetime, until: str, then: datetime
) -> None:
    assert next_time(until, now) == then


CHANGES = [
    datetime(year, month, day, 1, tzinfo=UTC)
    for year, month, day in ((2025, 3, 30), (2025, 10, 26), (2026, 3, 29), (2026, 10, 25))
]
NEAR_A_CHANGE = st.builds(
    lambda change, seconds: change + timedelta(seconds=seconds),
    st.sampled_from(CHANGES),
    st.integers(-30 * 3600, 30 * 3600),
)
ANY_MOMENT = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@settings(max_examples=200)
@given(NEAR_A_CHANGE | ANY_MOMENT, st.times())
def test_it_is_ahead_and_the_first_moment_that_shows_that_time(now: datetime, at: clock_time) -> None:
    asked = f"{at:%H:%M}"
    then = next_time(asked, now)
    assert now < then <= now + timedelta(hours=25)
    assert then.tzinfo is not None
    assert asked in (_shown(then), _left_out(then))
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while minute < then:
        assert _shown(minute) != asked
        minute += timedelta(minutes=1)


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M}"


def _left_out(moment: datetime) -> str:
    """In the hour after the clock was set forward, what it would have shown without that: a time that never came."""
    before = moment.astimezone(UTC) - timedelta(hours=1)
    forward = moment.month == 3 and before.astimezone().utcoffset() != moment.astimezone().utcoffset()
    return f"{before.astimezone() + timedelta(hours=1):%H:%M}" if forward else ""


@pytest.mark.parametrize("text", ["25:00", "six", "6", "", "06:00:00"])
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(InputError, match="not a time of day"):
        next_time(text, datetime.now(UTC))
