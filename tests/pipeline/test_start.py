"""How little is imported before a command is at work."""

from __future__ import annotations

import subprocess
import sys

from tests.pipeline.conftest import ROOT, Talerstol

HOUSE = {"catalogue", "ingest", "transcribe", "segment", "search", "web", "pipeline"}
TOLD = "import atexit, sys; atexit.register(lambda: print('\\n'.join(['IMPORTED', *sys.modules]))); "


def imported(talerstol: Talerstol, *words: str) -> set[str]:
    program = f"{TOLD}sys.argv[1:] = {list(words)!r}; from pipeline.__main__ import main; main()"
    said = subprocess.run(
        [sys.executable, "-c", program],
        env=talerstol.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(said.stdout.partition("IMPORTED\n")[2].split())


def test_the_help_imports_nothing_of_the_house(talerstol: Talerstol) -> None:
    names = imported(talerstol, "--help")
    ours = {name for name in names if name.partition(".")[0] in HOUSE}
    assert ours == {"pipeline", "pipeline.__main__", "pipeline.cli"}


def test_the_state_of_an_archive_is_told_without_web_and_migrations(talerstol: Talerstol) -> None:
    assert talerstol("status").code == 0  # makes the archive
    names = imported(talerstol, "status")
    assert "pipeline.status" in names
    assert not names & {
        "web",
        "alembic",
        "pipeline.night",
        "pipeline.export",
        "pipeline.backups.backup",
        "ray",
    }


def test_an_error_is_a_sentence_also_where_it_comes_up_late(talerstol: Talerstol) -> None:
    said = talerstol("search", "cykelsti", "--from", "i går")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("i går: is not a day")
