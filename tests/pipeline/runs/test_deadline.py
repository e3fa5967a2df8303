"""`--until HH:MM`: the next time that the clock on the wall shows it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
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


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.times())
def test_it_is_always_ahead_and_within_a_day(now: datetime, at: object) -> None:
    then = next_time(f"{at:%H:%M}", now)
    assert now - timedelta(hours=1) <= then <= now + timedelta(hours=25)
    assert then.tzinfo is not None


@pytest.mark.parametrize("text", ["25:00", "six", "6", "", "06:00:00"])
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(InputError, match="not a time of day"):
        next_time(text, datetime.now(UTC))
