"""A month in the life of an archive, on a clock of its own: two councils that publish on portals of ours, and what
happens to them. The portals, the recordings, ffmpeg, the catalogue and the index are real; what is said in a recording
is written down here beforehand, unless a night is to be heard for real.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from catalogue import (
    Part,
    Provenance,
    ReportKind,
    Segment,
    Settings,
    TranscriptOrigin,
    TranscriptQuality,
    published_meeting,
)
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.night import NightReport, hold_night
from pipeline.terminal.reporter import Silent
from search import SearchRequest
from tests.portal_server import LIST, Fault, PortalSite, item
from transcribe import Failed, Finished, Job, Progress
from web import StillPublic

FIRST_DAY = date(2026, 3, 2)  # a Monday
LENGTH = 12.0  # seconds of every recording
SECRET_TITLE, SECRET_WORDS = "Køb af Granvænget 7", "Granvænget koster fire millioner"
CLOSED_LATER, LATER_WORDS = "Salg af grunden ved Åvej", "Grunden ved Åvej er budt op"
KILLED = "killed"


def word_of(day: date) -> str:
    """A word that is said in this day's meeting alone."""
    letters = "".join("abcdefghik"[int(digit)] for digit in f"{day:%m%d}")
    return f"skovvej{letters}"


def said_on(day: date) -> tuple[Segment, ...]:
    texts = (
        "Punkt 1, godkendelse af dagsorden.",
        f"Så går vi til punkt 2, ny cykelsti ved {word_of(day)}.",
        "Så går vi til punkt 3, salg af grunden ved Åvej.",
        f"{LATER_WORDS}, siger man.",
        f"Så lukker vi dørene. {SECRET_WORDS}.",
    )
    return tuple(Segment(2.0 * n, 2.0 * n + 2, text, "Karen Holm (A)") for n, text in enumerate(texts))


@dataclass
class Clock:
    """The archive's own clock: it stands still unless somebody moves it."""

    moment: datetime = datetime(2026, 3, 2, 20, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

    def evening(self, day: date) -> None:
        self.moment = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)


@dataclass
class Scripted:
    """Hears what was written down for the recording's day; takes its time on the archive's clock."""

    clock: Clock
    model: str
    takes: timedelta = timedelta(minutes=20)
    waiting: list[Job] = field(default_factory=list)
    doubtful: tuple[Part, ...] = ()

    def submit(self, job: Job, progress: Progress) -> None:
        assert job.audio.is_file() and job.duration > 0
        self.waiting.append(job)

    def collect(self, seconds: float) -> list[Finished | Failed]:
        if not self.waiting:
            return []
        job = self.waiting.pop(0)
        self.clock.moment += self.takes
        day = date.fromisoformat("-".join(job.id.split("-")[-4:-1]))
        quality = TranscriptQuality(job.duration, 10.0, (), self.doubtful, 1, (), 0, job.duration / 8)
        return [Finished(job, said_on(day), quality, self.provenance(job.audio_sha256))]

    def provenance(self, audio_sha256: str) -> Provenance:
        return Provenance(TranscriptOrigin.MODEL, self.model, audio_sha256=audio_sha256)

    def close(self) -> None:
        self.waiting.clear()


@dataclass
class Council:
    """One council and its portal."""

    name: str
    site: PortalSite

    @property
    def key(self) -> str:
        return self.name.split()[0].lower()

    def meeting_id(self, day: date) -> str:
        return f"{self.key}-byraadet-{day}"

    def publish(self, day: date, *, closed_later: bool = False) -> str:
        later = item(3, CLOSED_LATER, open_=not closed_later)
        items = [item(1, "Godkendelse af dagsorden"), item(2, f"Ny cykelsti ved {word_of(day)}"), later]
        return self.site.publish(day.isoformat(), [*items, item(4, SECRET_TITLE, open_=False)])

    def record(self, day: date, sound: bytes) -> None:
        self.site.files[f"/rec/{day}.mp3"] = sound

    def delete(self, day: date) -> None:
        self.site.files.pop(f"/rec/{day}.mp3", None)


@dataclass
class Month:
    """The archive, its councils, and what should be there in the morning."""

    archive: Archive
    clock: Clock
    home: Path
    councils: tuple[Council, Council]
    sound: bytes
    hearing: Scripted
    expected: dict[str, str] = field(
        default_factory=dict
    )  # meeting id: a word that is found, where it is known
    reports: dict[date, NightReport] = field(default_factory=dict)
    for_real: bool = False  # whether the next night is heard by the real model

    def day(self, n: int) -> date:
        return FIRST_DAY + timedelta(days=n)

    def meet(self, council: Council, n: int, *, agenda: bool = True, recorded: bool = True) -> None:
        """A meeting on that day: its agenda and its recording are on the portal that evening."""
        day = self.day(n)
        if agenda:
            council.publish(day)
        if recorded:
            council.record(day, self.sound)
        if agenda and recorded:
            self.expected[council.meeting_id(day)] = word_of(day)

    def night(self, n: int, hours: float = 10.0) -> NightReport:
        """The night after that day."""
        self.clock.evening(self.day(n))
        self.archive.close_transcriber()
        self.archive._transcriber = None if self.for_real else self.hearing
        report = hold_night(self.archive, Silent(), self.clock.now() + timedelta(hours=hours))
        self.reports[report.morning] = report
        return report

    # What must hold each morning -----------------------------------------------------------------------

    def look(self, report: NightReport, exit_code: int) -> None:
        """All that must hold on a morning."""
        self._report_is_there(report, exit_code)
        self._what_should_be_public_is_found()
        self._nothing_withheld_is_anywhere()
        self._index_and_catalogue_agree()
        waiting = self.archive.catalogue.outbox.waiting()
        assert not waiting or (exit_code == 3 and not any(entry.withdraws for entry in waiting))

    def _report_is_there(self, report: NightReport, exit_code: int) -> None:
        files = [
            self.archive.settings.reports_folder / f"{report.morning}.{kind}"
            for kind in ("txt", "html", "json")
        ]
        told = json.loads(files[2].read_text(encoding="utf-8"))
        assert (told["exit_code"], report.exit_code) == (exit_code, exit_code), report
        assert told["headline"] in files[0].read_text(encoding="utf-8")
        assert told["headline"] in files[1].read_text(encoding="utf-8")
        for problem in report.failed:
            assert problem.message and problem.then

    def _what_should_be_public_is_found(self) -> None:
        for meeting_id, word in self.expected.items():
            public = published_meeting(self.archive.catalogue, meeting_id)
            assert public is not None and public.sentences, meeting_id
            for recording in public.recordings:
                if recording.playable:  # of captions alone there is nothing to play
                    assert self.archive.store.exists(recording.playable), meeting_id
            if not word:
                continue
            hits = StillPublic(self.archive.catalogue).search(self.archive.engine, SearchRequest(f'"{word}"'))
            assert meeting_id in {hit.passage.meeting for hit in hits.hits}, (meeting_id, word)

    def _nothing_withheld_is_anywhere(self) -> None:
        for word in ("Granvænget", "millioner"):
            assert self.archive.engine.search(SearchRequest(f'"{word}"')).total == 0
        told = "".join(
            file.read_text(encoding="utf-8") for file in self.archive.settings.reports_folder.iterdir()
        )
        for secret in (SECRET_TITLE, SECRET_WORDS, CLOSED_LATER, LATER_WORDS, "cykelsti"):
            assert secret.casefold() not in told.casefold()

    def _index_and_catalogue_agree(self) -> None:
        indexed = {one for one, passages in self.archive.engine.meetings().items() if passages}
        public = set()
        for meeting_id in self.archive.catalogue.meeting_ids():
            found = published_meeting(self.archive.catalogue, meeting_id)
            if found and (found.sentences or any(i.open for i in found.items)):
                public.add(meeting_id)
        assert indexed <= public
        assert self.expected.keys() <= indexed
        partial = self.archive.store.root / ".partial"
        assert not [file for file in partial.glob("*") if file.is_file()]


@contextmanager
def a_month(settings: Settings, sites: tuple[PortalSite, PortalSite], sound: bytes) -> Iterator[Month]:
    """An archive with two councils in its `municipalities.toml`, and a few older meetings that came with captions."""
    councils = (Council("Tranevig Kommune", sites[0]), Council("Nordby Kommune", sites[1]))
    settings.home.mkdir(parents=True, exist_ok=True)
    entry = (
        '[[municipality]]\nname = "{0}"\nportal = "firstagenda"\naddress = "{1}"\nbodies = ["Byrådet"]\n'
        'since = 2026-01-01\nrate = 0.0\nrecordings = "{1}/rec/{{date:%Y-%m-%d}}.mp3"\n'
    )
    toml = "\n".join(entry.format(one.name, one.site.address) for one in councils)
    (settings.home / "municipalities.toml").write_text(toml, encoding="utf-8")
    clock = Clock()
    with open_archive(settings.model_copy(update={"http_timeout": 2.0})) as archive:
        archive.now, archive.sleep = clock.now, clock.sleep
        yield Month(archive, clock, settings.home, councils, sound, Scripted(clock, settings.model))


def older_meetings(month: Month, count: int) -> None:
    """Meetings of last year that were added with their captions."""
    for n in range(count):
        day = date(2025, 9, 3) + timedelta(days=7 * n)
        file = month.home / f"{day}.vtt"
        file.write_text(
            f"WEBVTT\n\n00:00.000 --> 00:04.000\nVi taler om {word_of(day)} i dag.\n", encoding="utf-8"
        )
        asked = Registration(
            ("-",), transcripts=(str(file),), date=day, body="Byrådet", municipality="Tranevig Kommune"
        )
        month.expected[add_meeting(month.archive, asked).meeting_id] = word_of(day)


@contextmanager
def stopped_by_hand(month: Month) -> Iterator[None]:
    """Within this the night is stopped as soon as it hears something."""
    hearing = month.hearing
    collect = hearing.collect

    def stop(seconds: float) -> list[Finished | Failed]:
        raise KeyboardInterrupt

    hearing.collect = stop  # type: ignore[method-assign]
    try:
        yield
    finally:
        hearing.close()
        hearing.collect = collect  # type: ignore[method-assign]


def report_of(month: Month, n: int) -> str:
    """The text that staff find on the morning after that day."""
    morning = month.day(n) + timedelta(days=1)
    return (month.archive.settings.reports_folder / f"{morning}.txt").read_text(encoding="utf-8")


def portal_goes_down(council: Council, times: int = 50) -> None:
    council.site.fail(LIST, *[Fault(status=503)] * times)


def portal_comes_back(council: Council) -> None:
    council.site.faults.clear()


def reader_reports(month: Month, meeting_id: str) -> int:
    return month.archive.catalogue.reports.add(meeting_id, 4.0, ReportKind.PRIVATE, "Slet mit navn", "", "")
