"""What the pages know of the catalogue: only its public view, remembered until it changes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from threading import Lock

from catalogue import (
    Catalogue,
    Meeting,
    Provenance,
    PublishedMeeting,
    ReportKind,
    Sentence,
    TranscriptVersion,
    UnknownMeeting,
    Updated,
    published_meeting,
    published_meetings,
    published_outline,
    published_provenances,
)
from web.lru import Counted, Lru

MEETINGS_KEPT = 16  # the longest meeting takes about 20 MB with the times of its words
EARLIER_KEPT = 4  # meetings as older transcripts have them
TEXTS_KEPT = 32  # without those times it takes about 2 MB
OUTLINES_KEPT = 2_000  # items and recordings: some 20 kB a meeting
LEADS_KEPT = 1_000  # of each how its items begin
LEAD = 3  # sentences that say how an item begins
LIST_SECONDS = 1.0  # the list of meetings shows nothing but their titles; it may be this old,
PROVENANCES_OF = 50  # meetings
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
    recorded: bool  # whether there is something to hear, or will be when it is ready
    cases: frozenset[str] = (
        frozenset()
    )  # of its open items, as `case_key` has them; shown by `Archive.with_cases` alone
    revision: int = 0
    changed: datetime = datetime.min.replace(tzinfo=UTC)
    touched: datetime = datetime.min.replace(tzinfo=UTC)  # see `catalogue.Updated`


@dataclass(frozen=True, slots=True)
class Brief:
    """A public meeting without its text (`catalogue.published_outline`), and its revision."""

    meeting: PublishedMeeting
    revision: int


Leads = dict[int, tuple[Sentence, ...]]


class Archive:
    """The public meetings. Nothing else in `web` reads the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._meetings: Lru[tuple[str, int], PublishedMeeting | None] = Lru(MEETINGS_KEPT)
        self._earlier: Lru[tuple[str, int, tuple[str, ...]], PublishedMeeting | None] = Lru(EARLIER_KEPT)
        self._texts: Lru[tuple[str, int], PublishedMeeting | None] = Lru(TEXTS_KEPT)
        self._outlines: Lru[tuple[str, int], PublishedMeeting | None] = Lru(OUTLINES_KEPT)
        self._leads: Lru[tuple[str, int], Leads] = Lru(LEADS_KEPT)
        self._list: tuple[Listed, ...] = ()
        self._list_until = float("-inf")
        self._list_lock = Lock()
        self._provenances: tuple[tuple[Listed, ...], tuple[Provenance, ...]] = ((), ())

    @property
    def kept(self) -> Counted:
        """What is remembered of meetings, for whoever counts."""
        return self._meetings

    def provenances(self) -> tuple[Provenance, ...]:
        """How the texts of the newest meetings came to be, one for each recording."""
        meetings = self.meetings()[:PROVENANCES_OF]
        if self._provenances[0] != meetings:
            found = [made for meeting in meetings for made in self._provenances_of(meeting.id)]
            self._provenances = (meetings, tuple(found))
        return self._provenances[1]

    def _provenances_of(self, meeting_id: str) -> tuple[Provenance, ...]:
        try:
            return published_provenances(self._catalogue, meeting_id)
        except UnknownMeeting:
            return ()  # taken away since the list was made

    def unindexed(self) -> int:
        """Meetings whose change has not reached the search index."""
        return len(self._catalogue.outbox.waiting())

    def meeting(self, meeting_id: str) -> Revised:
        """A public meeting; raises `UnknownMeeting` where there is none, or nothing of it is public."""
        # The revision is read first: what is then shown is at least that new.
        revision = self.revision(meeting_id)
        if revision is None:
            raise UnknownMeeting(meeting_id)
        public = self._meetings.get(
            (meeting_id, revision), lambda: published_meeting(self._catalogue, meeting_id)
        )
        if public is None:
            raise UnknownMeeting(meeting_id)
        return Revised(public, revision)

    def revision(self, meeting_id: str) -> int | None:
        """The revision that the catalogue has now; None where it has no such meeting."""
        return self._catalogue.revision(meeting_id) if _ID.fullmatch(meeting_id) else None

    def with_transcripts(self, now: Revised, transcripts: Mapping[str, str]) -> PublishedMeeting | None:
        """A meeting as other versions of its text would have it under today's edits, with all withheld that is
        withheld today. `transcripts` are ids by recording; None where the meeting is not public any more."""
        ids = tuple(sorted(transcripts.values()))
        return self._earlier.get(
            (now.meeting.id, now.revision, ids),
            lambda: published_meeting(self._catalogue, now.meeting.id, instead=ids),
        )

    def versions(self, meeting_id: str) -> dict[str, tuple[TranscriptVersion, ...]]:
        """Which versions of the text there are of each recording, oldest first."""
        return self._catalogue.transcript_versions(meeting_id)

    def report(
        self, meeting_id: str, second: float, kind: ReportKind, text: str, sentence: str, version: str
    ) -> None:
        """Keep what a reader says is wrong, for staff: the only thing that pages write."""
        self._catalogue.reports.add(meeting_id, second, kind, text, sentence, version)

    def text(self, meeting_id: str) -> PublishedMeeting | None:
        """A public meeting without the times of its words, read in a fraction of the time; None where it is not public."""
        revision = self.revision(meeting_id)
        if revision is None:
            return None
        key = (meeting_id, revision)
        return self._texts.get(key, lambda: self._read(meeting_id))

    def _read(self, meeting_id: str) -> PublishedMeeting | None:
        try:
            return published_meeting(self._catalogue, meeting_id, words=False)
        except UnknownMeeting:
            return None  # taken away since its revision was read

    def outlines(self, meeting_ids: Iterable[str]) -> dict[str, PublishedMeeting]:
        """What is when in each of these meetings (some dozens), as it is at this moment; none of one that is not public."""
        revisions = self.revisions_of(meeting_ids)
        found = {
            each: self._outlines.get(each, partial(self._outline, each[0])) for each in revisions.items()
        }
        return {meeting_id: outline for (meeting_id, _), outline in found.items() if outline is not None}

    def _outline(self, meeting_id: str) -> PublishedMeeting | None:
        try:
            return published_outline(self._catalogue, meeting_id)
        except UnknownMeeting:
            return None

    def revisions_of(self, meeting_ids: Iterable[str]) -> dict[str, int]:
        """The revisions of some dozens of meetings, by one question."""
        return self._catalogue.revisions_of([m for m in set(meeting_ids) if _ID.fullmatch(m)])

    def revisions(self) -> dict[str, int]:
        """A number of each meeting, public or not, that grows with every change that a reader could see."""
        return self._catalogue.revisions()

    def waiting(self) -> frozenset[str]:
        """The meetings of which the index may still hold what is not public any more."""
        return frozenset(self._catalogue.outbox.withdrawing())

    def brief(self, meeting_id: str) -> Brief:
        """A public meeting without its text; raises `UnknownMeeting` as `meeting` does."""
        revision = self.revision(meeting_id)
        brief = self._brief(meeting_id, revision)
        if brief is None:
            raise UnknownMeeting(meeting_id)
        return brief

    def briefs(self, meeting_ids: Iterable[str]) -> list[Brief]:
        """Those of these meetings that are public at this moment; the list of them may be a little older."""
        revisions = self._catalogue.revisions()
        found = (self._brief(meeting_id, revisions.get(meeting_id)) for meeting_id in meeting_ids)
        return [brief for brief in found if brief is not None]

    def leads(self, meeting_id: str) -> Leads:
        """The first sentences said under each item, by the item's position; none where nothing is public."""
        revision = self.revision(meeting_id)
        if revision is None:
            return {}
        return self._leads.get((meeting_id, revision), lambda: self._begin(meeting_id))

    def _brief(self, meeting_id: str, revision: int | None) -> Brief | None:
        if revision is None:
            return None
        key = (meeting_id, revision)
        meeting = self._outlines.get(key, partial(self._outline, meeting_id))
        return Brief(meeting, revision) if meeting else None

    def _begin(self, meeting_id: str) -> Leads:
        meeting = self._read(meeting_id)
        leads: Leads = {}
        for sentence in meeting.sentences if meeting else ():
            said = leads.get(sentence.item, ()) if sentence.item is not None else ()
            if sentence.item is not None and len(said) < LEAD:
                leads[sentence.item] = (*said, sentence)
        return leads

    def meetings(self) -> tuple[Listed, ...]:
        """The public meetings, newest first."""
        with self._list_lock:
            start = time.monotonic()
            if start >= self._list_until:
                revisions, updates = self._catalogue.revisions(), self._catalogue.updates()
                self._list = tuple(
                    _listed(meeting, revisions[meeting.id], updates[meeting.id])
                    for meeting in published_meetings(self._catalogue)
                    if meeting.id in revisions and meeting.id in updates
                )
                end = time.monotonic()
                self._list_until = end + max(LIST_SECONDS, LIST_TIMES * (end - start))
            return self._list

    def with_cases(self) -> Iterator[Listed]:
        """Those of them whose case numbers are public at this moment, newest first: one that has changed since the list
        was made, and may have been closed, is left out until it is made again."""
        listed, revisions = self.meetings(), self._catalogue.revisions()
        return (
            meeting for meeting in listed if meeting.cases and revisions.get(meeting.id) == meeting.revision
        )


def case_key(case: str) -> str:
    """A case number as it is compared: without spaces, in capitals; empty where there is none."""
    return "".join(case.split()).upper()


def _listed(meeting: Meeting, revision: int, updated: Updated) -> Listed:
    return Listed(
        id=meeting.id,
        title=meeting.title,
        date=meeting.date,
        body=meeting.body,
        municipality=meeting.municipality,
        items=len(meeting.agenda.items),
        duration=sum(r.duration or 0.0 for r in meeting.recordings) or None,
        recorded=any(r.playable and r.retired is None for r in meeting.recordings),
        cases=frozenset(key for item in meeting.agenda.items if (key := case_key(item.case))),
        revision=revision,
        changed=updated.changed,
        touched=updated.touched,
    )
