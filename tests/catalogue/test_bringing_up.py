"""A real `kill -9` in the middle of a migration, and several processes that bring up one database at once: nothing is lost, and all end well."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from itertools import count
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect, text

from catalogue import Catalogue, EngineError, database
from catalogue.database import open_database, schema_of
from tests.catalogue.test_migrations import REVISIONS, make_old, require_all

CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")
WAITS = 60.0  # s, of a process that should have ended long before

# Processes that know the catalogue already, without threads or connections of this one.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["catalogue", "tests.catalogue.test_bringing_up"])


def begin(what: Callable[..., None], *words: object) -> BaseProcess:
    process = PROCESSES.Process(target=what, args=words)
    process.start()
    return process


def end_of(process: BaseProcess) -> int | None:
    process.join(WAITS)
    code = process.exitcode
    process.kill()
    process.join()
    return code


def at_each_change(do: Callable[[], None]) -> None:
    """Before every statement of this process that changes something, and before what was changed becomes true."""

    @event.listens_for(Engine, "before_cursor_execute")
    def _on_statement(_: object, __: object, statement: str, *___: Any) -> None:
        if statement.lstrip().upper().startswith(CHANGES):
            do()

    event.listen(Engine, "commit", lambda _: do())


def open_and_die(url: str, number: int) -> None:
    left = [number]

    def die() -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    at_each_change(die)
    Catalogue.open(url).close()


def as_it_is(url: str) -> tuple[str, list[str], int]:
    """The schema, its tables, and how many meetings there are."""
    engine = open_database(url, migrate=False)
    with engine.connect() as connection:
        schema, tables = schema_of(connection), sorted(inspect(connection).get_table_names())
        meetings = connection.scalar(text("SELECT count(*) FROM meetings")) if schema else 0
    engine.dispose()
    return schema, tables, meetings or 0


@pytest.mark.parametrize("revision", ["", REVISIONS[0], REVISIONS[-2]])
def test_killed_at_any_statement_the_old_archive_is_as_it_was(database_url: str, revision: str) -> None:
    if revision:
        make_old(database_url, revision)
    before = as_it_is(database_url)
    for number in count(1, 3):
        code = end_of(begin(open_and_die, database_url, number))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        assert as_it_is(database_url) == before
    assert number > 5
    catalogue = Catalogue.open(database_url)
    assert catalogue.misfits() == []
    if revision:
        require_all(catalogue)
    catalogue.close()


def open_together(url: str, together: Barrier) -> None:
    together.wait(WAITS)
    Catalogue.open(url).close()


@pytest.mark.parametrize("revision", ["", REVISIONS[0]])
def test_several_at_once_all_end_well(database_url: str, revision: str) -> None:
    if revision:
        make_old(database_url, revision)
    together = PROCESSES.Barrier(4)
    processes = [begin(open_together, database_url, together) for _ in range(4)]
    assert [end_of(process) for process in processes] == [0] * 4
    catalogue = Catalogue.open(database_url)
    assert catalogue.misfits() == []
    if revision:
        require_all(catalogue)
    catalogue.close()


def open_slowly(url: str, begun: Event, go_on: Event) -> None:
    """In the middle of a migration until told to go on."""

    def wait() -> None:
        begun.set()
        go_on.wait(WAITS)

    at_each_change(wait)
    Catalogue.open(url).close()


def test_whoever_comes_in_the_middle_of_one_waits_and_is_told_to(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old(database_url, REVISIONS[0])
    begun, go_on = PROCESSES.Event(), PROCESSES.Event()
    first = begin(open_slowly, database_url, begun, go_on)
    assert begun.wait(WAITS)
    with monkeypatch.context() as patched:
        patched.setattr(database, "BUSY_SECONDS", 0.2)
        with pytest.raises(EngineError, match="another process") as told:
            Catalogue.open(database_url)
    assert "Wait" in told.value.remedy
    go_on.set()
    assert end_of(first) == 0
    catalogue = Catalogue.open(database_url)
    require_all(catalogue)
    catalogue.close()


def connect_together(folder: str, files: int, together: Barrier) -> None:
    for n in range(files):
        together.wait(WAITS)
        engine = open_database(f"sqlite:///{folder}/{n}.sqlite", migrate=False)
        try:
            engine.connect().close()
        except BaseException:
            together.abort()  # or the others would wait for this one
            raise
        engine.dispose()


def test_a_new_file_is_opened_by_many_at_once(tmp_path: Path) -> None:
    """SQLite refuses some at once that turn on the write-ahead log while another does, whatever its timeout is."""
    together = PROCESSES.Barrier(6)
    processes = [begin(connect_together, str(tmp_path), 100, together) for _ in range(6)]
    assert [end_of(process) for process in processes] == [0] * 6
