"""Keeping the catalogue in step with the portals: new meetings, newer agendas, minutes and recordings.

One municipality after the other, one meeting after the other, each in one move: killed at any moment, the next
sync goes on. A meeting that cannot be brought up to date is left as it was and said so, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count

import structlog

from catalogue import (
    Agenda,
    EngineError,
    InputError,
    Meeting,
    PaperLink,
    Runner,
    SourceError,
    TalerstolError,
    UnknownMeeting,
    closed_items,
    meeting_id,
    slug,
)
from ingest import merge_agendas
from ingest.portals import (
    KeptDocuments,
    Listing,
    Municipality,
    Paper,
    Pauses,
    Portal,
    PortalSession,
    Reference,
    open_portal,
)
from pipeline.archive import Archive
from pipeline.runs.faults import fault
from pipeline.runs.locks import alone, told
from pipeline.runs.watched import Watched
from pipeline.syncing.following import closed_at_once, follow
from pipeline.syncing.gathering import Gathered, gather
from pipeline.syncing.recordings import Recordings
from pipeline.syncing.report import Failure, ItemsOf, MunicipalityReport, SyncReport
from pipeline.terminal.reporter import Reporter, Task

log = structlog.get_logger()

# Recordings are put up within days. One that is not there after this is not asked for any more.
ASKED_FOR = timedelta(days=90)
ASKING = Task("sync", "asking the portal")
SYNC_LEASE = "(sync)"  # no meeting has such an id
_PAPERS_NAMES = ("referat", "dagsorden", "protokol")


class SyncBusy(EngineError):
    """Another machine is asking the portals for this database. `by` is who it is."""

    def __init__(self, by: Runner | None) -> None:
        self.by = by
        super().__init__(
            f"another sync is at work on this database{told(by)}",
            remedy="Wait for it to end; `talerstol status` shows how far it is.",
        )


class KeptElsewhere(InputError):
    """Another entry of municipalities.toml keeps this meeting in step already."""

    def __init__(self, meeting_id: str) -> None:
        self.meeting_id = meeting_id
        super().__init__(
            "another portal in municipalities.toml has this meeting already",
            where=meeting_id,
            remedy="Name different `bodies` or another `since` in one of the two entries.",
        )


class EmptyNow(SourceError):
    """A meeting that had an agenda is published without one."""

    def __init__(self, meeting_id: str) -> None:
        self.meeting_id = meeting_id
        super().__init__(
            "the portal publishes this meeting without items now; it was left as it was",
            where=meeting_id,
            remedy="Look at the portal; if that is meant, close its items here.",
        )


@dataclass(slots=True, eq=False)
class _Found:
    """What is being found out about one municipality."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    closed: list[ItemsOf] = field(default_factory=list)
    opened: list[ItemsOf] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    def report(self, name: str) -> MunicipalityReport:
        return MunicipalityReport(
            name, tuple(self.new), tuple(self.changed), tuple(self.unchanged), tuple(self.recorded),
            tuple(self.waiting), tuple(self.gone), tuple(self.closed), tuple(self.opened), tuple(self.failed),
        )  # fmt: skip


def sync(
    archive: Archive,
    reporter: Reporter,
    municipalities: Sequence[Municipality],
    today: date,
    dry_run: bool = False,
    go_on: Callable[[], bool] = lambda: True,
) -> SyncReport:
    """Bring the catalogue up to date with these municipalities' portals. With `dry_run` nothing is written.

    Before each municipality `go_on` is asked; those after that are left out of the report.
    Never raises for one portal or meeting; raises `EngineError` if the archive itself fails, or is at work.
    """
    pauses = Pauses()

    def ask(shown: Reporter) -> SyncReport:
        passes = (_Pass(archive, shown, municipality, today, dry_run) for municipality in municipalities)
        return SyncReport(tuple(one.run(pauses) for one in passes if go_on()), dry_run)

    if dry_run:
        return ask(reporter)
    with alone(archive, "sync") as running:
        if not running.take(SYNC_LEASE):
            raise SyncBusy(archive.catalogue.runners.holder(SYNC_LEASE))
        watched = Watched(reporter)
        running.watch(watched.now)
        return ask(watched)


class _Pass:
    """One look at one municipality's portal."""

    def __init__(
        self, archive: Archive, reporter: Reporter, municipality: Municipality, today: date, dry_run: bool
    ) -> None:
        self._archive, self._reporter, self._municipality = archive, reporter, municipality
        self._today, self._dry_run = today, dry_run
        self._found = _Found()

    def run(self, pauses: Pauses) -> MunicipalityReport:
        one, settings = self._municipality, self._archive.settings
        kept = KeptDocuments(settings.home / "sync" / slug(one.key), writable=not self._dry_run)
        session = PortalSession(settings, one.pause, kept, pauses)
        kept.begin()
        try:
            with self._reporter.step(one.name, ASKING) as progress:
                portal = open_portal(one, session, settings)
                listing = self._listing(portal)
                if listing is not None:
                    recordings = Recordings(one, session.web, settings)
                    known = self._archive.catalogue.papers(one.key)
                    meetings = gather(listing.references, known)
                    lost = self._lost(listing, known)
                    for n, gathered in enumerate(meetings, start=1):
                        with self._contained(_subject(gathered)):
                            self._meeting(gathered, portal, recordings, lost)
                        progress(n, len(meetings))
                    self._found.gone = sorted(lost)
        finally:
            session.close()
        kept.finish(whole=not self._found.failed)
        return self._found.report(one.name)

    def _listing(self, portal: Portal) -> Listing | None:
        listing: Listing | None = None
        with self._contained("the portal's list"):
            listing = portal.meetings(self._municipality.since)
        for reason in listing.refused if listing else ():
            self._fail("an entry in the portal's list", reason)
        return listing

    def _lost(self, listing: Listing, known: dict[str, str]) -> set[str]:
        """The meetings of which no paper is listed any more, among those that should be."""
        listed = {known[r.source_id] for r in listing.references if r.source_id in known}
        bodies = {slug(body) for body in self._municipality.bodies}
        lost = set()
        for identity in set(known.values()) - listed:
            meeting = self._archive.catalogue.meeting(identity)
            in_scope = meeting.date is None or meeting.date >= self._municipality.since
            if in_scope and (not bodies or slug(meeting.body) in bodies):
                lost.add(identity)
        return lost

    @contextmanager
    def _contained(self, subject: str) -> Iterator[None]:
        """Whatever goes wrong with one meeting is written down, and the others go on."""
        try:
            yield
        except EngineError:
            raise  # the disk or the database: nothing else would fare better
        except TalerstolError as error:
            self._fail(subject, error.sentence)
        except Exception as error:
            log.exception("sync failed unexpectedly", municipality=self._municipality.name, subject=subject)
            self._fail(
                subject,
                fault(type(error).__name__),
            )

    def _fail(self, subject: str, message: str) -> None:
        self._reporter.note(f"{self._municipality.name}: {subject} FAILED: {message.splitlines()[0]}")
        then = f'talerstol sync "{self._municipality.name}"'
        self._found.failed.append(Failure(subject, message, then))

    # One meeting --------------------------------------------------------------------------------------

    def _meeting(self, gathered: Gathered, portal: Portal, recordings: Recordings, lost: set[str]) -> None:
        identity = gathered.meeting_id or self._again(gathered, lost)
        papers = self._papers(gathered, portal, identity)
        agenda = merge_agendas([paper.agenda for paper in papers])
        agenda = replace(agenda, date=gathered.day, body=gathered.body, municipality=self._municipality.name)
        links = [PaperLink(self._municipality.key, r.source_id) for r in gathered.references]
        if identity is None:
            meeting = self._new(gathered, agenda, links)
        else:
            meeting = self._follow(identity, gathered, agenda, links)
        self._record(meeting, papers, recordings)

    def _again(self, gathered: Gathered, lost: set[str]) -> str | None:
        """The meeting that these papers are of although they are new: all its earlier ones are gone from the list
        (minutes may replace the agenda), or a person added it."""
        for identity in sorted(lost):
            meeting = self._archive.catalogue.meeting(identity)
            if meeting.date == gathered.day and slug(meeting.body) == slug(gathered.body):
                lost.discard(identity)
                return identity
        identity = self._identity(gathered)
        try:
            self._archive.catalogue.meeting(identity)
        except UnknownMeeting:
            return None
        portals = self._archive.catalogue.portals(identity)
        if portals - {self._municipality.key}:
            raise KeptElsewhere(identity)
        return None if portals else identity

    def _identity(self, gathered: Gathered) -> str:
        return meeting_id(
            municipality=self._municipality.name, body=gathered.body, day=gathered.day, title=gathered.body
        )

    def _identities(self, gathered: Gathered) -> Iterator[str]:
        """Ids that this meeting could have: a second one of a body on one day has its time in it."""
        plain = self._identity(gathered)
        yield plain
        if gathered.begins:
            yield f"{plain}-{gathered.begins:%H%M}"
        yield from (f"{plain}-nr-{n}" for n in count(2))

    def _taken(self, identity: str) -> bool:
        return identity in self._found.new or self._archive.catalogue.revision(identity) is not None

    def _papers(self, gathered: Gathered, portal: Portal, identity: str | None) -> list[Paper]:
        """All papers of a meeting. Where one does not come, what the others close is closed all the same."""
        papers: list[Paper] = []
        missing: TalerstolError | None = None
        for reference in gathered.references:
            try:
                papers.append(_closed_whole(portal.paper(reference), reference))
            except EngineError:
                raise
            except TalerstolError as error:
                missing = missing or error
        if missing is not None:
            if identity is not None:
                self._close_only(identity, [paper.agenda for paper in papers])
            raise missing
        return papers

    def _close_only(self, identity: str, papers: Sequence[Agenda]) -> None:
        meeting = self._archive.catalogue.meeting(identity)
        items = closed_at_once(meeting.agenda.items, papers)
        if items != meeting.agenda.items:
            shut = [new.number for old, new in zip(meeting.agenda.items, items, strict=True) if old != new]
            self._found.closed.append(ItemsOf(identity, tuple(shut)))
            if not self._dry_run:
                closed = replace(meeting, agenda=replace(meeting.agenda, items=items))
                self._archive.catalogue.follow_source(closed, ())

    def _new(self, gathered: Gathered, agenda: Agenda, links: Sequence[PaperLink]) -> Meeting:
        identity = next(i for i in self._identities(gathered) if not self._taken(i))
        meeting = Meeting(
            identity,
            _title(agenda, gathered),
            gathered.day,
            gathered.body,
            self._municipality.name,
            agenda=agenda,
        )
        if not self._dry_run:
            self._archive.catalogue.add_meeting(meeting, papers=links)
        self._found.new.append(identity)
        return meeting

    def _follow(
        self, identity: str, gathered: Gathered, agenda: Agenda, links: Sequence[PaperLink]
    ) -> Meeting:
        before = self._archive.catalogue.meeting(identity)
        if before.agenda.items and not agenda.items:
            raise EmptyNow(identity)
        withheld = closed_items(before.agenda.items, self._archive.catalogue.edits(identity))
        followed = follow(before.agenda.items, agenda, before.recordings, withheld)
        title = _title(agenda, gathered)
        now = replace(before, title=title, date=gathered.day, agenda=replace(followed.agenda, title=title))
        same = (before.title, before.date, before.agenda.items) == (now.title, now.date, now.agenda.items)
        (self._found.unchanged if same else self._found.changed).append(identity)
        if followed.turned_closed:
            self._found.closed.append(ItemsOf(identity, followed.turned_closed))
        if followed.turned_open:
            self._found.opened.append(ItemsOf(identity, followed.turned_open))
        if not self._dry_run:
            known = self._archive.catalogue.papers(self._municipality.key)
            if not same or any(link.source_id not in known for link in links):
                self._archive.catalogue.follow_source(now, links, dict(followed.clips))
        return now

    def _record(self, meeting: Meeting, papers: Sequence[Paper], recordings: Recordings) -> None:
        if meeting.date is None or meeting.date > self._today:
            return
        told = [url for paper in papers for url in paper.recordings]
        edits = self._archive.catalogue.edits(meeting.id) if self._there(meeting) else []
        asked = self._today - meeting.date <= ASKED_FOR
        found = recordings.missing(meeting, told, edits, asked)
        if found:
            self._found.recorded.append(meeting.id)
            if not self._dry_run:
                self._archive.catalogue.add_recordings(meeting.id, found)
        elif not meeting.recordings:
            self._found.waiting.append(meeting.id)

    def _there(self, meeting: Meeting) -> bool:
        return self._archive.catalogue.revision(meeting.id) is not None


def _closed_whole(paper: Paper, reference: Reference) -> Paper:
    """Of a closed meeting's paper nothing is open, and no recording is taken."""
    if not reference.closed:
        return paper
    items = tuple(replace(item, open=False) for item in paper.agenda.items)
    return Paper(replace(paper.agenda, items=items))


def _title(agenda: Agenda, gathered: Gathered) -> str:
    """What the meeting is called: as its agenda says, unless that only names the kind of paper."""
    told = agenda.title
    only_a_paper = not told or any(word in told.casefold() for word in _PAPERS_NAMES)
    return f"{gathered.body} {gathered.day.isoformat()}" if only_a_paper else told


def _subject(gathered: Gathered) -> str:
    return gathered.meeting_id or f"{gathered.body} {gathered.day.isoformat()}"
