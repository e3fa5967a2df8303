"""What is left of work is told from what goes on, and a live recording is never called rubbish."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue import Settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.health import Finding, check_deeply
from pipeline.live.recording import JOURNAL, PREFIX
from pipeline.recordings.workspaces import workspace
from pipeline.runs.locks import alone
from pipeline.runs.runner import Run
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material, Talerstol, as_hls
from tests.pipeline.live.broadcast import FACTS, MEETING, Sender, Sent, on_air
from tests.pipeline.live.test_recording import wait_for

STEPS = ("fetch", "transcribe", "media")


@pytest.fixture
def archive(settings: Settings, material: Material) -> Iterator[Archive]:
    """One meeting, of which nothing was made yet."""
    with open_archive(settings) as archive:
        agenda, captions = str(material.agenda("2025-09-24")), str(material.captions)
        add_meeting(archive, Registration((str(material.sound),), agenda, (captions,)))
        yield archive


def told(archive: Archive) -> list[Finding]:
    return [finding for finding in check_deeply(archive, Silent()) if finding.subject == "workspaces"]


def begun(archive: Archive, key: str) -> Path:
    file = archive.store.workspace(key) / "some"
    file.write_bytes(b"x")
    return file.parent


def recording_of(archive: Archive) -> str:
    return archive.catalogue.meetings()[0].recordings[0].id


def test_what_the_next_run_goes_on_with_is_no_fault(archive: Archive) -> None:
    for step in STEPS:
        begun(archive, workspace(recording_of(archive), step))
    (only,) = told(archive)
    assert only.ok and only.text.startswith("3 of work that was stopped")


def test_what_no_work_needs_is_named_with_its_folder(archive: Archive) -> None:
    assert Run(archive, Silent()).bring_up_to_date(archive.catalogue.meeting_ids()).failed == ()
    assert [finding.text for finding in told(archive)] == ["as they should be"]
    left = [begun(archive, workspace(recording_of(archive), step)) for step in STEPS]
    left.append(begun(archive, "another-meeting-1"))
    found = told(archive)
    assert {finding.text.split(":")[0] for finding in found} == {str(folder) for folder in left}
    assert not any(finding.ok for finding in found) and all(finding.remedy for finding in found)


def test_what_a_runner_holds_is_left_alone(archive: Archive) -> None:
    (meeting_id,) = archive.catalogue.meeting_ids()
    assert Run(archive, Silent()).bring_up_to_date([meeting_id]).failed == ()
    begun(archive, workspace(recording_of(archive), "media"))
    with alone(archive) as running:
        running.take(meeting_id)
        assert all(finding.ok for finding in told(archive))
    assert not any(finding.ok for finding in told(archive))


def taken(folder: Path) -> int:
    journal = folder / JOURNAL
    return journal.read_text(encoding="utf-8").count('"taken"') if journal.exists() else 0


@pytest.fixture
def sender(material: Material, tmp_path: Path) -> Sender:
    playlist = tmp_path / "stream" / "live.m3u8"
    playlist.parent.mkdir()
    as_hls(material.video, playlist)
    files = {file.name: file.read_bytes() for file in playlist.parent.glob("*.ts")}
    return Sender(files, [Sent(n, name, 2.0 * n, 2.0) for n, name in enumerate(sorted(files))])


def test_an_unfinished_live_recording_is_named_until_a_run_has_finished_it(
    sender: Sender, talerstol: Talerstol, settings: Settings
) -> None:
    folder = settings.home / "media" / ".partial" / f"{PREFIX}{MEETING}"
    with on_air(sender, None), open_archive(settings) as archive:
        sender.tick = 3
        process = talerstol.start("record", sender.address, *FACTS)
        wait_for(lambda: taken(folder) == 3)
        assert [finding.text for finding in told(archive)] == ["as they should be"]  # it is being recorded
        process.kill()
        process.communicate()
        (found,) = told(archive)
        assert not found.ok and f"{folder}: an unfinished live recording of 3 segments" in found.text
        assert f"`talerstol run {MEETING}`" in found.remedy and "elete" not in found.remedy
        assert talerstol("run", MEETING).code in (0, 1)  # there is no agenda
        assert [finding.text for finding in told(archive)] == ["as they should be"]
        assert archive.catalogue.meeting(MEETING).recordings


def test_a_live_recording_that_cannot_be_read_is_kept(archive: Archive) -> None:
    folder = archive.store.workspace(f"{PREFIX}{MEETING}")
    (found,) = told(archive)
    assert "never got a segment" in found.text
    (folder / JOURNAL).write_text(json.dumps({"kind": "taken"}) + "\n", encoding="utf-8")
    (found,) = told(archive)
    assert "cannot be read" in found.text and found.remedy.startswith("Keep the folder")
    shutil.rmtree(folder)
    assert [finding.text for finding in told(archive)] == ["as they should be"]
