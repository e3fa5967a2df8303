"""Meetings whose recording goes on at its source while the night comes: they are neither done nor failures, and the
night looks again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from catalogue import Settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.night import NightReport, hold_night
from pipeline.night.report import NoteKind
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material, as_hls, sound
from tests.pipeline.sources import Source

DAY = date(2026, 3, 4)
EVENING = datetime(2026, 3, 4, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Nights:
    """Nights of an archive whose clock goes only while a night sleeps. What is to happen at a time, happens then."""

    archive: Archive
    moment: datetime = EVENING
    happens: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        for at, what in [one for one in self.happens if one[0] <= self.moment]:
            self.happens.remove((at, what))
            what()

    def add(self, source: str, captions: Path, agenda: Path) -> str:
        return add_meeting(self.archive, Registration((source,), str(agenda), (str(captions),))).meeting_id

    def night(self, evening: datetime, hours: float = 10.0) -> NightReport:
        self.moment = evening
        shown = Silent()
        shown.note = self.notes.append  # type: ignore[method-assign]
        return hold_night(self.archive, shown, evening + timedelta(hours=hours), mail=False)

    def told(self, report: NightReport) -> str:
        text = (self.archive.settings.reports_folder / f"{report.morning}.txt").read_text(encoding="utf-8")
        return " ".join(text.split())


@pytest.fixture
def nights(settings: Settings) -> Iterator[Nights]:
    with open_archive(settings) as archive:
        found = Nights(archive)
        archive.now = lambda: found.moment
        yield found


def ids(report: NightReport) -> tuple[list[str], list[tuple[str, str]]]:
    return [one.meeting_id for one in report.done], [(one.meeting_id, one.source) for one in report.going_on]


def test_one_that_grows_is_not_done_and_goes_on(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    source.data, source.modified = sound(tmp_path, 6), "Wed, 04 Mar 2026 19:59:00 GMT"
    meeting = nights.add(source.address, material.captions, material.agenda(f"{DAY}"))
    assert ids(nights.night(EVENING, hours=0.5)) == ([meeting], [])
    source.data, source.modified = sound(tmp_path, 12), "Thu, 05 Mar 2026 19:59:00 GMT"
    report = nights.night(EVENING + timedelta(days=1), hours=0.5)
    assert (ids(report), report.exit_code) == (([], [(meeting, "growing")]), 3)
    told = nights.told(report)
    assert "Alt er færdigt" not in told and "Færdigt siden" not in told
    assert "Optagelsen vokser stadig hos kilden; den skrives ud, når den er færdig." in told


def test_what_became_of_a_source_comes_up_for_review(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    source.data, source.tag = sound(tmp_path, 12), '"one"'
    late = tmp_path / "sent.vtt"
    late.write_text(material.captions.read_text() + "\n00:02:00.000 --> 00:02:02.000\nTak for i aften.\n")
    meeting = nights.add(source.address, late, material.agenda(f"{DAY}"))
    report = nights.night(EVENING)
    (note,) = (n for one in report.review for n in one.notes if n.kind is NoteKind.LATE_CAPTIONS)
    assert report.review[0].pressing and (round(note.places[0].start), note.places[0].end) == (12, 122.0)
    assert "slutter ved 0:00:12, underteksterne først ved 0:02:02. Hører de sammen?" in nights.told(report)
    source.data, source.tag = sound(tmp_path, 3), '"notice"'
    report = nights.night(EVENING + timedelta(days=1))
    assert ids(report) == ([meeting], [])
    assert NoteKind.SHORTER in [note.kind for note in report.review[0].notes]
    assert "arkivet beholder den lange" in nights.told(report)
