"""One bad meeting, or an index that takes nothing, does not hold the others or the night."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator

import pytest

from catalogue import Settings, StepState
from catalogue.outbox import changed
from catalogue.tables import MeetingRow
from pipeline.archive import Archive, open_archive
from pipeline.index.outbox import Delivery, deliver_at_once
from pipeline.runs.runner import Run
from pipeline.runs.steps import INDEX
from pipeline.terminal.reporter import Silent
from search.embedded import backend as embedded_module
from tests.pipeline.chamber import add_public, in_index, public, redact, says, unsteady
from tests.pipeline.conftest import Material, Talerstol
from tests.pipeline.syncing import town


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with open_archive(settings) as opened:
        yield opened


def in_step(archive: Archive) -> bool:
    return in_index(archive) == public(archive) and not archive.catalogue.outbox.waiting()


def segmented(archive: Archive, meeting_id: str, text: str) -> str:
    """Put this in place of a meeting's stored segmentation; returns what was there."""
    with archive.catalogue._write() as session:
        row = session.get_one(MeetingRow, meeting_id)
        before, row.segmentation = row.segmentation, text
        changed(session, meeting_id, withdraws=False)
    return before or ""


def index_run(archive: Archive, *ids: str) -> list[tuple[str, str]]:
    outcome = Run(archive, Silent(), (INDEX,)).bring_up_to_date(ids)
    return [(failure.meeting_id, failure.message) for failure in outcome.failed]


def test_a_meeting_that_the_engine_stumbles_over_is_refused_alone(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    add_public(archive, "a", "b", "c")
    engine = unsteady(archive)

    def stumble(meeting_id: str) -> None:
        if meeting_id == "a":
            raise IndexError("list index out of range")

    engine.before = stumble
    [(meeting_id, why)] = index_run(archive, "a", "b", "c")
    assert (meeting_id, why.splitlines()[0]) == ("a", "IndexError")
    assert set(archive.engine.meetings()) == {"b", "c"}
    assert archive.catalogue.outbox.waits("a")
    assert archive.catalogue.steps("a")["index"].state is StepState.FAILED
    engine.before = lambda _: None
    assert index_run(archive, "a", "b", "c") == []
    assert in_step(archive)
    assert archive.catalogue.steps("a")["index"].state is StepState.DONE


def test_without_an_index_one_unreadable_meeting_is_left_out_of_the_new_one(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    add_public(archive, "a", "b", "c")
    assert index_run(archive, "a", "b", "c") == []
    good = segmented(archive, "b", "{}")
    shutil.rmtree(archive.settings.index_folder)
    [(meeting_id, why)] = index_run(archive, "a", "b", "c")
    assert meeting_id == "b" and "fault in Talerstolen" in why
    assert set(archive.engine.meetings()) == {"a", "c"}
    assert [entry.meeting_id for entry in archive.catalogue.outbox.waiting()] == ["b"]
    segmented(archive, "b", good)
    assert index_run(archive, "a", "b", "c") == []
    assert in_step(archive)


def test_a_new_index_from_the_command_line_tells_what_is_not_in_it(
    another: Callable[..., Talerstol], settings: Settings
) -> None:
    talerstol = another()
    with open_archive(Settings(home=talerstol.home)) as archive:  # type: ignore[call-arg]
        add_public(archive, "a", "b")
        segmented(archive, "b", "{}")
        process = talerstol.start("reindex", "--json")  # the log has the details
        told = json.loads(process.communicate(timeout=120)[0])
        assert (process.returncode, told["passages"], list(told["left"])) == (1, 2, ["b"])
        assert set(archive.engine.meetings()) == {"a"}


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_fault_is_said_by_its_kind_and_a_run_makes_anew_what_cannot_be_read(
    another: Callable[..., Talerstol], material: Material, form: str
) -> None:
    talerstol = another(TALERSTOL_LOG_FORMAT=form)
    captions, agenda = str(material.captions), str(material.agenda("2026-03-04"))
    meeting = talerstol("add", "-", "--transcript", captions, "--agenda", agenda).out.split()[-1]
    assert talerstol("run").code == 0
    with open_archive(Settings(home=talerstol.home)) as archive:  # type: ignore[call-arg]
        kept = archive.catalogue.segmentation(meeting)
        segmented(archive, meeting, '{"agenda": "", "transcripts": [], "spans": [{"status": "Granvænget"}]}')
        process = talerstol.start("items", meeting)
        out, told = process.communicate(timeout=120)
        assert process.returncode == 1
        assert "Traceback" not in told and "Granvænget" not in out + told
        assert "KeyError" in told or "ValueError" in told
        assert ("command failed unexpectedly" if form == "json" else "fault in Talerstolen") in told
        assert talerstol("run").code == 0
        assert archive.catalogue.segmentation(meeting) == kept


def test_what_had_failed_and_is_as_it_was_is_done(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    add_public(archive, "a")
    assert index_run(archive, "a") == []
    good = segmented(archive, "a", "{}")
    assert index_run(archive, "a") != []
    segmented(archive, "a", good)
    engine = unsteady(archive)
    assert index_run(archive, "a") == []
    assert engine.tried == []  # the index has it already
    assert archive.catalogue.steps("a")["index"].state is StepState.DONE


def test_a_full_disk_is_found_out_at_the_start_and_at_the_end_of_a_run(archive: Archive) -> None:
    ids = ("a", "b", "c", "d")
    add_public(archive, *ids)
    engine, reporter = unsteady(archive), town.Silent()
    engine.full = True
    outcome = Run(archive, reporter).bring_up_to_date(ids)
    [failure] = outcome.failed
    assert failure.message.startswith("4 meetings wait to reach the search index. here: it makes no progress")
    assert len(engine.tried) == 2  # not once for each meeting: that takes two minutes each time
    assert reporter.said == ["here: it makes no progress; its disk may be full"]
    assert not any("index" in archive.catalogue.steps(one) for one in ids)  # no meeting is to blame
    engine.full = False
    assert index_run(archive, *ids) == []
    assert in_step(archive)


def test_a_full_disk_is_left_alone_for_a_while(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.index.outbox.REST", 0.0)
    add_public(archive, "a")
    engine = unsteady(archive)
    engine.full, delivery = True, Delivery(archive, Silent())
    for _ in range(3):
        assert not delivery.go_on()
    assert engine.tried == ["a"]
    monkeypatch.setattr("pipeline.index.outbox.LONG_REST", 0.0)
    delivery = Delivery(archive, Silent())
    for _ in range(3):
        assert not delivery.go_on()
    assert engine.tried == ["a"] * 4


@pytest.mark.parametrize("fault", [RuntimeError, OSError])
def test_an_index_that_one_meeting_spoils_is_built_once_and_then_filled_by_the_others(
    archive: Archive, fault: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    add_public(archive, "a", "b", "c")
    index_run(archive, "a", "b", "c")
    shutil.rmtree(archive.settings.index_folder)
    engine = unsteady(archive)

    def spoil(meeting_id: str) -> None:
        if meeting_id == "b":
            raise fault("no such thing")

    engine.before = spoil
    [(meeting_id, why)] = index_run(archive, "a", "b", "c")
    assert (meeting_id, why.splitlines()[0]) == ("b", fault.__name__)
    assert engine.tried == ["*", "a", "b", "c"]  # not built again after each meeting
    assert set(archive.engine.meetings()) == {"a", "c"}
    engine.before = lambda _: None
    assert index_run(archive, "a", "b", "c") == []
    assert in_step(archive)


def test_an_index_of_another_version_that_cannot_be_built_is_tried_twice_in_a_run(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ids = ("a", "b", "c")
    add_public(archive, *ids)
    index_run(archive, *ids)
    monkeypatch.setitem(embedded_module.STAMPED, "schema", "newer")
    engine = unsteady(archive)

    def fail(_: str) -> None:
        raise RuntimeError("no such thing")

    engine.before = fail
    [(meeting_id, why)] = index_run(archive, *ids)
    assert meeting_id == "" and why.startswith("3 meetings wait to reach the search index. RuntimeError")
    assert engine.tried == ["*", "*"]  # at the start and at the end


def test_a_command_delivers_what_it_withdrew_and_not_all_of_an_outage(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_public(archive, "a")
    index_run(archive, "a")
    add_public(archive, "b", "c")
    redact(archive, "a")
    monkeypatch.setattr("pipeline.index.outbox.AT_ONCE", -1.0)
    engine = unsteady(archive)
    assert deliver_at_once(archive, "a") == ""
    assert engine.tried == ["a"] and not says(archive, "atal0")
    assert deliver_at_once(archive) == "2 meetings wait to reach the search index"
    monkeypatch.setattr("pipeline.index.outbox.AT_ONCE", 10.0)
    assert deliver_at_once(archive) == ""
    assert in_step(archive)


def test_what_is_left_at_the_deadline_is_said_to_wait(archive: Archive) -> None:
    add_public(archive, "a", "b", "c")
    index_run(archive, "a")
    add_public(archive, "d")
    redact(archive, "b")
    outcome = Run(archive, Silent(), (INDEX,), until=archive.now()).bring_up_to_date(["a", "b", "c", "d"])
    assert not outcome.failed and "d" in outcome.waiting
    assert [entry.meeting_id for entry in archive.catalogue.outbox.waiting()] == ["d"]
    assert not says(archive, "btal0")
