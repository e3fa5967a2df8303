"""The public account of a recording has nothing from withheld time in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Interval, Part, TranscriptQuality
from catalogue.intervals import touches
from catalogue.published_quality import published_quality

seconds = st.integers(0, 1000).map(float)


def _ordered(times: list[float]) -> list[tuple[float, float]]:
    times = sorted(set(times))
    return list(zip(times[::2], times[1::2], strict=False))


parts = st.lists(seconds, max_size=12).map(
    lambda times: tuple(Part(start, end, "hole") for start, end in _ordered(times))
)
intervals = st.lists(seconds, max_size=6).map(
    lambda times: tuple(Interval(start, end) for start, end in _ordered(times))
)


@given(parts, parts, intervals, seconds)
def test_no_part_touches_withheld_time(
    gaps: tuple[Part, ...], doubtful: tuple[Part, ...], withheld: tuple[Interval, ...], offset: float
) -> None:
    heard = TranscriptQuality(1000.0, 900.0, gaps, doubtful, 90, (("hole", 4), ("loop", 1)), 2, 40.0)
    public = published_quality(heard, offset, withheld, spoken=700.0)
    for part in (*public.gaps, *public.doubtful):
        assert not touches(withheld, part.start, part.end)
    assert 0.0 <= public.covered <= 1.0
    assert public.partly == (public.windows is None) == (public.decoded_again is None)
    # Nothing that is withheld decides any figure.
    hidden = [Part(p.start - offset, p.end - offset, "stock") for p in withheld if p.start >= offset]
    worse = replace(heard, speech=950.0, gaps=tuple(sorted((*gaps, *hidden), key=lambda p: p.start)))
    if public.partly:
        assert published_quality(worse, offset, withheld, spoken=700.0) == public


def test_where_all_is_public_all_is_told() -> None:
    heard = TranscriptQuality(100.0, 80.0, (Part(1, 5, "empty"),), (), 9, (("hole", 2), ("loop", 1)), 0, 5.0)
    public = published_quality(heard, 10.0, (Interval(0, 9),), spoken=70.0)
    assert public.gaps == (Part(11, 15, "empty"),)
    assert (public.windows, public.decoded_again, public.partly) == (9, 3, False)
    assert public.covered == pytest.approx(0.95)
    assert public.speed == pytest.approx(20)
