"""A live stream to disk, segment by segment, until it ends: through all that comes between."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import Event

from catalogue import DiskFull, GapReason, Settings, SourceError, free_bytes, told_when_full
from ingest.hls import Renditions, choose_renditions
from ingest.http import CutTransfer, HttpFailure, Web
from ingest.live.arriving import Arriving
from ingest.live.following import Due, Following, mark_of
from ingest.live.growing import Growing
from ingest.live.holes import Hole, Layout, lay_out
from ingest.live.joining import room_needed
from ingest.live.journal import Journal, Missed, Taken
from ingest.live.listing import Listing, followable, read_listing

ANSWER_SECONDS = (
    10.0  # a server may be silent: a live playlist holds three segments, often 18 s, and moves on
)
LEAST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds between two questions; longer, and segments go by unseen
SEGMENT_PATIENCE = 60.0  # seconds a named segment is tried: servers keep them that long after naming them
TRIES_UNNAMED = (
    4  # of a segment that is named no more: most servers keep it as long as the playlist is (6.2.2)
)
TRIED_AT_ONCE = 2  # transfers that break off in a row before the server is left in peace
FORGOTTEN_AFTER = 3  # failures in a row, and the address is read anew from the master playlist
STALLED_SECONDS = 60.0  # without anything new it is a pause, not a slow sender
ROOM_LEFT = (
    1 << 28
)  # bytes beside what joining takes and what is kept free: for the segments that are on their way


class End(StrEnum):
    """Why a recording ended."""

    STREAM = "stream"  # the sender says so
    TIME = "time"  # the time that was asked for
    STOPPED = "stopped"  # by a person
    SILENT = "silent"  # nothing new for longer than patience
    DISK = "disk"  # no room for more
    LIMIT = "limit"  # longer or larger than a recording may be


@dataclass(frozen=True, slots=True)
class State:
    """How far a recording is. `newest` is when its last second was sent (else: arrived); `trouble` is what keeps it
    from going on, empty where nothing does. `free` bytes are left on the disk."""

    seconds: float
    newest: datetime | None
    holes: tuple[Hole, ...]
    size: int
    free: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What to record and how long. `patience` in seconds without anything new."""

    url: str
    patience: float
    from_now: bool = False
    until: datetime | None = None


class Recorder:
    """Records one stream into one folder, whose journal was begun for it. What the folder holds already is gone on with."""

    def __init__(
        self,
        asked: Asked,
        folder: Path,
        settings: Settings,
        now: Callable[[], datetime],
        stop: Event,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        self._asked, self._folder, self._now, self._stop, self._free = asked, folder, now, stop, free
        timeout = min(ANSWER_SECONDS, settings.http_timeout)
        self._settings = settings.model_copy(update={"http_timeout": timeout})
        self._web = Web(self._settings)
        self.journal = Journal(folder / "journal.jsonl")
        self._after: GapReason | None = GapReason.STOPPED if self.journal.known else None
        run = self.journal.opened.run if self.journal.opened else 0
        self._following = Following(asked.from_now, self.journal.known, run)
        self._arriving = Arriving(folder, self._web, settings.max_download_bytes)
        self._growing = Growing(folder / "live.m3u8", self.journal.part)
        self._at: Renditions | None = None
        self._pending: dict[tuple[int, int], tuple[Due, float]] = {}  # and when it was first tried
        self._unnamed: dict[tuple[int, int], int] = {}  # how often each was tried since
        self._failures, self._trouble, self._target = 0, "", 2.0
        self._heard = self._moved = time.monotonic()  # when the server answered, and said something new
        self._seconds = sum(e.piece.duration for e in self._taken)
        self._size = sum(e.size for e in self._taken)
        self._full = False
        self._layout: tuple[int, Layout] | None = None

    def close(self) -> None:
        self.journal.close()
        self._web.close()

    @property
    def _taken(self) -> list[Taken]:
        return [entry for entry in self.journal.part if isinstance(entry, Taken)]

    @property
    def layout(self) -> Layout:
        """What is here, in order, and what is missing."""
        count = len(self.journal.all)
        if self._layout is None or self._layout[0] != count:
            self._layout = count, lay_out(self.journal.part, self.journal.before)
        return self._layout[1]

    def record(self, show: Callable[[State], None]) -> End:
        """Go on until the end; `show` is told after each question. Raises `SourceError` and `InputError` where the
        address cannot be a stream, before anything is recorded."""
        while True:
            listing = self._ask()
            fresh = self._read(listing) if listing else ()
            self._fetch(listing)
            ended = self._end(listing)
            show(self.state)
            if ended:
                with suppress(DiskFull):  # what is here is whole
                    self._give_up_pending()
                    with told_when_full():
                        self._growing.finish()
                return ended
            self._stop.wait(self._wait(bool(fresh), listing is not None))

    @property
    def state(self) -> State:
        newest = self._taken[-1] if self.journal.part and self._taken else None
        when = None
        if newest:
            sent = newest.mark.date
            when = sent + timedelta(seconds=newest.piece.duration) if sent else newest.arrived
        free = self._free(self._folder)
        return State(self._seconds, when, self.layout.holes, self._size, free, self._trouble)

    # Asking -------------------------------------------------------------------------------------------

    def _ask(self) -> Listing | None:
        """The playlists as they are now; None where they cannot be had."""
        try:
            if self._at is None:
                at = choose_renditions(self._asked.url, self._web, self._settings.max_document_bytes)
                self._at = followable(at, self._web, self._settings)
            listing = read_listing(self._at, self._web, self._settings)
        except SourceError as error:
            self._failed(error)
            return None
        self._failures, self._trouble, self._target = 0, "", listing.target or self._target
        return listing

    def _failed(self, error: SourceError) -> None:
        passing = isinstance(error, HttpFailure | CutTransfer)
        if not passing and not self.journal.known and not self._pending:
            raise error
        self._failures += 1
        self._trouble = error.what
        if isinstance(error, HttpFailure) or self._failures % FORGOTTEN_AFTER == 0:
            self._at = None  # an address with a token that has expired leads nowhere
        if isinstance(error, CutTransfer) and self.journal.known and self._after is None:
            self._after = GapReason.CONNECTION

    def _read(self, listing: Listing) -> tuple[Due, ...]:
        fresh = self._following.new_in(listing)
        silent = time.monotonic() - self._moved
        if fresh:
            came = sum(due.listed.piece.duration for due in fresh)
            if silent > STALLED_SECONDS and came < silent / 2 and self._after is None:
                self._after = GapReason.PAUSED
            self._moved = time.monotonic()
        self._pending |= {due.place: (due, time.monotonic()) for due in fresh}
        self._renew(listing)
        return fresh

    def _renew(self, listing: Listing) -> None:
        """What still waits is fetched where it is named now: the address before may hold a token that has expired."""
        for listed in listing.segments:
            place = self._following.run, listed.number
            if place in self._pending:
                due, since = self._pending[place]
                if mark_of(due.listed).same(mark_of(listed)):
                    self._pending[place] = replace(due, listed=listed), since

    # Fetching -----------------------------------------------------------------------------------------

    def _fetch(self, listing: Listing | None) -> None:
        """Fetch what was named, oldest first; what cannot be had and is named no more is missing."""
        broken = 0
        for due, since in list(self._pending.values()):
            if broken == TRIED_AT_ONCE or not self._room():
                return
            try:
                self._take(due)
                broken = 0
            except DiskFull as error:
                self._full, self._trouble = True, error.what
                return
            except SourceError as error:
                self._trouble = error.what
                broken += isinstance(error, CutTransfer)
                named = listing is None or due.listed in listing.segments
                tries = self._unnamed[due.place] = self._unnamed.get(due.place, 0) + (not named)
                if tries == TRIES_UNNAMED or time.monotonic() - since > SEGMENT_PATIENCE:
                    self._miss(due)

    def _take(self, due: Due) -> None:
        """Raises `SourceError`, and `DiskFull` where nothing more can be written."""
        if due.listed.absent:
            self._miss(due, GapReason.SENDER)
            return
        with told_when_full():
            taken = self._arriving.take(due, self._now(), self._after)
            self.journal.write(taken)
            self._growing.add(taken)
        self._after = None
        self._seconds += taken.piece.duration
        self._size += taken.size
        del self._pending[due.place]

    def _miss(self, due: Due, why: GapReason = GapReason.CONNECTION) -> None:
        self.journal.write(Missed(due.run, due.listed.number, mark_of(due.listed), why))
        del self._pending[due.place]

    def _give_up_pending(self) -> None:
        for due, _ in list(self._pending.values()):
            try:
                self._take(due)
            except SourceError:
                self._miss(due)

    # Ending -------------------------------------------------------------------------------------------

    def _end(self, listing: Listing | None) -> End | None:
        if self._stop.is_set():
            return End.STOPPED
        if listing and listing.ended and not self._pending:
            return End.STREAM
        if self._asked.until and self._now() >= self._asked.until:
            return End.TIME
        if not self._room():
            return End.DISK
        limits = self._settings.max_hours * 3600, self._settings.max_download_bytes
        if self._seconds >= limits[0] or self._size >= limits[1]:
            return End.LIMIT
        return End.SILENT if time.monotonic() - self._moved > self._asked.patience else None

    def _room(self) -> bool:
        """Whether what is here can still be joined, and some more recorded."""
        if self._full:
            return False
        needed = room_needed(self.layout) + self._settings.keep_free_bytes + ROOM_LEFT
        return self._free(self._folder) > needed

    def _wait(self, fresh: bool, answered: bool) -> float:
        """A segment's length; half of it where nothing was new (RFC 8216, 6.3.4); after failures ever longer."""
        if not answered:
            return float(min(LEAST_WAIT * 2 ** min(self._failures, 10), LONGEST_WAIT))
        return min(max(self._target if fresh else self._target / 2, LEAST_WAIT), LONGEST_WAIT)


def names_of(entries: Sequence[Taken]) -> set[str]:
    """The files of these segments."""
    pieces = [piece for one in entries for piece in (one.piece, one.sound) if piece]
    beside = {name for p in pieces for name in (p.header, p.key.url if p.key else None) if name}
    return {piece.url for piece in pieces} | beside
