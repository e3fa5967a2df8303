"""What changed in the catalogue reaches the index once and in order, whatever comes in between."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sqlalchemy import delete, update

from catalogue import Agenda, EditKind, Settings, StepState
from catalogue.outbox import changed
from catalogue.tables import IndexedRow, MeetingRow
from pipeline.archive import Archive, open_archive
from pipeline.index.indexing import reindex_all
from pipeline.index.outbox import Delivery, deliver_at_once
from pipeline.runs.locks import writing_index
from pipeline.runs.outcome import Failure
from pipeline.runs.runner import Run
from pipeline.runs.steps import INDEX
from pipeline.status import State, meeting_status, outbox_status
from pipeline.terminal.reporter import Silent
from search.embedded import backend as embedded_module
from tests.pipeline.chamber import (
    ITEMS,
    Killed,
    add_public,
    edit,
    in_index,
    place,
    public,
    redact,
    says,
    unsteady,
)
from tests.pipeline.conftest import Material, Talerstol
from tests.pipeline.syncing import town


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with open_archive(settings) as opened:
        yield opened


def deliver(archive: Archive) -> list[str]:
    delivery = Delivery(archive, Silent())
    delivery.go_on()
    return delivery.delivered


def in_step(archive: Archive) -> bool:
    return in_index(archive) == public(archive) and not archive.catalogue.outbox.waiting()


def test_what_changed_reaches_the_index_once(archive: Archive) -> None:
    engine = unsteady(archive)
    add_public(archive, "a", "b")
    assert deliver(archive) == ["a", "b"]
    assert in_step(archive) and len(public(archive)) == 4
    assert deliver(archive) == []
    redact(archive, "a")
    assert says(archive, "atal0")
    assert deliver(archive) == ["a"]
    assert in_step(archive) and not says(archive, "atal0")
    assert engine.written == ["a", "b", "a"]


def test_the_same_on_either_database(settings: Settings, database_url: str) -> None:
    with open_archive(settings.model_copy(update={"database_url": database_url})) as archive:
        add_public(archive, "a", "b")
        assert deliver(archive) == ["a", "b"]
        redact(archive, "b")
        assert deliver(archive) == ["b"]
        assert in_step(archive)
        redact(archive, "a")
        assert reindex_all(archive, Silent()) == 4
        assert in_step(archive) and not says(archive, "tal0")


def test_a_change_that_nobody_can_find_costs_no_write(archive: Archive) -> None:
    engine = unsteady(archive)
    add_public(archive, "a")
    deliver(archive)
    place(archive, "a")
    assert archive.catalogue.outbox.waits("a")
    assert deliver(archive) == []
    assert in_step(archive) and engine.written == ["a"]


def test_withdrawals_leave_the_index_first_also_those_that_come_meanwhile(archive: Archive) -> None:
    add_public(archive, "c")
    deliver(archive)
    engine = unsteady(archive)
    add_public(archive, "a", "b", "d")
    redact(archive, "c")
    engine.after = lambda one: redact(archive, "d") if one == "a" else None
    assert deliver(archive) == ["c", "a", "d", "b"]
    assert in_step(archive)


def test_a_change_while_it_is_delivered_is_not_lost(archive: Archive) -> None:
    engine = unsteady(archive)
    add_public(archive, "a")
    left = [80.0, 90.0]
    engine.before = lambda one: redact(archive, one, left[0], left.pop(0) + 9) if left else None
    assert deliver(archive) == ["a", "a", "a"]
    assert in_step(archive) and not says(archive, "atal8") and not says(archive, "atal9")


def test_a_meeting_that_is_gone_leaves_the_index(archive: Archive) -> None:
    add_public(archive, "a", "b")
    deliver(archive)
    with archive.catalogue._write() as session:
        session.execute(delete(MeetingRow).where(MeetingRow.id == "a"))
        changed(session, "a", withdraws=True)
    assert deliver(archive) == ["a"]
    assert in_step(archive) and {p.meeting for p in in_index(archive).values()} == {"b"}


# Engines that are away, refuse, or are another's ---------------------------------------------------------


def test_while_the_engine_is_away_all_waits_and_is_said_once(archive: Archive) -> None:
    add_public(archive, "a", "b", "c")
    engine, reporter = unsteady(archive), town.Silent()
    engine.away = True
    outcome = Run(archive, reporter).bring_up_to_date(["a", "b", "c"])
    [failure] = outcome.failed
    assert (failure.meeting_id, failure.step) == ("", "index")
    assert "3 meetings wait to reach the search index. here: the engine is away" in failure.message
    assert reporter.said == ["here: the engine is away\nStart it."]
    assert ("c", "media") in outcome.done  # the rest of the work went on
    assert outbox_status(archive).waiting == 3
    assert "3 meetings wait to reach the search index since 20" in outbox_status(archive).sentence
    assert meeting_status(archive, "a").state is State.WAITING

    engine.away = False
    outcome = Run(archive, reporter).bring_up_to_date(["a", "b", "c"])
    assert (outcome.failed, outcome.done) == ((), (("a", "index"), ("b", "index"), ("c", "index")))
    assert in_step(archive)
    assert meeting_status(archive, "a").state is State.DONE
    assert outbox_status(archive).since is None


def test_an_engine_that_comes_back_during_a_run_gets_all(archive: Archive) -> None:
    add_public(archive, "a", "b")
    engine = unsteady(archive)
    engine.away = True

    class Back(town.Silent):
        def note(self, text: str) -> None:
            engine.away = False

    outcome = Run(archive, Back()).bring_up_to_date(["a", "b"])
    assert outcome.failed == ()
    assert in_step(archive)


def test_one_meeting_that_the_engine_refuses_does_not_stop_the_others(archive: Archive) -> None:
    add_public(archive, "a", "b", "c")
    engine, reporter = unsteady(archive), town.Silent()
    engine.refuses = frozenset("a")
    outcome = Run(archive, reporter).bring_up_to_date(["a", "b", "c"])
    assert outcome.failed == (Failure("a", "index", "here: a task failed: too large"),)
    assert set(archive.engine.meetings()) == {"b", "c"}
    assert reporter.said == ["here: a task failed: too large"]
    assert archive.catalogue.steps("a")["index"].state is StepState.FAILED
    step = meeting_status(archive, "a").steps[-1]
    assert (step.name, step.state, step.message) == ("index", State.FAILED, "here: a task failed: too large")

    engine.refuses = frozenset("abc")  # as a server with a full disk
    for one in "abc":
        redact(archive, one)
    [failure] = Run(archive, reporter).bring_up_to_date(["a", "b", "c"]).failed
    assert failure.meeting_id == ""
    assert failure.message == "3 meetings wait to reach the search index. here: a task failed: too large"

    engine.refuses = frozenset()
    assert Run(archive, reporter).bring_up_to_date(["a", "b", "c"]).failed == ()
    assert in_step(archive)
    assert meeting_status(archive, "a").steps[-1].state is State.DONE


def test_a_meeting_that_cannot_be_read_does_not_stop_the_others(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    add_public(archive, "a", "b")
    with archive.catalogue._write() as session:
        session.get_one(MeetingRow, "a").segmentation = "{}"
    outcome = Run(archive, Silent(), (INDEX,)).bring_up_to_date(["a", "b"])
    assert [(f.meeting_id, f.step) for f in outcome.failed] == [("a", "index")]
    assert "This is a fault in Talerstolen" in outcome.failed[0].message
    assert set(archive.engine.meetings()) == {"b"}


def test_a_folder_that_cannot_be_written_is_an_engine_that_is_away(archive: Archive) -> None:
    add_public(archive, "a")
    archive.settings.index_folder.write_text("in the way")
    [failure] = Run(archive, Silent(), (INDEX,)).bring_up_to_date(["a"]).failed
    assert "the search index cannot be used" in failure.message
    archive.settings.index_folder.unlink()
    assert Run(archive, Silent(), (INDEX,)).bring_up_to_date(["a"]).failed == ()
    assert in_step(archive)


def test_an_index_of_another_version_is_left_to_a_run(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_public(archive, "a")
    deliver(archive)
    redact(archive, "a")
    monkeypatch.setitem(embedded_module.STAMPED, "schema", "newer")
    assert "has to be built anew" in deliver_at_once(archive, "a")
    Delivery(archive, Silent()).mend(only_lost=True)  # an older server beside a newer run
    assert says(archive, "atal0")
    assert Run(archive, Silent(), (INDEX,)).bring_up_to_date(["a"]).failed == ()
    assert in_step(archive)


def test_another_engine_gets_all(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that held a part, or what has been withdrawn since."""
    add_public(archive, "a", "b")
    deliver(archive)
    redact(archive, "a")
    with archive.catalogue._write() as session:
        session.execute(update(IndexedRow).values(engine="another"))
    engine = unsteady(archive)
    Run(archive, Silent(), (INDEX,)).bring_up_to_date(["a"])
    assert engine.written == ["*"]
    assert in_step(archive)


def test_an_index_from_before_the_outbox_is_built_anew_at_once(archive: Archive) -> None:
    add_public(archive, "a", "b")
    deliver(archive)
    archive.catalogue.outbox.enter_all()  # as the migration leaves it
    engine = unsteady(archive)
    outcome = Run(archive, Silent(), (INDEX,)).bring_up_to_date(["a"])
    assert (engine.written, outcome.failed) == (["*"], ())
    assert in_step(archive)


def test_what_is_lost_or_stray_is_mended(archive: Archive) -> None:
    add_public(archive, "a", "b")
    deliver(archive)
    plain = archive.engine
    plain.replace_meeting("b", [])
    Run(archive, Silent(), (INDEX,)).bring_up_to_date([])
    assert in_step(archive)
    plain.replace_meeting("a", [])
    plain.replace_meeting("b", [])
    place(archive, "b")  # waits without anything new to write
    Run(archive, Silent(), (INDEX,)).bring_up_to_date([])
    assert in_step(archive)
    plain.replace_meeting("stray", list(in_index(archive).values())[:1])
    Run(archive, Silent(), (INDEX,)).bring_up_to_date([])
    assert in_step(archive)


# Several writers -----------------------------------------------------------------------------------------


def test_two_at_once_write_each_meeting_once(settings: Settings) -> None:
    ids = [f"m{n}" for n in range(8)]
    written = list[str]()
    with open_archive(settings) as archive:
        add_public(archive, *ids)

        def work() -> None:
            with open_archive(settings) as own:
                while own.catalogue.outbox.waiting():
                    written.extend(deliver(own))

        threads = [Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(written) == ids
        assert in_step(archive)


def test_while_another_writes_a_run_says_so_and_a_command_waits(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.index.outbox.PATIENCE", 0.1)
    monkeypatch.setattr("pipeline.index.outbox.AT_ONCE", 0.3)
    add_public(archive, "a")
    with writing_index(archive):
        assert "another process" in deliver_at_once(archive, "a")
        [failure] = Run(archive, Silent(), (INDEX,)).bring_up_to_date(["a"]).failed
        assert "another process is writing" in failure.message
    assert deliver_at_once(archive, "a") == ""
    assert in_step(archive)


def test_what_changes_during_a_rebuild_waits_and_follows(archive: Archive) -> None:
    add_public(archive, "a", "b", "c")
    deliver(archive)
    engine = unsteady(archive)
    engine.before = lambda one: redact(archive, "a") if one == "b" else None  # a has been read by then
    assert reindex_all(archive, Silent()) == 6
    assert [entry.meeting_id for entry in archive.catalogue.outbox.waiting()] == ["a"]
    engine.before = lambda _: None
    assert deliver(archive) == ["a"]
    assert in_step(archive) and not says(archive, "atal0")


# From the command line -----------------------------------------------------------------------------------


def add(talerstol: Talerstol, material: Material) -> str:
    added = talerstol(
        "add", "-", "--agenda", str(material.agenda("2025-09-24")), "--transcript", str(material.captions)
    )
    assert added.code == 0, added.err
    return added.out.split()[-1]


def test_what_a_command_withdraws_is_out_of_the_index_at_once(
    talerstol: Talerstol, material: Material
) -> None:
    meeting = add(talerstol, material)
    assert talerstol("run").code == 0
    with open_archive(Settings(home=talerstol.home)) as archive:  # type: ignore[call-arg]
        assert says(archive, "folkeskolen")
        said = talerstol("items", meeting, "--set", "3=0:04")  # the closed item began earlier
        assert said.code == 0, said.err
        assert "Pages and search show it now" in said.out
        assert not says(archive, "folkeskolen")
        assert in_step(archive)


def test_what_waits_to_leave_the_index_is_not_found_at_the_terminal(
    talerstol: Talerstol, material: Material
) -> None:
    meeting = add(talerstol, material)
    assert talerstol("run").code == 0
    with open_archive(Settings(home=talerstol.home)) as archive:  # type: ignore[call-arg]
        redact(archive, meeting, 4.0, 5.9)
        assert says(archive, "folkeskolen")  # nobody has delivered it
    told = json.loads(talerstol("search", "cykelsti", "--json").out)
    assert (told["total"], told["hits"], any(told["facets"].values())) == (0, [], False)


def test_with_a_server_that_is_away_commands_go_on_and_a_later_run_catches_up(
    another: Callable[..., Talerstol], material: Material
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    away, back = (
        another(TALERSTOL_MEILI_URL=address, TALERSTOL_MEILI_KEY="very-secret"),
        another(),
    )
    meeting = add(away, material)
    ran = away("run", "--json")
    assert ran.code == 1
    outcome = json.loads(ran.out)
    assert [(f["meeting_id"], f["step"]) for f in outcome["failed"]] == [("", "index")]
    assert [meeting, "media"] in outcome["done"]
    assert ran.err.count("cannot be reached") == 1
    assert "very-secret" not in ran.err + ran.out

    shown = away("run", "--step", "index")
    assert shown.code == 1
    assert "- index: 1 meeting waits to reach the search index." in shown.out
    assert "  Then: talerstol run\n" in shown.out
    said = away("items", meeting, "--set", "2=0:03")
    assert said.code == 0, said.err
    assert "Search does not show it yet: 1 meeting waits" in said.out
    status = json.loads(away("status", "--json").out)
    assert (status["outbox"]["waiting"], status["outbox"]["withdrawing"]) == (1, 1)
    assert status["outbox"]["since"]
    assert "1 meeting waits to reach the search index since" in away("status").out

    assert back("run").code == 0
    assert json.loads(back("status", "--json").out)["outbox"] == {
        "waiting": 0,
        "withdrawing": 0,
        "since": None,
    }
    with open_archive(Settings(home=back.home)) as archive:  # type: ignore[call-arg]
        assert in_step(archive) and says(archive, "folkeskolen")


# Any order of changes, deliveries and ends ---------------------------------------------------------------

MEETINGS = ("a", "b")
EXAMPLES = 20  # each writes a real index several times; 400 were run when this was written
LATER = Agenda((ITEMS[0], ITEMS[2]))


def _edit(archive: Archive, one: str, kind: EditKind, n: int) -> None:
    text, item = ("Rettet." if kind is EditKind.CORRECTION else ""), None
    start: float | None = n * 10.0
    end: float | None = n * 10.0 + 15.0
    if kind is EditKind.BOUNDARY:
        item, end = "1", None
    archive.catalogue.add_edit(one, edit(kind, start, end, text, item))


def _new_agenda(archive: Archive, one: str) -> None:
    now = archive.catalogue.meeting(one).agenda
    archive.catalogue.replace_agenda(one, LATER if len(now.items) == 3 else Agenda(ITEMS))


CHANGE = st.one_of(
    st.tuples(
        st.just(_edit),
        st.sampled_from(MEETINGS),
        st.sampled_from(
            [EditKind.REDACTION, EditKind.CORRECTION, EditKind.OPEN, EditKind.CLOSE, EditKind.BOUNDARY]
        ),
        st.integers(0, 10),
    ),
    st.tuples(st.just(_new_agenda), st.sampled_from(MEETINGS)),
    st.tuples(st.just(place), st.sampled_from(MEETINGS)),
)
WORK = st.tuples(
    st.sampled_from(["deliver", "rebuild", "run"]),
    st.sampled_from(["well", "killed before", "killed after", "away", "changed meanwhile", "index lost"]),
)


def _work(archive: Archive, how: str, what: str) -> None:
    engine = unsteady(archive)
    plain = engine._engine

    def die(_: str) -> None:
        raise Killed

    left = [1]
    if what == "index lost":
        shutil.rmtree(archive.settings.index_folder, ignore_errors=True)
    engine.away = what == "away"
    if what == "killed before":
        engine.before = die
    if what == "killed after":
        engine.after = die
    if what == "changed meanwhile":
        engine.before = lambda _: redact(archive, "a", 80.0, 99.0) if left and left.pop() else None
    try:
        if how == "deliver":
            Delivery(archive, Silent()).go_on()
        elif how == "run":
            Run(archive, Silent(), (INDEX,)).bring_up_to_date(MEETINGS)
        elif what != "away":
            reindex_all(archive, Silent())
    except Killed:
        pass
    finally:
        archive.engine = plain


@given(st.lists(st.one_of(CHANGE, WORK), max_size=9))
@limits(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_happened_a_last_run_ends_in_step(happened: list[tuple[object, ...]]) -> None:
    with (
        TemporaryDirectory() as folder,
        open_archive(Settings(home=Path(folder))) as archive,  # type: ignore[call-arg]
    ):
        add_public(archive, *MEETINGS)
        for first, *more in happened:
            if callable(first):
                first(archive, *more)
            else:
                _work(archive, str(first), str(more[0]))
        outcome = Run(archive, Silent(), (INDEX,)).bring_up_to_date(MEETINGS)
        assert outcome.failed == ()
        assert in_step(archive)
        assert deliver(archive) == []
