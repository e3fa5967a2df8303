"""Readers are told what is known to be missing, and no length that nobody gave."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalogue import Arrival, Incomplete, Lack, Recording, RecordingKind, Version
from catalogue.published_wholeness import incomplete


@pytest.mark.parametrize(
    ("what", "announced", "duration", "growing", "told"),
    [
        ("", None, 60.0, False, None),
        ("", 120.0, 60.0, False, None),  # what the source announces was held against what came of it
        ("half", 120.0, 60.0, False, Incomplete(Lack.SHORT, 120.0)),
        ("half", 120.0, None, False, Incomplete(Lack.PARTS)),
        ("holes", None, 60.0, False, Incomplete(Lack.PARTS)),
        ("holes", 61.0, 60.0, False, Incomplete(Lack.PARTS)),
        ("", None, 60.0, True, Incomplete(Lack.GROWING)),
        ("half", 120.0, 60.0, True, Incomplete(Lack.GROWING)),
    ],
)
def test_what_is_told(
    what: str, announced: float | None, duration: float | None, growing: bool, told: Incomplete | None
) -> None:
    one = Recording(
        "m-1", 1, RecordingKind.HLS, "a", 0.0, duration=duration, announced=announced, incomplete=what
    )
    arrival = Arrival("m-1", Version(), datetime(2026, 3, 4, tzinfo=UTC), growing=growing)
    assert incomplete(one, arrival) == told
    assert growing or incomplete(one, None) == told
