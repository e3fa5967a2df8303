"""Several runners on one queue, as processes, one of them killed: each recording is done once, and nothing is lost.

The database itself keeps the log of the work: a trigger writes down every result of a step that is recorded.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from catalogue import (
    Catalogue,
    LeaseLost,
    Runner,
    Settings,
    StepResult,
    StepState,
    load_settings,
    published_meeting,
)
from ingest import Progress
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.runs.locks import IndexBusy, writing_index
from pipeline.runs.runner import Run
from pipeline.runs.running import running
from pipeline.runs.steps import STEPS as all_steps
from pipeline.syncing.sync import SYNC_LEASE, SyncBusy, sync
from pipeline.terminal.console import LineReporter
from pipeline.terminal.reporter import Work
from tests.catalogue.test_runners import silence
from tests.pipeline.conftest import ROOT, Material, Talerstol

DAYS = tuple(f"2025-09-{day:02}" for day in range(1, 8))
STEPS = ("fetch", "audio", "transcribe", "segment", "media")
LONG = 200.0  # s that a process may take on a busy machine
_ON_POSTGRES = """
CREATE FUNCTION log_work() RETURNS trigger AS $$ BEGIN
  INSERT INTO work_log VALUES (NEW.meeting_id, NEW.step, NEW.state); RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER log_work AFTER INSERT OR UPDATE ON steps FOR EACH ROW EXECUTE FUNCTION log_work()
"""
_ON_SQLITE = tuple(
    f"CREATE TRIGGER log_{word} AFTER {word} ON steps "
    "BEGIN INSERT INTO work_log VALUES (NEW.meeting_id, NEW.step, NEW.state); END"
    for word in ("INSERT", "UPDATE")
)


@dataclass(frozen=True)
class Queue:
    """A database that keeps a log of the work, and machines (homes) that share it and the media."""

    url: str
    engine: Engine
    machine: Callable[[str], Talerstol]
    started: list[subprocess.Popen[str]]

    def start(self, name: str) -> subprocess.Popen[str]:
        machine = self.machine(name)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.pipeline.runs.one_runner"], env=machine.environment, cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    @contextmanager
    def opened(self, name: str) -> Iterator[Archive]:
        home = self.machine(name).home
        settings = Settings(home=home, database_url=self.url, media=home.parent / "media")  # type: ignore[call-arg]
        with open_archive(settings) as archive:
            yield archive

    def log(self) -> Counter[tuple[str, str, str]]:
        with self.engine.connect() as connection:
            return Counter(
                (m, s, state) for m, s, state in connection.execute(text("SELECT * FROM work_log"))
            )

    def asked(self, question: str) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(text(question)))

    def when(self, question: str) -> None:
        """Wait until the database has an answer."""
        until = time.monotonic() + LONG
        while not self.asked(question):
            assert time.monotonic() < until, question
            time.sleep(0.1)

    def done_once(self, ids: list[str]) -> None:
        """Every step of every meeting is on record exactly once, and each is public, whole and alone in the media."""
        assert self.log() == {(m, step, "done"): 1 for m in ids for step in STEPS}
        catalogue = Catalogue.open(self.url)
        try:
            for meeting in catalogue.meetings():
                view = published_meeting(catalogue, meeting.id)
                assert view is not None
                assert view.sentences
                versions = catalogue.transcript_versions(meeting.id)
                assert all(len(of_one) == 1 for of_one in versions.values())
            assert catalogue.runners.all() == []
            assert catalogue.runners.leases() == {}
        finally:
            catalogue.close()
        left = [f for f in (self.machine("a").home.parent / "media" / ".partial").rglob("*") if f.is_file()]
        assert left == []


@pytest.fixture
def queue(database_url: str, tmp_path: Path, material: Material) -> Iterator[Queue]:
    def machine(name: str) -> Talerstol:
        return Talerstol(
            tmp_path / name,
            TALERSTOL_DATABASE_URL=database_url,
            TALERSTOL_MEDIA=str(tmp_path / "media"),
        )

    fill(machine("a"), material, DAYS)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE work_log (meeting_id TEXT, step TEXT, state TEXT)"))
        for statement in (_ON_POSTGRES,) if engine.dialect.name == "postgresql" else _ON_SQLITE:
            connection.execute(text(statement))
    queue = Queue(database_url, engine, machine, [])
    yield queue
    for process in queue.started:
        if process.poll() is None:
            process.kill()
            process.communicate()
    engine.dispose()


def fill(talerstol: Talerstol, material: Material, days: tuple[str, ...]) -> None:
    settings = load_settings(talerstol.home).model_copy(
        update={"database_url": talerstol.environment["TALERSTOL_DATABASE_URL"]}
    )
    with open_archive(settings) as archive:
        for n, day in enumerate(days):
            source, agenda = material.video if n % 2 else material.sound, material.agenda(day)
            add_meeting(archive, Registration((str(source),), str(agenda), (str(material.captions),)))


def ids(queue: Queue) -> list[str]:
    return queue.asked("SELECT id FROM meetings ORDER BY id")


AT_WORK = "SELECT meeting_id FROM steps WHERE step = 'audio'"  # one has come so far, and is not through yet


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_machines_one_killed_each_recording_is_done_once(queue: Queue) -> None:
    killed = queue.start("a")
    queue.when(AT_WORK)
    other = queue.start("b")
    queue.when("SELECT key FROM leases GROUP BY key HAVING (SELECT count(*) FROM leases) > 1")
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    [dead] = queue.asked("SELECT id FROM runners WHERE home LIKE '%/a'")
    assert queue.asked(f"SELECT key FROM leases WHERE runner_id = '{dead}'")
    silence(queue.url, dead)  # a minute has passed
    out, err = other.communicate(timeout=LONG)
    assert other.returncode == 0, err
    assert json.loads(out)["failed"] == []
    assert json.loads(out)["waiting"] == []
    [row] = queue.asked("SELECT id FROM runners")
    assert row == dead  # told to whoever looks, until the next run at its place
    again = queue.start("a")
    out, err = again.communicate(timeout=LONG)
    assert json.loads(out)["done"] == [], err
    queue.done_once(ids(queue))


@pytest.mark.runners
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_at_the_same_place_what_was_killed_is_free_at_once(queue: Queue) -> None:
    killed = queue.start("a")
    queue.when(AT_WORK)
    killed.kill()
    killed.communicate()
    out, err = queue.start("a").communicate(timeout=LONG)
    assert json.loads(out)["waiting"] == [], err
    queue.done_once(ids(queue))


@pytest.mark.runners
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_embedded_index_is_not_for_two_machines(queue: Queue) -> None:
    first = queue.start("a")
    queue.when("SELECT id FROM runners WHERE progress LIKE '%\"at_work\":[{%'")
    first.send_signal(signal.SIGSTOP)  # so that it is at work however long the others take to start
    said = queue.machine("b")("run")
    assert said.code == 1
    assert "the embedded search index cannot be shared" in said.err
    assert "Set up Meilisearch" in said.err
    [seen] = json.loads(queue.machine("b")("status", "--json").out)["runs"]
    assert (seen["doing"], seen["pid"], seen["lives"]) == ("run", first.pid, True)
    far = seen["progress"]
    assert far["meetings_done"] + far["meetings_left"] == len(DAYS)
    assert far["at_work"][0]["meeting_id"] in ids(queue)
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=LONG)
    queue.done_once(ids(queue))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_sqlite_a_second_is_refused_and_a_killed_one_s_lock_is_gone(queue: Queue) -> None:
    first = queue.start("a")
    queue.when(AT_WORK)
    first.send_signal(signal.SIGSTOP)  # so that it is at work however long the others take to start
    said = queue.machine("a")("run")
    assert said.code == 1
    assert f"process {first.pid} on" in said.err
    assert "another run is at work on this archive since 20" in said.err
    seen = queue.machine("a")("status").out
    assert f"(process {first.pid})" in seen
    assert "run on" in seen
    first.kill()
    first.communicate()
    out, err = queue.start("a").communicate(timeout=LONG)
    assert json.loads(out)["waiting"] == [], err
    queue.done_once(ids(queue))


class Stalled(LineReporter):
    """While this runner places the agenda items of its first meeting it is stalled, and another takes it over."""

    def __init__(self, url: str, archive: Archive) -> None:
        super().__init__()
        self.url, self.archive = url, archive
        self.other: Runner | None = None
        self.taken = ""

    @contextmanager
    def step(self, meeting_id: str, step: Work) -> Iterator[Progress]:
        runners = self.archive.catalogue.runners
        if step.name == "segment" and self.other is None:
            silence(self.url, *(one.id for one in runners.all()))
            self.other, self.taken = runners.enter("other", 1, "/other", "other", "run"), meeting_id
            assert runners.take(self.other.id, meeting_id)
        with super().step(meeting_id, step) as progress:
            yield progress

    def note(self, text: str) -> None:
        super().note(text)
        if self.other is not None and "another runner has taken this over" in text:
            assert self.archive.catalogue.segmentation(self.taken) is None
            assert "segment" not in self.archive.catalogue.steps(self.taken)
            self.archive.catalogue.runners.leave(self.other.id)


def test_what_a_stalled_runner_made_is_not_kept(queue: Queue) -> None:
    with queue.opened("a") as archive:
        stalled = Stalled(queue.url, archive)
        outcome = Run(archive, stalled, all_steps[:-1]).bring_up_to_date(archive.catalogue.meeting_ids()[:2])
        assert (outcome.failed, outcome.waiting) == ((), ())
    assert stalled.taken in ids(queue)
    counted = queue.log()
    assert set(counted.values()) == {1}
    assert len(counted) == 2 * len(STEPS)


class UntilItWaits(LineReporter):
    """A clock that comes to the deadline when the run waits for other runners."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)

    def note(self, text: str) -> None:
        super().note(text)
        if "in the hands of another runner since 20" in text:
            self.now += timedelta(hours=9)


def test_at_the_deadline_what_others_have_waits(queue: Queue) -> None:
    with queue.opened("a") as archive:
        other = archive.catalogue.runners.enter("other", 1, "/other", "other", "run")
        first, second = archive.catalogue.meeting_ids()[:2]
        assert archive.catalogue.runners.take(other.id, first)
        clock = UntilItWaits()
        archive.now = lambda: clock.now
        run = Run(archive, clock, all_steps[:-1], clock.now + timedelta(hours=8))
        outcome = run.bring_up_to_date([first, second])
    assert outcome.waiting == (first,)
    assert {meeting for meeting, _ in outcome.done} == {second}
    assert {meeting for meeting, _, _ in queue.log()} == {second}


def test_what_another_failed_with_meanwhile_is_left_to_the_next_run(queue: Queue) -> None:
    with queue.opened("a") as archive:
        first, second = archive.catalogue.meeting_ids()[:2]
        run = Run(archive, LineReporter(), all_steps[:-1])
        failed = StepResult(first, "fetch", StepState.FAILED, "", archive.now(), 1.0, "the source is away")
        archive.catalogue.record_step(failed)
        assert {meeting for meeting, _ in run.bring_up_to_date([first, second]).done} == {second}
        again = Run(archive, LineReporter(), all_steps[:-1]).bring_up_to_date([first, second])
    assert {meeting for meeting, _ in again.done} == {first}


def test_the_index_has_one_writer_among_all_machines(database_url: str, tmp_path: Path) -> None:
    """Where it is Meilisearch, and the database may be shared."""
    one, other = (
        Settings(home=tmp_path / name, database_url=database_url, meili_url="http://127.0.0.1:1")  # type: ignore[call-arg]
        for name in ("a", "b")
    )
    with open_archive(one) as first, open_archive(other) as second:
        shared = first.catalogue.shared
        with writing_index(first):
            refused = pytest.raises(IndexBusy, match="since 20.*index, process") if shared else nullcontext()
            with refused, writing_index(second):
                pass
        with writing_index(second, patience=5.0):
            assert len(first.catalogue.runners.all()) == int(shared)
        assert first.catalogue.runners.all() == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_machine_at_a_time_asks_the_portals(queue: Queue) -> None:
    with queue.opened("a") as archive, queue.opened("b") as elsewhere:
        other = archive.catalogue.runners.enter("other", 7, "/other", "other", "sync")
        assert archive.catalogue.runners.take(other.id, SYNC_LEASE)
        with pytest.raises(SyncBusy, match="since 20.*process 7 on other"):
            sync(elsewhere, LineReporter(), (), date(2026, 1, 1))
        assert sync(elsewhere, LineReporter(), (), date(2026, 1, 1), dry_run=True).municipalities == ()
        archive.catalogue.runners.leave(other.id)
        assert sync(elsewhere, LineReporter(), (), date(2026, 1, 1)).municipalities == ()


def test_who_lost_a_lease_finds_out_by_itself(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.runs.running.TELL", 0.05)
    monkeypatch.setattr("pipeline.runs.running.BEAT", 0.1)
    with queue.opened("a") as archive, running(archive, "run") as me:
        runners, other = archive.catalogue.runners, archive.catalogue.runners.enter("b", 1, "/b", "b", "run")
        assert me.take("m")
        assert me.take("n")
        me.check("m")
        silence(queue.url, me.me.id)
        while not runners.take(other.id, "m"):  # until it beats again just in between
            silence(queue.url, me.me.id)
        until = time.monotonic() + LONG
        with pytest.raises(LeaseLost):
            while time.monotonic() < until:
                me.check("m")
                time.sleep(0.05)
        me.check("n")
        runners.leave(other.id)
        assert me.take("m")
        me.check("m")


def test_who_was_silent_asks_before_it_goes_on(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.runs.running.SILENT", -1.0)
    monkeypatch.setattr("pipeline.runs.running.TELL", LONG)  # it never beats
    with queue.opened("a") as archive, running(archive, "run") as me:
        assert me.take("m")
        me.check("m")
        archive.catalogue.runners.release(me.me.id, "m")
        with pytest.raises(LeaseLost):
            me.check("m")


@pytest.mark.runners
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_three_machines_killed_again_and_again(queue: Queue, seed: int) -> None:
    dice, names = random.Random(seed), ("a", "b", "c")
    at_work = {name: queue.start(name) for name in names}
    for _ in range(12):
        time.sleep(dice.uniform(0.5, 4.0))
        name = dice.choice(names)
        at_work[name].kill()
        at_work[name].communicate()
        at_work[name] = queue.start(name)
    for process in at_work.values():
        out, err = process.communicate(timeout=LONG)
        assert json.loads(out)["waiting"] == json.loads(out)["failed"] == [], err
    queue.start("a").communicate(
        timeout=LONG
    )  # those before may have ended together, and each left it to the other
    queue.done_once(ids(queue))


@pytest.mark.runners
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_real_minute_passes_and_a_recording_is_heard(
    queue: Queue, joined: Callable[[float, int], Path], tmp_path: Path
) -> None:
    """Nothing is hurried: the killed runner was hearing a recording, and its lease ends by itself."""
    pytest.importorskip("faster_whisper", reason="the extra [transcribe] is not installed")
    recording = tmp_path / "hoert.flac"
    shutil.copyfile(joined(60, 1), recording)
    assert queue.machine("a")("add", str(recording), "--title", "Hørt", "--date", "2025-08-31").code == 0
    killed = queue.start("a")
    queue.when("SELECT meeting_id FROM steps WHERE step = 'audio' AND meeting_id LIKE '%2025-08-31%'")
    other = queue.start("b")
    killed.kill()
    killed.communicate()
    out, err = other.communicate(timeout=290)
    assert json.loads(out)["waiting"] == [], err
    queue.start("a").communicate(timeout=LONG)
    queue.done_once(ids(queue))
