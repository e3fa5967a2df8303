"""A stretch of a meeting, as an address asks for it: `fra` and `til` in seconds, `v` the version of the text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from starlette.datastructures import QueryParams

from web.moments import LONGEST, parse_moment
from web.search_query import BadParameter

LONGEST_QUOTE = 300.0  # seconds
SLACK = 0.05  # seconds that a stretch may share with a sentence that is not meant


class TooLong(BadParameter):
    """More is asked for than a quote may be."""

    def __init__(self, start: float) -> None:
        self.start = start
        super().__init__(
            "longer than a quote may be", where="til", remedy=f"At most {LONGEST_QUOTE:.0f} seconds."
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` up to `end`, in seconds on the meeting's clock, rounded as they stand in an address."""

    start: float
    end: float

    def has_word(self, start: float, end: float) -> bool:
        """Whether a word said in that time is meant: its middle decides."""
        return self.start - 1e-6 <= (start + end) / 2 < self.end

    def has_sentence(self, start: float, end: float) -> bool:
        """Whether a sentence said in that time is meant, whose words have no times: it shares more with the stretch
        than rounding does, or lies in it."""
        return min(end, self.end) - max(start, self.start) > SLACK or self.has_word(start, end)


def parse_stretch(params: QueryParams, begin: str = "fra", end: str = "til") -> tuple[float, float | None]:
    """The two seconds; None for an end that is not given. Raises `BadParameter`, and `TooLong`."""
    start = _moment(params, begin)
    if start is None:
        raise BadParameter("a second is missing", where=begin, remedy=f"Write it as {begin}=745.2.")
    until = _moment(params, end)
    if until is not None and until <= start:
        raise BadParameter("not after the beginning", where=end, remedy=f"Give an {end} after {begin}.")
    if until is not None and until - start > LONGEST_QUOTE:
        raise TooLong(start)
    return start, until


def parse_sentences(params: QueryParams) -> tuple[float, float]:
    """The seconds at which the first and the last of some sentences begin (`from`, `to`); one where only the first
    is given. Raises `BadParameter`, and `TooLong`."""
    first = _moment(params, "from")
    if first is None:
        raise BadParameter("a second is missing", where="from", remedy="Write it as from=745.2.")
    last = _moment(params, "to")
    if last is None or last == first:
        return first, first
    if last < first:
        raise BadParameter("before the beginning", where="to", remedy="Give a to that is not before from.")
    if last - first > LONGEST_QUOTE:
        raise TooLong(first)
    return first, last


def stretch(start: float, end: float) -> Stretch:
    """The stretch of an address, not empty and not longer than a quote may be. Rounded outwards: a hundredth more
    loses no word."""
    begin = math.floor(start * 100 + 1e-6) / 100
    until = math.ceil(end * 100 - 1e-6) / 100
    return Stretch(begin, min(max(until, begin + 0.01), begin + LONGEST_QUOTE))


def _moment(params: QueryParams, name: str) -> float | None:
    text = params.get(name, "").strip()
    if not text:
        return None
    moment = parse_moment(text)
    if moment is None or moment >= LONGEST:
        raise BadParameter("not a second of a meeting", where=name, remedy=f"Write it as {name}=745.2.")
    return round(moment, 2)
