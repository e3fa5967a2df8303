"""What a night lets go of, what it could not, and how staff are told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from catalogue import DiskFull, MediaStore, Settings, TalerstolError
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.night import NightReport, hold_night
from pipeline.night.reasons import STAYS
from pipeline.retention import RETENTION, Unsafe
from pipeline.runs.runner import Run
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material
from tests.pipeline.night.thirty import Clock

DAY = date(2026, 3, 2)
LAST = DAY + timedelta(days=5)
MEETING = f"tranevig-byraadet-{DAY}"
NAME = "Byrådet (Tranevig), 2. marts 2026"


@pytest.fixture
def archive(settings: Settings, material: Material, tmp_path: Path) -> Iterator[Archive]:
    """One meeting that is done, whose recording goes on the sixth evening."""
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / RETENTION).write_text("[default]\nvideo_days = 5\n", encoding="utf-8")
    source = tmp_path / "moede.mp3"
    source.write_bytes(material.sound.read_bytes())
    with open_archive(settings) as opened:
        clock = Clock()
        opened.now, opened.sleep = clock.now, clock.sleep
        asked = Registration((str(source),), str(material.agenda(DAY.isoformat())), (str(material.captions),))
        assert add_meeting(opened, asked).meeting_id == MEETING
        assert Run(opened, Silent()).bring_up_to_date([MEETING]).failed == ()
        clock.evening(LAST)
        yield opened


def night(archive: Archive, hours: float = 9) -> NightReport:
    return hold_night(archive, Silent(), archive.now() + timedelta(hours=hours), mail=False)


def told(archive: Archive, report: NightReport) -> str:
    text = (archive.settings.reports_folder / f"{report.morning}.txt").read_text(encoding="utf-8")
    return " ".join(text.split())


@pytest.mark.parametrize("error", [DiskFull("the disk is full"), TalerstolError("no"), ValueError("no")])
def test_whatever_the_run_came_to_what_makes_room_is_tried(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def ends(*_: object) -> None:
        raise error

    monkeypatch.setattr("pipeline.night.work.Run.bring_up_to_date", ends)
    report = night(archive)
    assert [problem.step for problem in report.failed] == ["run"]
    assert report.retired == (NAME,)


def test_a_night_stopped_by_hand_lets_go_of_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.night.work.Run.bring_up_to_date", stopped)
    with pytest.raises(KeyboardInterrupt):
        night(archive)
    assert archive.catalogue.meeting(MEETING).recordings[0].retired is None


def test_a_file_that_cannot_be_deleted_is_a_failure(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resisting(store: MediaStore, name: str) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as resists:
        resists.setattr(MediaStore, "delete", resisting)
        report = night(archive)
    (problem,) = report.failed
    assert (problem.subject, problem.step, problem.then) == (MEETING, "retention", "talerstol night")
    assert (report.exit_code, report.retired) == (1, ())
    text = told(archive, report)
    assert "kunne ikke slettes. En fil kan ikke slettes: se efter, hvem der må skrive i mappen." in text
    again = night(archive)
    assert (again.exit_code, again.retired) == (0, (NAME,))


def test_a_failed_deletion_is_told_also_where_the_report_breaks(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resisting(store: MediaStore, name: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(MediaStore, "delete", resisting)
    monkeypatch.setattr("pipeline.night.night.gather", lambda *_: 1 / 0)
    assert [(one.subject, one.step) for one in night(archive).failed] == [
        ("", "report"),
        (MEETING, "retention"),
    ]


def test_what_stays_because_its_text_is_not_safe_is_told_with_the_reason(archive: Archive) -> None:
    source = Path(archive.catalogue.meeting(MEETING).recordings[0].source)
    source.write_bytes(source.read_bytes() * 2)  # it has become longer, ten minutes ago
    then = (archive.now() - timedelta(minutes=10)).timestamp()
    os.utime(source, (then, then))
    report = night(archive, hours=0.5)
    (overdue,) = (one for one in report.deadlines if one.overdue)
    assert (overdue.kind, overdue.day, overdue.stays) == ("video", LAST, Unsafe.AT_SOURCE.value)
    text = told(archive, report)
    assert (
        "Videoen skulle være slettet her lørdag den 7. marts, men bliver: kilden har en nyere optagelse, og den er "
        f"ikke kommet hertil endnu. > talerstol run {MEETING}" in text
    )
    assert report.exit_code == 3 and "1 ting kræver dig" in text
    report = night(archive)  # with time to wait until it has stopped, it is heard, and goes
    assert (report.exit_code, report.retired) == (0, (NAME,))


def test_every_reason_has_its_words() -> None:
    assert {why.value for why in Unsafe} == STAYS.keys()
