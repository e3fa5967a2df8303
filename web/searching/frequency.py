"""How often something was said, and in what share of the spoken time, by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import BoundedSemaphore

from catalogue import EngineError
from search import Hit, SearchRequest
from web.archive import Archive, Listed
from web.lru import Lru
from web.site import Site
from web.spoken_time import SpokenTime

MOST_READ = 1_000  # places whose words are read; of more, the time is worked out from these
PAGE = 100
MOST_MONTHS = 240  # the newest twenty years
PATIENCE = 3.0  # seconds in which meetings are read whose spoken time is not known yet
KEPT = 64  # searches
AT_ONCE = 2  # that are worked out at the same time
WAIT = 10.0  # seconds for one's turn


@dataclass(frozen=True, slots=True)
class Month:
    """`places` where it was said, the `seconds` of the sentences that have it, the `spoken` seconds of all `meetings`."""

    first: date
    places: int
    seconds: float
    spoken: float
    meetings: int

    @property
    def share(self) -> float:
        return min(1.0, self.seconds / self.spoken) if self.spoken else 0.0


@dataclass(frozen=True, slots=True)
class Frequency:
    """By month, every month from the first with a meeting to the last; `meetings` and `spoken` say what it covers.

    `estimated`: there are more places than were read, and their seconds are as many as those of the newest have on the
    average. `undated` meetings are in no month; `uncounted` ones have not been read yet, `earlier` ones are of months
    before the first. `relaxed`: no place has all the words, so nothing is counted.
    """

    months: tuple[Month, ...]
    places: int
    seconds: float
    meetings: int
    spoken: float
    estimated: bool
    undated: int
    uncounted: int
    earlier: int
    relaxed: bool

    @property
    def share(self) -> float:
        return min(1.0, self.seconds / self.spoken) if self.spoken else 0.0


@dataclass(frozen=True, slots=True)
class _Counted:
    """By meeting: the places, and the seconds in them."""

    places: Mapping[str, int]
    seconds: Mapping[str, float]
    estimated: bool = False
    relaxed: bool = False


class OverTime:
    """Frequencies, remembered until any meeting changes. Safe to share between threads."""

    def __init__(self, spoken: SpokenTime) -> None:
        self._spoken = spoken
        self._known: Lru[tuple[object, ...], Frequency] = Lru(KEPT)
        self._room = BoundedSemaphore(AT_ONCE)

    def of(self, site: Site, asked: SearchRequest) -> Frequency:
        """Raises `EngineError` where too many are being worked out."""
        asked = replace(asked, sort="newest", page=1, per_page=PAGE, grouped=False, facets=False, why=False)
        revisions, waiting = site.archive.revisions(), site.archive.waiting()
        moment = (asked, hash(frozenset(revisions.items())), hash(waiting))
        known = self._known.known(moment)
        if known is not None:
            return known
        if not self._room.acquire(timeout=WAIT):
            raise EngineError("too many frequencies are being worked out", remedy="Try again in a while.")
        try:
            made = self._made(site, asked, revisions, waiting)
        finally:
            self._room.release()
        return made if made.uncounted else self._known.get(moment, lambda: made)

    def _made(
        self, site: Site, asked: SearchRequest, revisions: Mapping[str, int], waiting: frozenset[str]
    ) -> Frequency:
        meetings = _meetings(site.archive, asked)
        dated = [m for m in meetings if m.date is not None]
        spoken = self._spoken.of([m.id for m in dated], revisions, PATIENCE)
        counted = _counted(site, asked, waiting)
        months = _by_month([m for m in dated if m.id in spoken], spoken, counted)
        shown = months[-MOST_MONTHS:]
        return Frequency(
            months=shown,
            places=sum(m.places for m in shown),
            seconds=sum(m.seconds for m in shown),
            meetings=sum(m.meetings for m in shown),
            spoken=sum(m.spoken for m in shown),
            estimated=counted.estimated,
            undated=len(meetings) - len(dated),
            uncounted=sum(m.id not in spoken for m in dated),
            earlier=sum(m.meetings for m in months[:-MOST_MONTHS]),
            relaxed=counted.relaxed,
        )


def _meetings(archive: Archive, asked: SearchRequest) -> list[Listed]:
    """The public meetings that the search is within; of speakers, parties and items a meeting has all it has."""
    within = {*asked.meeting, *(section.rpartition("/")[0] for section in asked.section)}
    return [
        m
        for m in archive.meetings()
        if (not asked.municipality or m.municipality in asked.municipality)
        and (not asked.body or m.body in asked.body)
        and (not within or m.id in within)
        and (asked.from_ is None or (m.date is not None and m.date >= asked.from_))
        and (asked.to is None or (m.date is not None and m.date <= asked.to))
    ]


def _counted(site: Site, asked: SearchRequest, waiting: frozenset[str]) -> _Counted:
    """Of a thousand places at most every one is looked at; of more the engine's count is taken, less what has changed
    since it was indexed."""
    first = site.search(asked)
    if first.relaxed or not first.total:
        return _Counted({}, {}, relaxed=first.relaxed)
    pages = range(2, -(-min(first.total, MOST_READ) // PAGE) + 1)
    hits = [*first.hits, *(hit for page in pages for hit in site.search(replace(asked, page=page)).hits)]
    said = [(hit.passage.meeting, lasted) for hit in hits if (lasted := seconds_said(hit)) > 0]
    if first.total > MOST_READ and said:
        places = {
            m: n
            for m, n in site.engine.by_meeting(site.still_public.asked(asked)).items()
            if m not in waiting
        }
        usual = sum(lasted for _, lasted in said) / len(hits)
        return _Counted(places, {m: n * usual for m, n in places.items()}, estimated=True)
    places, seconds = defaultdict[str, int](int), defaultdict[str, float](float)
    for meeting, lasted in said:
        places[meeting] += 1
        seconds[meeting] += lasted
    return _Counted(places, seconds)


def seconds_said(hit: Hit) -> float:
    """The length of the sentences of a hit that have what was looked for; none where only a title has it."""
    sentences = hit.passage.sentences
    ends = [begin for begin, _, _ in sentences[1:]] + [len(hit.passage.text) + 1]
    return sum(
        max(0.0, end - start)
        for (begin, start, end), last in zip(sentences, ends, strict=True)
        if any(a < last and b > begin for a, b in hit.highlights)
    )


def _by_month(
    meetings: Iterable[Listed], spoken: Mapping[str, float], counted: _Counted
) -> tuple[Month, ...]:
    of_month = defaultdict[date, list[Listed]](list)
    for meeting in meetings:
        if meeting.date is not None:
            of_month[meeting.date.replace(day=1)].append(meeting)
    return tuple(_month(first, of_month.get(first, []), spoken, counted) for first in _every_month(of_month))


def _month(first: date, meetings: list[Listed], spoken: Mapping[str, float], counted: _Counted) -> Month:
    return Month(
        first,
        sum(counted.places.get(m.id, 0) for m in meetings),
        sum(counted.seconds.get(m.id, 0.0) for m in meetings),
        sum(spoken[m.id] for m in meetings),
        len(meetings),
    )


def _every_month(some: Iterable[date]) -> list[date]:
    """All months from the first to the last."""
    numbers = [day.year * 12 + day.month - 1 for day in some]
    if not numbers:
        return []
    return [date(n // 12, n % 12 + 1, 1) for n in range(min(numbers), max(numbers) + 1)]
