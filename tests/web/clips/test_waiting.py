"""The queue: its bounds, its order, what goes wrong in it, and its end; visitors; and the shelf."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from ingest import ClipForm, Progress
from web.clips import shelf as shelving
from web.clips.cutting import HOUR
from web.clips.shelf import NoRoom, Shelf
from web.clips.stretch import Named, Stretch
from web.clips.waiting import ClipId, Failed, Full, NotMade, Queued, Waiting, Working
from web.visitors import Visitors

PATIENCE = 20  # seconds
A, B, C, D = (ClipId("m", name) for name in "abcd")


class Bench:
    """A queue whose work waits until the test lets it go on."""

    def __init__(self, places: int = 2) -> None:
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.made: list[ClipId] = []
        self.given_up: list[ClipId] = []
        self.waiting = Waiting(places, 1, self.make, lambda: None)

    def make(self, clip: ClipId, progress: Progress, given_up: Callable[[], bool]) -> None:
        progress(1.0, 4.0)
        self.begun.release()
        while not self.go.acquire(timeout=0.01):
            if given_up():
                self.given_up.append(clip)
                raise NotMade("standset")
        if clip == D:
            raise NotMade("fordi")
        self.made.append(clip)

    def until(self, condition: Callable[[], bool]) -> None:
        tick = threading.Event()
        for _ in range(PATIENCE * 100):
            if condition():
                return
            tick.wait(0.01)
        raise AssertionError("not in time")


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.waiting.stop()


def test_clips_are_made_in_turn_and_no_more_may_wait_than_there_are_places(bench: Bench) -> None:
    waiting = bench.waiting
    waiting.ask(A)
    assert bench.begun.acquire(timeout=PATIENCE)
    waiting.ask(B)
    waiting.ask(C)
    for again in (A, B, C):
        waiting.ask(again)  # no second place for the same
    with pytest.raises(Full):
        waiting.ask(D)
    assert waiting.look(A) == Working(0.25)
    assert (waiting.look(B), waiting.look(C), waiting.look(D)) == (Queued(1), Queued(2), None)
    bench.go.release(3)
    bench.until(lambda: bench.made == [A, B, C])
    bench.until(lambda: waiting.look(C) is None)
    waiting.ask(D)


def test_what_went_wrong_is_said_until_it_is_asked_for_again(bench: Bench) -> None:
    bench.go.release()
    bench.waiting.ask(D)
    bench.until(lambda: bench.waiting.look(D) == Failed("fordi"))
    bench.waiting.ask(D)
    assert not isinstance(bench.waiting.look(D), Failed)


def test_stopping_ends_what_is_at_work_and_takes_no_more(bench: Bench) -> None:
    bench.waiting.ask(A)
    bench.waiting.ask(B)
    assert bench.begun.acquire(timeout=PATIENCE)
    bench.waiting.stop()
    assert bench.given_up == [A]
    assert bench.made == []
    with pytest.raises(Full):
        bench.waiting.ask(C)


def test_a_visitor_has_so_many_an_hour() -> None:
    now = [0.0]
    visitors = Visitors(2, HOUR, now=lambda: now[0])
    for _ in range(2):
        assert visitors.wait("192.0.2.1") == 0
        visitors.gave("192.0.2.1")
    assert visitors.wait("192.0.2.1") == HOUR
    assert visitors.wait("192.0.2.2") == 0
    now[0] = HOUR
    assert visitors.wait("192.0.2.1") == 0
    assert b"192.0.2.1" not in repr(vars(visitors)).encode()


def test_memory_of_visitors_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.visitors.MOST_VISITORS", 3)
    visitors = Visitors(1, HOUR)
    for number in range(10):
        visitors.gave(f"192.0.2.{number}")
    assert len(visitors._given) == 3


ONE, TWO, THREE = (Named(Stretch(float(n), n + 9.0), ClipForm.SOUND) for n in (1, 2, 3))


def put(shelf: Shelf, meeting: str, revision: int, named: Named, size: int = 100) -> None:
    with shelf.workspace() as folder:
        made = folder / "clip.m4a"
        made.write_bytes(b"x" * size)
        shelf.put(made, meeting, revision, named)


def test_a_clip_is_found_of_its_revision_alone_and_deleted_after_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000)
    put(shelf, "m", 7, ONE)
    put(shelf, "n", 1, ONE)
    found = shelf.find("m", 7, ONE)
    assert found and found.read_bytes() == b"x" * 100
    assert shelf.find("m", 7, TWO) is None
    assert shelf.find("m", 8, ONE) is None
    assert not found.exists()
    assert shelf.find("n", 1, ONE)


def test_an_old_view_deletes_nothing_newer(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000)
    put(shelf, "m", 8, ONE)
    assert shelf.find("m", 7, ONE) is None
    assert shelf.find("m", 8, ONE)


def test_the_least_used_make_room(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 250)
    put(shelf, "m", 1, ONE)
    put(shelf, "n", 1, TWO)
    tag = (shelf.find("m", 1, ONE) or tmp_path).stat().st_mtime_ns
    put(shelf, "m", 1, THREE)
    assert shelf.find("n", 1, TWO) is None
    kept = shelf.find("m", 1, ONE)
    assert kept and kept.stat().st_mtime_ns == tag  # being used changes no ETag
    put(shelf, "m", 1, TWO, size=900)  # one that is larger than the room is kept until the next comes
    assert shelf.find("m", 1, TWO)
    assert shelf.find("m", 1, ONE) is None


def test_tidying_takes_what_changed_and_what_is_half_made(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000)
    put(shelf, "same", 3, ONE)
    put(shelf, "changed", 3, ONE)
    put(shelf, "gone", 3, ONE)
    left, at_work = tmp_path / shelving.PARTIAL / "left", tmp_path / shelving.PARTIAL / "work"
    for folder in (left, at_work):
        folder.mkdir()
        (folder / "clip.mp4").write_bytes(b"half")
        Path(f"{folder}.lock").touch()
    with FileLock(f"{at_work}.lock"):
        shelf.tidy({"same": 3, "changed": 4}.get)
        assert (at_work / "clip.mp4").exists()
    assert not left.exists()
    names = {str(p.relative_to(tmp_path)) for p in tmp_path.glob("m-*/*")}
    assert names == {f"m-same/3-{ONE.file}"}


def test_a_killed_process_leaves_nothing_that_counts(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from web.clips.shelf import Shelf\n"
        "with Shelf(Path(sys.argv[1]), 1000).workspace() as folder:\n"
        "    (folder / 'clip.mp4').write_bytes(b'half'); os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[3]), *sys.path])}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=environment, timeout=60, check=False)
    assert list(tmp_path.rglob("clip.mp4"))
    Shelf(tmp_path, 1000).tidy(lambda meeting: None)
    assert not list(tmp_path.rglob("*.*4"))
    assert not list((tmp_path / shelving.PARTIAL).iterdir())


def test_a_full_disk_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelving, "SPARE", 1 << 62)
    with pytest.raises(NoRoom), Shelf(tmp_path, 1000).workspace():
        pass
