"""Bars by month: where each stands in a drawing that is as wide as there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

HEIGHT = 120  # pixels of the highest bar
FULL = 0.8  # of a month's width
YEARS_WRITTEN, MONTHS_WRITTEN = 6, 4  # at most, so that they do not run into each other on a phone
FEW_MONTHS = 24
NO_ROOM = 80  # percent; a name that begins further on would be cut off


@dataclass(frozen=True, slots=True)
class Bar:
    """A month's bar: `x` and `width` in percent, `top` and `height` in pixels; `none` where there was no meeting."""

    x: str
    width: str
    top: str
    height: str
    none: bool


@dataclass(frozen=True, slots=True)
class Label:
    """Where a month stands; `year` where it is the beginning of one, and only that is written. `at_end`: it ends at `x`."""

    x: str
    first: date
    year: int | None
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    most: float
    most_at: date


def chart(months: Sequence[tuple[date, float | None]]) -> Chart | None:
    """A drawing of values by month, None for a month without meetings; nothing to draw where all are 0."""
    values = [(value or 0.0, first) for first, value in months]
    most, at = max(values, key=lambda pair: pair[0], default=(0.0, date.min))
    if most <= 0:
        return None
    step = 100 / len(months)
    bars = [_bar(n, step, value, most) for n, (_, value) in enumerate(months)]
    return Chart(tuple(bars), tuple(_labels([first for first, _ in months], step)), most, at)


def _bar(n: int, step: float, value: float | None, most: float) -> Bar:
    height = HEIGHT if value is None else HEIGHT * value / most
    width = step if value is None else step * FULL
    left = n * step + (step - width) / 2
    return Bar(f"{left:.3f}%", f"{width:.3f}%", f"{HEIGHT - height:.1f}", f"{height:.1f}", value is None)


def _labels(months: list[date], step: float) -> Iterator[Label]:
    """Of a long time the years, of a short one some of its months."""
    if len(months) <= FEW_MONTHS:
        for n in range(0, len(months), -(-len(months) // MONTHS_WRITTEN)):
            at_end = n * step > NO_ROOM
            yield Label(f"{(n + at_end) * step:.3f}%", months[n], None, at_end)
        return
    begun = [n for n, month in enumerate(months) if month.month == 1]
    for n in begun[:: -(-len(begun) // YEARS_WRITTEN)]:
        yield Label(f"{n * step:.3f}%", months[n], months[n].year)
