"""What is restored never leads to the archive that was backed up."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import Meeting, Settings
from pipeline.archive import open_archive
from pipeline.backups.places import UNREADABLE, without_places
from tests.pipeline.conftest import Talerstol

SECRET = "hemmelig"


def _old(home: Path) -> str:
    """An archive of one meeting with its database and media elsewhere, as its `talerstol.toml` says."""
    home.mkdir()
    database, media = home.parent / "elsewhere" / f"{SECRET}.sqlite", home.parent / "elsewhere" / "media"
    settings = (
        f'# Rettet af it-afdelingen\nsite_name = "Tranevigs møder"\n'
        f'database_url = "sqlite:///{database}"  # i drift\nmedia = "{media}"\nbeam_size = 3\n'
    )
    (home / "talerstol.toml").write_text(settings, encoding="utf-8")
    there = Settings(home=home, database_url=f"sqlite:///{database}", media=media)  # type: ignore[call-arg]
    with open_archive(there) as archive:
        archive.catalogue.add_meeting(Meeting("a", "Byrådsmøde", None, "Byrådet", "Tranevig"))
    return settings


@pytest.mark.parametrize("as_json", [False, True])
def test_after_a_restore_every_command_works_on_the_new_archive(
    another: Callable[..., Talerstol], tmp_path: Path, as_json: bool
) -> None:
    settings = _old(tmp_path / "old")
    old, new = another("old"), another("new")
    assert old("backup", str(tmp_path / "kept")).code == 0
    restored = new("restore", str(tmp_path / "kept"), *(["--json"] if as_json else []))
    assert restored.code == 0, restored
    shutil.move(tmp_path / "elsewhere", tmp_path / "away")
    assert new("status", "a").code == 0
    assert not (tmp_path / "elsewhere").exists()
    rest = (new.home / "talerstol.toml").read_text(encoding="utf-8")
    assert rest == '# Rettet af it-afdelingen\nsite_name = "Tranevigs møder"\nbeam_size = 3\n'
    assert (new.home / "talerstol.toml.restored").read_text(encoding="utf-8") == settings
    if as_json:
        assert json.loads(restored.out)["left_out"] == ["database_url", "media"]
    else:
        assert "database_url, media; the file as it was is talerstol.toml.restored" in restored.out
    assert SECRET not in restored.out + restored.err


def test_settings_that_lead_nowhere_else_are_put_back_as_they_were(
    another: Callable[..., Talerstol], tmp_path: Path
) -> None:
    old, new = another("old"), another("new")
    with open_archive(Settings(home=old.home)) as archive:  # type: ignore[call-arg]
        archive.catalogue.add_meeting(Meeting("a", "Byrådsmøde", None, "Byrådet", "Tranevig"))
    (old.home / "talerstol.toml").write_bytes(b"# med tom linje\r\n\r\nsite_name = 'Tranevig'\r\n")
    assert old("backup", str(tmp_path / "kept")).code == 0
    said = new("restore", str(tmp_path / "kept"))
    assert said.code == 0 and "Left out" not in said.out
    assert (new.home / "talerstol.toml").read_bytes() == (old.home / "talerstol.toml").read_bytes()
    assert not (new.home / "talerstol.toml.restored").exists()


@pytest.mark.parametrize(
    ("text", "rest", "left_out"),
    [
        ("", "", ()),
        ("model = 'base'", "model = 'base'", ()),
        ('media="/a"', "", ("media",)),
        ("Database_URL = 'sqlite:///a'\nmodel = 'base'\n", "model = 'base'\n", ("Database_URL",)),
        ("'meili_url' = 'http://a'\n\"home\" = '/a'\n# b\n", "# b\n", ("meili_url", "home")),
        ('media = """\n/a\nb"""\nmodel = "c"\n', 'model = "c"\n', ("media",)),
        ('operator = """\nmedia = \'/a\'\n"""\n', 'operator = """\nmedia = \'/a\'\n"""\n', ()),
        ("# media = '/a'\nmedia_x = 1\n", "# media = '/a'\nmedia_x = 1\n", ()),
        ("model = 'a'\nbroken = \nmedia = '/a'\n", "model = 'a'\n", (UNREADABLE,)),
    ],
)
def test_the_lines_of_places_are_left_out_and_all_else_stays(
    text: str, rest: str, left_out: tuple[str, ...]
) -> None:
    assert without_places(text) == (rest, left_out)
    tomllib.loads(rest)
