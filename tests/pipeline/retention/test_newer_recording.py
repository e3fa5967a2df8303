"""A recording that its source replaced by another is not let go of before that one has been heard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from catalogue import Settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.retention import RETENTION, NotSafe, Unsafe, retire
from pipeline.runs.runner import Run
from pipeline.runs.steps import STEPS
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material, ffmpeg
from tests.pipeline.night.thirty import Clock, Scripted

DAY = date(2026, 3, 2)
DUE = DAY + timedelta(days=3)
MEETING = f"tranevig-byraadet-{DAY}"


@dataclass
class Hall:
    """An archive of one meeting, whose recording lies in a file that its source may replace."""

    archive: Archive
    clock: Clock
    file: Path

    def run(self, *names: str) -> None:
        steps = tuple(step for step in STEPS if step.name in names) if names else STEPS
        assert Run(self.archive, Silent(), steps).bring_up_to_date([MEETING]).failed == ()

    def replaced(self, sound: bytes) -> None:
        """The next evening the source has another recording, which was finished two hours ago."""
        self.clock.moment += timedelta(days=1)
        self.file.write_bytes(sound)
        then = (self.clock.moment - timedelta(hours=2)).timestamp()
        os.utime(self.file, (then, then))

    def stays(self) -> NotSafe | None:
        """Why it stays on its day; None where it has gone."""
        came = retire(self.archive, Silent(), DUE)
        assert came.failed == () and len(came.gone) + len(came.staying) == 1
        gone = self.archive.catalogue.meeting(MEETING).recordings[0].original is None
        assert gone is bool(came.gone)
        return came.staying[0].why if came.staying else None


@pytest.fixture
def hall(settings: Settings, material: Material, tmp_path: Path) -> Iterator[Hall]:
    file = tmp_path / "moede.mp3"
    file.write_bytes(material.sound.read_bytes())
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / RETENTION).write_text("[default]\nvideo_days = 3\n", encoding="utf-8")
    clock = Clock()
    then = (clock.moment - timedelta(hours=2)).timestamp()
    os.utime(file, (then, then))
    with open_archive(settings) as archive:
        archive.now = clock.now
        archive._transcriber = Scripted(clock, settings.model)
        yield Hall(archive, clock, file)


def add(hall: Hall, material: Material, captions: bool) -> None:
    texts = (str(material.captions),) if captions else ()
    asked = Registration((str(hall.file),), str(material.agenda(DAY.isoformat())), texts)
    assert add_meeting(hall.archive, asked).meeting_id == MEETING
    hall.run()


@pytest.fixture
def longer(tmp_path: Path) -> bytes:
    file = tmp_path / "longer.mp3"
    ffmpeg("-f", "lavfi", "-i", "sine=440:duration=20", "-b:a", "64k", str(file))
    return file.read_bytes()


def test_a_longer_recording_stays_until_it_was_heard(hall: Hall, material: Material, longer: bytes) -> None:
    add(hall, material, captions=False)
    hall.replaced(longer)
    hall.run("fetch")  # and the night was over
    for steps in (("fetch",), ("fetch", "audio")):
        hall.run(*steps)
        assert hall.stays() == NotSafe(Unsafe.NOT_HEARD)
    hall.run()
    assert hall.stays() is None


def test_with_captions_it_stays_until_it_was_measured(hall: Hall, material: Material, longer: bytes) -> None:
    add(hall, material, captions=True)
    hall.replaced(longer)
    hall.run("fetch")
    assert hall.stays() == NotSafe(Unsafe.NOT_HEARD)
    hall.run("fetch", "audio")
    assert hall.stays() is None


@pytest.mark.parametrize("how", ["wanted", "growing"])
def test_it_stays_while_its_source_has_a_newer_one(hall: Hall, material: Material, how: str) -> None:
    add(hall, material, captions=False)
    recording = hall.archive.catalogue.meeting(MEETING).recordings[0]
    arrival = hall.archive.catalogue.arrivals.of(MEETING)[recording.id]
    marked = replace(arrival, wanted=how == "wanted", growing=how == "growing")
    hall.archive.catalogue.arrivals.keep(marked)
    assert hall.stays() == NotSafe(Unsafe.AT_SOURCE)
    rule = "[default]\nvideo_days = 3\nsource_days = {}\n"
    (hall.archive.settings.home / RETENTION).write_text(rule.format(3), encoding="utf-8")
    assert hall.stays() == NotSafe(Unsafe.AT_SOURCE)
    (hall.archive.settings.home / RETENTION).write_text(rule.format(2), encoding="utf-8")
    assert hall.stays() is None  # the source has deleted it: no newer one is to be had


def test_another_model_makes_no_text_less_safe(hall: Hall, material: Material) -> None:
    add(hall, material, captions=False)
    hall.archive.settings = hall.archive.settings.model_copy(update={"beam_size": 3})
    assert hall.stays() is None
