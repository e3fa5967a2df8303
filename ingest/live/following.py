"""Which of the segments that a live stream names are new: through jumps, stale answers and senders that begin anew.

Numbers (media sequence) count from anywhere, and again from 0 where a sender begins anew: a segment is known by its
`run`, which counts those beginnings, and its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.live.listing import Listed, Listing

# A cache in front of the sender may answer with what was true a moment ago. So many segments behind it is
# no cache any more, once the answer grows: the sender has begun anew.
STALE_SEGMENTS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """What a segment is recognised by beside its number: by its date where it has one, else by its name and length."""

    name: str
    seconds: float
    date: datetime | None

    def same(self, other: Mark) -> bool:
        if self.date is not None and other.date is not None:
            return abs(self.date - other.date) < timedelta(seconds=max(self.seconds, 0.2) / 2)
        return (self.name, round(self.seconds, 3)) == (other.name, round(other.seconds, 3))


@dataclass(frozen=True, slots=True)
class Due:
    """A segment to fetch."""

    run: int
    listed: Listed

    @property
    def place(self) -> tuple[int, int]:
        return self.run, self.listed.number


def mark_of(listed: Listed) -> Mark:
    """The name is the last part of the address: what comes before may hold a token that expires."""
    name = PurePosixPath(urlsplit(listed.piece.url).path).name
    return Mark(f"{name} {listed.piece.span or ''}", listed.piece.duration, listed.date)


class Following:
    """What has been named so far. Begun with what an earlier recorder knew, it goes on from there; what is known of
    runs before `run` was another address's, and tells nothing of this one."""

    def __init__(
        self, from_now: bool = False, known: Iterable[tuple[int, int, Mark]] = (), run: int = 0
    ) -> None:
        self._from_now, self.run = from_now, run
        self._known: dict[int, Mark] = {}  # of this run, by number
        self._earlier: list[dict[int, Mark]] = []  # the same of the runs before
        self._behind: int | None = None  # the last number of an answer that was far behind
        ours = (one for one in known if one[0] >= run)
        for of, number, mark in sorted(ours, key=lambda one: one[:2]):
            if of != self.run:
                self._earlier.append(self._known)
                self.run, self._known = of, {}
            self._known[number] = mark

    def new_in(self, listing: Listing) -> tuple[Due, ...]:
        """The segments not seen before, in order."""
        segments = listing.segments
        if not segments or self._of_earlier_run(segments):
            return ()
        if not self._known:
            fresh: Sequence[Listed] = segments[-1:] if self._from_now else segments
        elif self._begun_anew(segments):
            fresh = segments[self._carried_over(segments) :]
            self._earlier.append(self._known)
            self.run, self._known, self._behind = self.run + 1, {}, None
        else:
            last = max(self._known)
            fresh = [one for one in segments if one.number > last]
        self._known |= {one.number: mark_of(one) for one in fresh}
        return tuple(Due(self.run, one) for one in fresh)

    def _of_earlier_run(self, segments: Sequence[Listed]) -> bool:
        """Whether a cache still answers with what the sender named before it began anew."""
        marks = [(one.number, mark_of(one)) for one in segments]
        if any(number in self._known and self._known[number].same(mark) for number, mark in marks):
            return False
        return any(
            number in known and known[number].same(mark) for known in self._earlier for number, mark in marks
        )

    def _begun_anew(self, segments: Sequence[Listed]) -> bool:
        """Whether these are of another run of the sender than what is known."""
        last, newest = max(self._known), segments[-1]
        both = [(self._known[one.number], mark_of(one)) for one in segments if one.number in self._known]
        if both and not any(known.same(now) for known, now in both):
            return True
        if newest.number >= last:
            self._behind = None
            return False
        then = self._known[last].date
        if newest.date is not None and then is not None:
            return newest.date > then
        return self._far_behind(last, newest.number, len(segments))

    def _far_behind(self, last: int, newest: int, count: int) -> bool:
        """Without dates: far behind, and growing. What an old cache holds is behind and stays as it is."""
        if last - newest <= max(count, STALE_SEGMENTS):
            return False
        before, self._behind = self._behind, newest
        return before is not None and newest > before

    def _carried_over(self, segments: Sequence[Listed]) -> int:
        """How many of the first segments are the last ones known, under other numbers."""
        known = [mark for _, mark in sorted(self._known.items())]
        for count in range(min(len(segments), len(known)), 0, -1):
            if all(a.same(mark_of(b)) for a, b in zip(known[-count:], segments[:count], strict=True)):
                return count
        return 0
