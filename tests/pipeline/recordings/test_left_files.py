"""What a killed run leaves of a recording goes with the next one; what is others' stays."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue import Edit, EditKind, LeaseLost, Recording, Settings, files_of
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.recordings.left import remove_left
from pipeline.recordings.names import live_name
from pipeline.runs.runner import Run
from pipeline.runs.running import running
from pipeline.terminal.reporter import Silent
from tests.catalogue.test_runners import silence
from tests.pipeline.conftest import ROOT, Material, ffmpeg

MEETING = "tranevig-byraadet-2025-09-24"
KILLED = """
import os, signal, sys
from pathlib import Path
from catalogue import Catalogue, Settings
from pipeline.archive import open_archive
from pipeline.runs.runner import Run
from pipeline.terminal.reporter import Silent

home, field, before, meeting = sys.argv[1:]
update = Catalogue.update_recording

def dying(self, recording, *arrivals):
    update(self, recording, *arrivals)
    if getattr(recording, field) != before:  # the row names the new file, and the old one is still there
        os.kill(os.getpid(), signal.SIGKILL)

Catalogue.update_recording = dying
with open_archive(Settings(home=Path(home))) as archive:
    Run(archive, Silent()).bring_up_to_date([meeting])
"""


@pytest.fixture(scope="module")
def whole(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one meeting that is done, and beside it the recording that it came from."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copy2(material.video, folder / "moede.mp4")
    with opened(folder) as archive:
        agenda, captions = str(material.agenda("2025-09-24")), str(material.captions)
        asked = Registration((str(folder / "moede.mp4"),), agenda=agenda, transcripts=(captions,))
        assert add_meeting(archive, asked).meeting_id == MEETING
        run(archive)
    return folder


@pytest.fixture
def folder(whole: Path, material: Material, tmp_path: Path) -> Path:
    shutil.copy2(material.video, whole / "moede.mp4")  # a test may have changed it
    shutil.copytree(whole / "home", tmp_path / "home")
    return tmp_path


@contextmanager
def opened(folder: Path) -> Iterator[Archive]:
    with open_archive(Settings(home=folder / "home")) as archive:  # type: ignore[call-arg]
        yield archive


def run(archive: Archive) -> None:
    outcome = Run(archive, Silent()).bring_up_to_date([MEETING])
    assert not outcome.failed, outcome


def recording_in(archive: Archive) -> Recording:
    (found,) = archive.catalogue.meeting(MEETING).recordings
    return found


def lying(archive: Archive) -> set[str]:
    return {f"{MEETING}/{file.name}" for file in archive.store.path(MEETING).iterdir()}


def run_killed(folder: Path, field: str, before: str) -> None:
    command = [sys.executable, "-c", KILLED, str(folder / "home"), field, before, MEETING]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    died = subprocess.run(command, cwd=ROOT, env=environment, timeout=240, check=False)
    assert died.returncode == -signal.SIGKILL


def test_a_file_in_which_what_was_redacted_is_heard_goes_though_the_run_was_killed(folder: Path) -> None:
    with opened(folder) as archive:
        before = recording_in(archive).playable
        redaction = Edit(EditKind.REDACTION, "anna", "et cpr-nummer", datetime.now(UTC), 4.0, 6.0)
        archive.catalogue.add_edit(MEETING, redaction)
    assert before is not None
    run_killed(folder, "playable", before)
    with opened(folder) as archive:
        assert recording_in(archive).playable != before
        assert before in lying(archive)
        run(archive)
        assert lying(archive) == set(files_of(recording_in(archive)))


def test_an_original_that_was_replaced_goes_though_the_run_was_killed(whole: Path, folder: Path) -> None:
    with opened(folder) as archive:
        recording = recording_in(archive)
        ffmpeg(
            "-i", str(whole / "moede.mp4"), "-c", "copy", "-metadata", "title=Anden", str(folder / "x.mp4")
        )
        shutil.copyfile(folder / "x.mp4", whole / "moede.mp4")
        arrival = archive.catalogue.arrivals.of(MEETING)[recording.id]
        archive.catalogue.arrivals.keep(replace(arrival, wanted=True))
    before = recording.original
    assert before is not None
    run_killed(folder, "original", before)
    with opened(folder) as archive:
        assert recording_in(archive).original != before
        assert before in lying(archive)
        run(archive)
        assert lying(archive) == set(files_of(recording_in(archive)))


def test_only_what_steps_make_of_its_recordings_goes(folder: Path) -> None:
    left = (
        "1-original.mkv", "1-original-0123abcd.mp4", "1-audio.wav", "1-play-0123abcd.mp4",
        "1-play-0123abcd-lyd.m4a", "1-play-0123abcd-4567cdef-89abcdef.webm",
    )  # fmt: skip
    others = (
        "11-original.mp4", "2-play-0123abcd.mp4", "1-original.bak.mp4", "1-originals.mp4", "1-play-kopi.mp4",
        live_name(MEETING, "https://live.example.dk/a.m3u8").rpartition("/")[2], "noter.txt",
    )  # fmt: skip
    with opened(folder) as archive:
        named = lying(archive)
        for name in (*left, *others):
            archive.store.path(f"{MEETING}/{name}").write_bytes(b"xyz")
        (archive.store.path(MEETING) / "1-original-0000aaaa.mp4").mkdir()
        half_made = archive.store.workspace(f"{MEETING}-1-play") / "play.mp4"
        half_made.write_bytes(b"x")
        assert remove_left(archive, MEETING) == 3 * len(left)
        assert lying(archive) == named | {
            f"{MEETING}/{name}" for name in (*others, "1-original-0000aaaa.mp4")
        }
        assert half_made.exists()
        assert remove_left(archive, MEETING) == 0


def test_who_lost_the_meeting_to_another_runner_removes_nothing_of_that_ones(folder: Path) -> None:
    with opened(folder) as archive, running(archive, "run") as stalled:
        assert stalled.take(MEETING)
        new = archive.store.path(f"{MEETING}/1-play-0123abcd.mp4")
        new.write_bytes(b"made by the other, and not yet on the row")
        other = archive.catalogue.runners.enter("another", 1, "/home", "there", "run")
        silence(archive.settings.database, stalled.me.id)
        assert archive.catalogue.runners.take(other.id, MEETING)
        with stalled.only_with(MEETING), pytest.raises(LeaseLost):
            remove_left(archive, MEETING)
        assert new.exists()
