"""Joining a live recording takes nothing of what is kept free, leaves nothing half made, and never ends a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from bench.chaos.disk import FULL
from catalogue import DiskFull, GapReason, Meeting, Settings
from ingest.live import Asked, End, Journal, Recorder, Taken, room_needed
from ingest.live.following import Mark
from ingest.live.recorder import ROOM_LEFT
from ingest.local_playlist import Piece
from pipeline.archive import Archive, open_archive
from pipeline.live.recording import LiveOutcome, finish_left
from pipeline.runs.outcome import DISK
from pipeline.runs.runner import Run
from pipeline.terminal.reporter import Silent
from tests.pipeline.chamber import add_public, in_index, public, redact
from tests.pipeline.conftest import Material, as_hls
from tests.pipeline.live.broadcast import BEGAN, Sender, Sent, on_air, segments_in
from tests.small_disk import SmallDisk, small_disk

ADDRESS = "https://live.example.dk/byraad.m3u8"
NO_DISK_HAS = 1 << 60  # bytes
Segments = list[tuple[str, float, bytes]]  # name, seconds, content


@pytest.fixture(scope="module")
def segments(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Segments:
    """Twelve seconds, in six."""
    folder = tmp_path_factory.mktemp("segments")
    as_hls(material.video, folder / "a.m3u8")
    files, lengths = segments_in(folder, "")
    return [(name, seconds, files[name]) for name, seconds in lengths]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 24) as mounted:
        yield mounted


def leave(archive: Archive, meeting_id: str, segments: Segments) -> Path:
    """What a recorder that was killed leaves: two stretches, for the sender began anew between them."""
    archive.catalogue.add_meeting(Meeting(meeting_id, "Byrådet", BEGAN.date(), "Byrådet", "Tranevig"))
    folder = archive.store.workspace(f"live-{meeting_id}")
    journal = Journal(folder / "journal.jsonl")
    journal.begin(f"{ADDRESS}?{meeting_id}", BEGAN)
    for n, (name, seconds, content) in enumerate(segments):
        (folder / name).write_bytes(content)
        mark = Mark(name, seconds, BEGAN + timedelta(seconds=2.0 * n))
        after = GapReason.CONNECTION if n == 3 else None
        journal.write(Taken(n // 3, n % 3, Piece(name, seconds), mark, BEGAN, len(content), after=after))
    journal.close()
    return folder


def segments_there(folder: Path, segments: Segments) -> bool:
    return {file.name for file in folder.glob("*.ts")} == {name for name, _, _ in segments}


def test_a_run_without_room_for_it_goes_on_with_what_needs_none(
    settings: Settings, segments: Segments
) -> None:
    with open_archive(settings) as archive:
        add_public(archive, "a")
        Run(archive, Silent()).bring_up_to_date(["a"])
        folders = [leave(archive, meeting_id, segments) for meeting_id in ("b", "c")]
    with open_archive(settings.model_copy(update={"keep_free_bytes": NO_DISK_HAS})) as archive:
        redact(archive, "a")
        came = Run(archive, Silent()).bring_up_to_date(["a"])
        assert in_index(archive) == public(archive)
        assert not any("atal0" in passage.text for passage in in_index(archive).values())
        assert [(one.meeting_id, one.step) for one in came.failed] == [("", DISK)]
        assert "the live recording of b needs" in came.failed[0].message
        assert "`talerstol run b`" in came.failed[0].message
    assert all(segments_there(folder, segments) for folder in folders)
    with open_archive(settings) as archive:
        Run(archive, Silent(), steps=()).bring_up_to_date([])
        assert all(len(archive.catalogue.meeting(one).recordings) == 1 for one in ("b", "c"))


def test_room_that_goes_while_it_is_joined_ends_that_and_leaves_nothing_half_made(
    settings: Settings, segments: Segments, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = iter([NO_DISK_HAS, NO_DISK_HAS])
    with open_archive(settings) as archive:
        folder = leave(archive, "b", segments)
        with monkeypatch.context() as patched:
            patched.setattr("pipeline.runs.room.free_bytes", lambda _: next(free, 0))
            ((_, came),) = finish_left(archive, lambda _, __: None)
        assert isinstance(came, DiskFull)
        assert segments_there(folder, segments) and not (folder / "joining").exists()
        ((_, came),) = finish_left(archive, lambda _, __: None)
        assert isinstance(came, LiveOutcome) and round(came.seconds) == 12
        assert not (folder / "joining").exists()


def test_a_disk_that_fills_up_while_it_is_joined_is_said_by_the_run(
    settings: Settings, segments: Segments, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk = settings.model_copy(update={"home": disk.folder / "home", "keep_free_bytes": 0})
    with open_archive(on_disk) as archive:
        folder = leave(archive, "b", segments)
        disk.leave(160 * 1024)
        with monkeypatch.context() as patched:
            patched.setattr("pipeline.runs.room.free_bytes", lambda _: NO_DISK_HAS)
            ((_, came),) = finish_left(archive, lambda _, __: None)
        assert isinstance(came, DiskFull)
        assert segments_there(folder, segments) and not (folder / "joining").exists()


def test_what_a_kill_left_of_joining_does_not_take_the_room_for_joining(
    settings: Settings, segments: Segments, disk: SmallDisk
) -> None:
    on_disk = settings.model_copy(update={"home": disk.folder / "home", "keep_free_bytes": 0})
    with open_archive(on_disk) as archive:
        folder = leave(archive, "b", segments)
        (folder / "joining").mkdir()
        disk.leave(1024)
        (disk.folder / FULL).rename(folder / "joining" / "all.mkv")
        ((_, came),) = finish_left(archive, lambda _, __: None)
        assert isinstance(came, LiveOutcome), came


def test_a_recorder_ends_while_what_is_here_can_still_be_joined(
    settings: Settings, segments: Segments, tmp_path: Path
) -> None:
    """Else what it ends with is refused, and waits for a person."""
    order = [Sent(n, name, 2.0 * n, seconds) for n, (name, seconds, _) in enumerate(segments)]
    sender = Sender({name: content for name, _, content in segments}, order, tick=len(order))
    keep = 3 << 30
    free = keep + ROOM_LEFT + sum(len(content) for _, _, content in segments[:2]) + 1
    with on_air(sender, None):
        journal = Journal(tmp_path / "journal.jsonl")
        journal.begin(sender.address, BEGAN)
        journal.close()
        with_reserve = settings.model_copy(update={"keep_free_bytes": keep})
        asked = Asked(sender.address, 60.0)
        recorder = Recorder(asked, tmp_path, with_reserve, lambda: BEGAN, Event(), free=lambda _: free)
        with closing(recorder):
            assert recorder.record(lambda _: None) is End.DISK
            assert room_needed(recorder.layout) + keep <= free
