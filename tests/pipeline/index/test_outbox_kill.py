"""A real `kill -9` between the catalogue and the index, at each place where it could hurt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalogue import EditKind, Settings
from pipeline.archive import Archive, open_archive
from pipeline.index.outbox import Delivery
from pipeline.runs.runner import Run
from pipeline.runs.steps import INDEX
from pipeline.terminal.reporter import Silent
from tests.pipeline.chamber import add_public, edit, in_index, public, redact, says

ROOT = Path(__file__).parents[3]

# Each is run in a process of its own, and ends by killing itself.
BEGIN = """
import os, signal, sys
from pathlib import Path
from catalogue import EditKind, Settings
from pipeline.archive import open_archive
from pipeline.index.indexing import reindex_all
from pipeline.index.outbox import Delivery
from pipeline.terminal.reporter import Silent
from tests.pipeline.chamber import edit, redact, unsteady

def die(_=""):
    os.kill(os.getpid(), signal.SIGKILL)

with open_archive(Settings(home=Path(sys.argv[1]))) as archive:
    engine = unsteady(archive)
"""
DELIVER = "    Delivery(archive, Silent()).go_on()\n"
REBUILD = "    reindex_all(archive, Silent())\n"
PLACES = {
    "between the change and its delivery": "    redact(archive, 'a')\n    die()\n",
    "before the index is written": "    redact(archive, 'a')\n    engine.before = die\n" + DELIVER,
    "between the index and the catalogue": "    redact(archive, 'a')\n    engine.after = die\n" + DELIVER,
    "in the middle of a rebuild": "    redact(archive, 'a')\n    engine.before = die\n" + REBUILD,
    "when a rebuild is in its place": "    redact(archive, 'a')\n    engine.after = die\n" + REBUILD,
    "with the lock held": "    redact(archive, 'a')\n    archive.engine.check = die\n    engine.refuses = {'a'}\n"
    + DELIVER,
}


def run_killed(home: Path, program: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", BEGIN + program, str(home)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == -9, ran.stderr


def deliver(archive: Archive) -> list[str]:
    delivery = Delivery(archive, Silent())
    delivery.go_on()
    return delivery.delivered


@pytest.mark.parametrize("by_a_run", [False, True], ids=["a server goes on", "a run goes on"])
@pytest.mark.parametrize("place", PLACES)
def test_killed_anywhere_it_catches_up(settings: Settings, place: str, by_a_run: bool) -> None:
    with open_archive(settings) as archive:
        add_public(archive, "a", "b")
        deliver(archive)
        assert says(archive, "atal0")
    run_killed(settings.home, PLACES[place])
    with open_archive(settings) as archive:
        assert archive.catalogue.outbox.waits("a")
        if by_a_run:
            assert Run(archive, Silent(), (INDEX,)).bring_up_to_date(["a", "b"]).failed == ()
        else:
            deliver(archive)
        assert in_index(archive) == public(archive)
        assert not says(archive, "atal0")
        assert archive.catalogue.outbox.waiting() == []
        assert deliver(archive) == []


@pytest.mark.parametrize("written_by", [DELIVER, REBUILD], ids=["delivered", "rebuilt"])
def test_what_was_opened_killed_and_closed_again_is_not_left_in_the_index(
    settings: Settings, written_by: str
) -> None:
    """The catalogue remembers what the index held before; that it must not trust once somebody has written."""
    with open_archive(settings) as archive:
        add_public(archive, "a")
        deliver(archive)
    opened = "    archive.catalogue.add_edit('a', edit(EditKind.OPEN, None, None, item='2'))\n"
    run_killed(settings.home, opened + "    engine.after = die\n" + written_by)
    with open_archive(settings) as archive:
        assert says(archive, "fire millioner")
        archive.catalogue.add_edit("a", edit(EditKind.CLOSE, None, None, item="2"))
        deliver(archive)
        assert not says(archive, "fire millioner")
        assert in_index(archive) == public(archive)


def test_a_lost_index_whose_rebuild_was_killed_comes_back(settings: Settings) -> None:
    with open_archive(settings) as archive:
        add_public(archive, "a", "b")
        deliver(archive)
    run_killed(
        settings.home,
        "    import shutil; shutil.rmtree(archive.settings.index_folder)\n    engine.before = die\n"
        + REBUILD,
    )
    with open_archive(settings) as archive:
        assert in_index(archive) == {}
        redact(archive, "b")
        Run(archive, Silent(), (INDEX,)).bring_up_to_date(["a", "b"])
        assert in_index(archive) == public(archive) != {}
