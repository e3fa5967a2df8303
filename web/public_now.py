"""What is public at this very moment, cheap enough to ask with every letter that somebody types.

The catalogue is asked once for the revisions of all meetings; what is kept of a meeting is its public view at one
revision, brought down to what can be compared: hashes of what is said and entitled, and the titles of its items.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

import structlog

from catalogue import Catalogue, EngineError, UnknownMeeting, published_agenda, published_meeting
from search import Beginnings, EntitledItem, Passage, Word
from web.lru import Lru

MEETINGS_KEPT = 4_000  # of each 8 bytes a sentence
MOST_READ = (
    4  # meetings whose text is read for one answer; what they would confirm is left out until the next
)
MOST_AGENDAS = 25  # agendas that are read for one answer

log = structlog.get_logger("talerstolen.web")

Read = TypeVar("Read")
Place = tuple[str, int]  # a meeting's id and an item's position


@dataclass(frozen=True, slots=True)
class _Agenda:
    revision: int
    items: dict[int, EntitledItem]  # open ones, by position


class PublicNow:
    """Remembers until a meeting changes. Safe to share between threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._said: Lru[Place, array[int]] = Lru(MEETINGS_KEPT)
        # Both follow the catalogue; a meeting's items are in `_titles` by their places.
        self._agendas: dict[str, _Agenda] = {}
        self._titles = Beginnings[Place]()
        self._lock = Lock()

    def look(self) -> Moment:
        """The archive as it is now. After a start not all agendas are known yet; each look learns some."""
        unsettled = self._catalogue.outbox.withdrawing()
        revisions = self._catalogue.revisions()
        self._follow(revisions, MOST_AGENDAS)
        return Moment(self, revisions, unsettled)

    def learn(self) -> None:
        """All agendas at once: seconds for a thousand meetings, for a thread of its own after a start."""
        try:
            self._follow(self._catalogue.revisions(), None)
        except EngineError:
            return  # who looks later is told, and learns

    def said(self, meeting_id: str, revision: int, may_read: bool) -> Sequence[int] | None:
        """The hashes, in order, of all that is public in a meeting; None where it would have to be read first."""
        key = (meeting_id, revision)
        known = self._said.known(key)
        return (
            known
            if known is not None or not may_read
            else self._said.get(key, lambda: self._read(meeting_id))
        )

    def entitled(self, words: Sequence[Word]) -> list[tuple[int, EntitledItem]]:
        """Items whose titles have the words, each with the revision it was read at."""
        with self._lock:
            agendas = [(self._agendas[meeting], at) for meeting, at in self._titles.find(words)]
            return [(agenda.revision, agenda.items[at]) for agenda, at in agendas]

    def _read(self, meeting_id: str) -> array[int]:
        meeting = _read(meeting_id, lambda: published_meeting(self._catalogue, meeting_id, words=False))
        if meeting is None:
            return array("q")
        hashes = {_said_by(s.speaker, s.text) for s in meeting.sentences}
        hashes |= {_entitled(title) for title in (meeting.title, *(i.title for i in meeting.items))}
        return array("q", sorted(hashes))

    def _follow(self, revisions: dict[str, int], limit: int | None) -> None:
        with self._lock:
            known = {meeting_id: agenda.revision for meeting_id, agenda in self._agendas.items()}
        changed = [m for m, revision in revisions.items() if known.get(m) != revision]
        for meeting_id in changed[:limit]:
            items = self._items(meeting_id)
            self._replace(meeting_id, _Agenda(revisions[meeting_id], items))
        for meeting_id in known.keys() - revisions.keys():
            self._replace(meeting_id, None)

    def _items(self, meeting_id: str) -> dict[int, EntitledItem]:
        public = _read(meeting_id, lambda: published_agenda(self._catalogue, meeting_id))
        if public is None:
            return {}
        meeting, items = public
        about = (meeting.id, meeting.title, meeting.date, meeting.body, meeting.municipality)
        return {i.position: EntitledItem(*about, i.number, i.title, i.start) for i in items if i.open}

    def _replace(self, meeting_id: str, agenda: _Agenda | None) -> None:
        with self._lock:
            before = self._agendas.pop(meeting_id, None)
            for position in before.items if before else ():
                self._titles.remove((meeting_id, position))
            if agenda:
                self._agendas[meeting_id] = agenda
                for position, item in agenda.items.items():
                    self._titles.add((meeting_id, position), item.title)


class Moment:
    """The public archive at the revisions of one moment: a `PublicView` for one answer."""

    def __init__(self, now: PublicNow, revisions: dict[str, int], unsettled: tuple[str, ...]) -> None:
        self._now = now
        self._revisions = revisions
        self.unsettled = unsettled  # meetings of which the index may hold what is not public any more
        self._seen: dict[str, Sequence[int]] = {}
        self._left = MOST_READ

    def says(self, passage: Passage, place: int) -> bool:
        begins = [begin for begin, _, _ in passage.sentences]
        n = bisect_right(begins, place) - 1
        if n < 0:
            return False
        end = begins[n + 1] - 1 if n + 1 < len(begins) else len(passage.text)
        return self._has(passage.meeting, _said_by(passage.speaker, passage.text[begins[n] : end]))

    def titled(self, meeting: str, title: str) -> bool:
        return self._has(meeting, _entitled(title))

    def items(self, words: Sequence[Word]) -> list[EntitledItem]:
        found = self._now.entitled(words)
        return [item for revision, item in found if self._revisions.get(item.meeting) == revision]

    def _has(self, meeting_id: str, wanted: int) -> bool:
        hashes = self._hashes(meeting_id)
        at = bisect_left(hashes, wanted)
        return at < len(hashes) and hashes[at] == wanted

    def _hashes(self, meeting_id: str) -> Sequence[int]:
        """In doubt, nothing: what would have to be read after `MOST_READ` others is not said to be public."""
        revision = self._revisions.get(meeting_id)
        if revision is None:
            return ()
        if meeting_id not in self._seen:
            found = self._now.said(meeting_id, revision, may_read=False)
            if found is None and self._left:
                self._left -= 1
                found = self._now.said(meeting_id, revision, may_read=True)
            self._seen[meeting_id] = found or ()
        return self._seen[meeting_id]


def _read(meeting_id: str, public: Callable[[], Read | None]) -> Read | None:
    """What is public of a meeting. Of one that cannot be read nothing is suggested; of the others all is."""
    try:
        return public()
    except UnknownMeeting:
        return None
    except EngineError:
        raise  # the catalogue itself
    except Exception:
        log.exception("a meeting could not be read", meeting=meeting_id)
        return None


def _said_by(speaker: str | None, text: str) -> int:
    return hash((speaker, text))


def _entitled(title: str) -> int:
    return hash(("a title", title, ""))
