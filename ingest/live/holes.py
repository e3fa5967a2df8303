"""What is missing between the segments that are here: stretches without a break, and the holes between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from catalogue import GapReason
from ingest.live.journal import Missed, Taken

# By its dates a sender stood still: less is how playlists round the lengths of their segments.
LEAST_PAUSE = 2.0  # seconds
MOST_LOST = 24 * 3600.0  # a clock that jumps further was set, and tells nothing of what is missing


@dataclass(frozen=True, slots=True)
class Hole:
    """Some of the meeting that is not here. `lost` in seconds, None where that is not known."""

    lost: float | None
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Stretch:
    """Segments that follow each other without a break, and what is missing before them."""

    segments: tuple[Taken, ...]
    before: Hole | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A recording in order; `after` is what is missing at its end."""

    stretches: tuple[Stretch, ...]
    after: Hole | None = None

    @property
    def holes(self) -> tuple[Hole, ...]:
        found = (*(stretch.before for stretch in self.stretches), self.after)
        return tuple(hole for hole in found if hole is not None)


def lay_out(part: Iterable[Taken | Missed], before: Taken | None = None) -> Layout:
    """`part` is in the sender's order; `before` is the last segment of the recording before this one."""
    stretches: list[Stretch] = []
    row: list[Taken] = []
    usual: list[float] = []
    missed: list[Missed] = []
    hole, last = None, before
    for entry in part:
        if isinstance(entry, Missed):
            missed.append(entry)
            continue
        found = _between(last, missed, entry, usual)
        if row and (found or _breaks(row[-1], entry)):
            stretches.append(Stretch(tuple(row), hole))
            row = []
        if not row:
            hole = found
        row.append(entry)
        usual.append(entry.piece.duration)
        missed, last = [], entry
    if row:
        stretches.append(Stretch(tuple(row), hole))
    after = Hole(_until_end(last, missed), missed[0].why) if missed else None
    return Layout(tuple(stretches), after)


def _until_end(last: Taken | None, missed: Sequence[Missed]) -> float:
    """Seconds from the last segment that is here to the end of the last that is missing."""
    end = missed[-1].mark
    if last and last.mark.date and end.date:
        between = (end.date - last.mark.date).total_seconds() + end.seconds - last.piece.duration
        if 0 < between < MOST_LOST:
            return between
    return sum(m.mark.seconds for m in missed)


def _breaks(last: Taken, now: Taken) -> bool:
    """Whether the clock inside the segments, or what they are coded with, may change here."""
    return (
        last.run != now.run
        or now.piece.discontinuity
        or last.piece.header != now.piece.header
        or (last.sound is None) != (now.sound is None)
        or (now.sound is not None and last.sound is not None and last.sound.header != now.sound.header)
    )


def _between(last: Taken | None, missed: Sequence[Missed], now: Taken, usual: Sequence[float]) -> Hole | None:
    """What is missing between two segments that are here; `usual` are the lengths of those before."""
    if last is None:
        return Hole(_until_begun(missed, now), missed[0].why) if missed else None
    dated = _by_dates(last, now)
    if last.run != now.run:
        if dated is not None and dated < LEAST_PAUSE and not missed:
            return None  # it began anew at once
        stopped = now.after is GapReason.STOPPED
        return Hole(dated, GapReason.STOPPED if stopped else GapReason.RESTARTED)
    skipped = now.number - last.number - 1
    if skipped > 0:
        unnamed = (skipped - len(missed)) * median(usual or [now.piece.duration])
        counted = sum(m.mark.seconds for m in missed) + unnamed
        reason = missed[0].why if missed else now.after or GapReason.SENDER
        return Hole(counted if dated is None else dated, reason)
    if dated is not None:
        return Hole(dated, GapReason.PAUSED) if dated >= LEAST_PAUSE else None
    return Hole(None, GapReason.PAUSED) if now.after is GapReason.PAUSED else None


def _until_begun(missed: Sequence[Missed], now: Taken) -> float:
    """Seconds from the first segment that is missing to the first that is here."""
    first = missed[0].mark.date
    if first and now.mark.date and 0 < (between := (now.mark.date - first).total_seconds()) < MOST_LOST:
        return between
    return sum(m.mark.seconds for m in missed)


def _by_dates(last: Taken, now: Taken) -> float | None:
    """Seconds between two segments by the sender's own clock; None where it does not tell, or went backwards."""
    if last.mark.date is None or now.mark.date is None:
        return None
    between = (now.mark.date - last.mark.date - timedelta(seconds=last.piece.duration)).total_seconds()
    return max(0.0, between) if -LEAST_PAUSE < between < MOST_LOST else None
