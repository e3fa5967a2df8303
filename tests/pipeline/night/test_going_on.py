"""Meetings whose recording goes on at its source while the night comes: they are neither done nor failures, and the
night looks again."""

from __future__ import annotations

import gzip
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from catalogue import Settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.night import NightReport, hold_night
from pipeline.night.report import NoteKind
from pipeline.runs.locks import alone
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material, Talerstol, as_hls, sound
from tests.pipeline.sources import Source
from web import read_dump

DAY = date(2026, 3, 4)
EVENING = datetime(2026, 3, 4, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Noted(Silent):
    """Keeps what is noted."""

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes

    def note(self, text: str) -> None:
        self._notes.append(text)


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
        return hold_night(self.archive, Noted(self.notes), evening + timedelta(hours=hours), mail=False)

    def told(self, report: NightReport) -> str:
        text = (self.archive.settings.reports_folder / f"{report.morning}.txt").read_text(encoding="utf-8")
        return " ".join(text.split())


@pytest.fixture
def nights(settings: Settings) -> Iterator[Nights]:
    with open_archive(settings) as archive:
        found = Nights(archive)
        archive.now, archive.sleep = lambda: found.moment, found.sleep
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


@pytest.fixture
def broadcast(hls: tuple[str, Path], material: Material) -> tuple[str, Path, str]:
    """The address of a stream that goes on, its playlist, and how that reads when it has ended."""
    address, folder = hls
    playlist = folder / "a.m3u8"
    as_hls(material.video, playlist)
    whole = playlist.read_text()
    rows = whole.split("#EXTINF")
    playlist.write_text("#EXTINF".join(rows[:3]))
    return address, playlist, whole


def test_a_meeting_that_is_still_broadcast_when_the_night_begins_is_there_in_the_morning(
    nights: Nights, material: Material, broadcast: tuple[str, Path, str]
) -> None:
    address, playlist, whole = broadcast
    meeting = nights.add(address, material.captions, material.agenda(f"{DAY}"))
    rows = whole.split("#EXTINF")
    nights.happens = [
        (EVENING + timedelta(minutes=50), lambda: playlist.write_text("#EXTINF".join(rows[:5]))),
        (EVENING + timedelta(minutes=110), lambda: playlist.write_text("#EXTINF".join(rows[:6]))),
        (EVENING + timedelta(minutes=130), lambda: playlist.write_text(whole)),
    ]
    report = nights.night(EVENING)
    assert (ids(report), report.failed, report.exit_code) == (([meeting], []), (), 0)
    assert report.ended == EVENING + 3 * HOUR  # and then it waits no longer
    assert "All else is done. 1 meeting goes on at its source; looking again at" in nights.notes[-1]
    recording = nights.archive.catalogue.meeting(meeting).recordings[0]
    assert recording.duration == pytest.approx(12, abs=0.3)
    home = nights.archive.settings.export_folder
    dump = read_dump(home)
    assert dump is not None
    assert gzip.decompress((home / dump.folder / "sentences.jsonl.gz").read_bytes())


def test_a_night_waits_no_longer_than_its_deadline_and_needs_nobody(
    nights: Nights, material: Material, broadcast: tuple[str, Path, str]
) -> None:
    address, playlist, whole = broadcast
    meeting = nights.add(address, material.captions, material.agenda(f"{DAY}"))
    rows = whole.split("#EXTINF")
    nights.happens = [
        (EVENING + n * HOUR, lambda n=n: playlist.write_text("#EXTINF".join(rows[: 3 + n])))  # type: ignore[misc]
        for n in (1, 2, 3)
    ]
    report = nights.night(EVENING, hours=2.5)
    assert (ids(report), report.failed, report.exit_code) == (([], [(meeting, "live")]), (), 3)
    assert report.ended == EVENING + 2 * HOUR
    told = nights.told(report)
    assert "Intet kræver dig" in told and "Mødet bliver stadig sendt; det hentes, når det er slut." in told


def test_one_that_stood_still_without_an_end_is_taken_and_can_wait_for_a_listener(
    nights: Nights, material: Material, broadcast: tuple[str, Path, str]
) -> None:
    meeting = nights.add(broadcast[0], material.captions, material.agenda(f"{DAY}"))
    report = nights.night(EVENING)
    assert (ids(report), report.ended, report.exit_code) == (([meeting], []), EVENING + HOUR, 0)
    (review,) = report.review
    assert NoteKind.NEVER_ENDED in {note.kind for note in review.notes}
    assert "Kilden sagde aldrig, at udsendelsen var slut." in nights.told(report)


def test_one_that_has_stopped_growing_is_heard_the_same_night(
    nights: Nights, source: Source, material: Material, tmp_path: Path
) -> None:
    source.data, source.modified = sound(tmp_path, 6), "Wed, 04 Mar 2026 19:59:00 GMT"
    meeting = nights.add(source.address, material.captions, material.agenda(f"{DAY}"))
    nights.night(EVENING)
    source.data, source.modified = sound(tmp_path, 12), "Thu, 05 Mar 2026 19:59:00 GMT"
    report = nights.night(EVENING + timedelta(days=1))
    assert (ids(report), report.exit_code) == (([meeting], []), 0)
    assert nights.archive.catalogue.meeting(meeting).recordings[0].duration == pytest.approx(12, abs=0.2)


def test_a_run_by_hand_while_the_night_waits_is_no_failure(
    nights: Nights, material: Material, broadcast: tuple[str, Path, str]
) -> None:
    address, playlist, whole = broadcast
    meeting = nights.add(address, material.captions, material.agenda(f"{DAY}"))
    by_hand = ExitStack()
    nights.happens = [
        (EVENING + timedelta(minutes=30), lambda: by_hand.enter_context(alone(nights.archive))),
        (EVENING + timedelta(minutes=90), by_hand.close),
        (EVENING + timedelta(minutes=90), lambda: playlist.write_text(whole)),
    ]
    report = nights.night(EVENING)
    assert (ids(report), report.exit_code) == (([meeting], []), 0)
    assert any("another run is at work" in note for note in nights.notes)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_night_that_waits_ends_at_once_when_it_is_told_to(
    talerstol: Talerstol, material: Material, broadcast: tuple[str, Path, str], how: signal.Signals
) -> None:
    agenda = str(material.agenda(f"{DAY}"))
    talerstol("add", broadcast[0], "--transcript", str(material.captions), "--agenda", agenda)
    soon = (datetime.now() + timedelta(hours=3)).strftime("%H:%M")
    process = talerstol.start("night", "--until", soon)
    assert process.stderr is not None
    assert any("looking again at" in line for line in process.stderr)
    used = cpu_seconds(process.pid)
    time.sleep(1.0)
    assert cpu_seconds(process.pid) - used < 0.2
    process.send_signal(how)
    process.communicate(timeout=20)  # and not at the end of the slice that it sleeps
    assert process.returncode != 0


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
