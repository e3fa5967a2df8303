"""What the pages know of the catalogue: only its public view, remembered until it changes."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import date
from threading import Lock

from catalogue import (
    Catalogue,
    Meeting,
    PublishedMeeting,
    UnknownMeeting,
    published_meeting,
    published_meetings,
)
from web.lru import Lru

MEETINGS_KEPT = 16  # the longest meeting takes about 20 MB with the times of its words
LIST_SECONDS = 1.0  # the list of meetings holds nothing but titles; it may be this old,
LIST_TIMES = 10  # or this many times as old as it takes to make (3 ms a meeting)
_ID = re.compile(r"[A-Za-z0-9._-]{1,140}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Revised:
    """A public meeting and the revision of the catalogue that it shows."""

    meeting: PublishedMeeting
    revision: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A public meeting as a list shows it."""

    id: str
    title: str
    date: date | None
    body: str
    municipality: str
    items: int
    duration: float | None  # of its recordings together; None where that is not known


class Archive:
    """The public meetings. Nothing else in `web` reads the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._meetings: Lru[tuple[str, int], PublishedMeeting | None] = Lru(MEETINGS_KEPT)
        self._list: tuple[Listed, ...] = ()
        self._list_until = float("-inf")
        self._list_lock = Lock()

    def meeting(self, meeting_id: str) -> Revised:
        """A public meeting; raises `UnknownMeeting` where there is none, or nothing of it is public."""
        # The revision is read first: what is then shown is at least that new.
        revision = self._catalogue.revision(meeting_id) if _ID.fullmatch(meeting_id) else None
        if revision is None:
            raise UnknownMeeting(meeting_id)
        public = self._meetings.get(
            (meeting_id, revision), lambda: published_meeting(self._catalogue, meeting_id)
        )
        if public is None:
            raise UnknownMeeting(meeting_id)
        return Revised(public, revision)

    def meetings(self) -> tuple[Listed, ...]:
        """The public meetings, newest first."""
        with self._list_lock:
            start = time.monotonic()
            if start >= self._list_until:
                self._list = tuple(_listed(meeting) for meeting in published_meetings(self._catalogue))
                end = time.monotonic()
                self._list_until = end + max(LIST_SECONDS, LIST_TIMES * (end - start))
            return self._list


def _listed(meeting: Meeting) -> Listed:
    return Listed(
        id=meeting.id,
        title=meeting.title,
        date=meeting.date,
        body=meeting.body,
        municipality=meeting.municipality,
        items=len(meeting.agenda.items),
        duration=sum(r.duration or 0.0 for r in meeting.recordings) or None,
    )
