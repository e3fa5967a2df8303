"""How long is spoken in each meeting, in public: what a share of the spoken time is a share of."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from threading import Lock

from catalogue import Catalogue, EngineError, UnknownMeeting, published_meeting


class SpokenTime:
    """Seconds of public speech by meeting, remembered until the meeting changes. Safe to share between threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, tuple[int, float]] = {}  # by meeting: the revision, and the seconds at it
        self._lock = Lock()

    def of(self, meetings: Iterable[str], revisions: Mapping[str, int], patience: float) -> dict[str, float]:
        """The seconds of these meetings at these revisions. Those that would take longer than `patience` seconds to
        read are left out; the next one to ask finds more."""
        until, found = time.monotonic() + patience, dict[str, float]()
        for meeting in meetings:
            revision = revisions.get(meeting)
            if revision is None:
                continue
            with self._lock:
                known = self._known.get(meeting)
            if known is not None and known[0] == revision:
                found[meeting] = known[1]
            elif time.monotonic() < until:
                found[meeting] = self._read(meeting, revision)
        return found

    def learn(self) -> None:
        """All meetings, for a thread of its own after a start: some hundredths of a second each."""
        try:
            revisions = self._catalogue.revisions()
            self.of(revisions, revisions, float("inf"))
        except EngineError:
            return  # who looks later is told, and learns

    def _read(self, meeting: str, revision: int) -> float:
        try:
            public = published_meeting(self._catalogue, meeting, words=False)
        except UnknownMeeting:
            public = None
        seconds = sum(s.end - s.start for s in public.sentences) if public else 0.0
        with self._lock:
            self._known[meeting] = (revision, seconds)
        return seconds
