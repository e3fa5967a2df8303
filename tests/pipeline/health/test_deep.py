"""Real damage, each told as what it is and nothing else; a healthy archive has none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from catalogue import Settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.backups.backup import make_backup
from pipeline.health import check_deeply
from pipeline.runs.runner import Run
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material, Talerstol


def _sql(archive: Archive, statement: str) -> None:
    engine = create_engine(archive.settings.database)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _file(archive: Archive, ending: str) -> Path:
    return next(iter(sorted(archive.store.root.glob(f"*/*{ending}"))))


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:200])


DAMAGE: dict[str, tuple[str, Callable[[Archive], object]]] = {
    "a column too many": ("schema", lambda a: _sql(a, "ALTER TABLE meetings ADD COLUMN mayor TEXT")),
    "original cut": ("files", lambda a: _cut(_file(a, "-original.mp3"))),
    "sound emptied": ("files", lambda a: _file(a, "-audio.flac").write_bytes(b"")),
    "a file too many": ("orphans", lambda a: (a.store.root / "left.mp4").write_bytes(b"x")),
    "transcript unreadable": ("transcripts", lambda a: _sql(a, "UPDATE transcripts SET segments = x'00'")),
    "transcript changed": ("transcripts", lambda a: _sql(a, "UPDATE transcripts SET source = 'other'")),
    "index without it": ("passages", lambda a: a.engine.replace_meeting(a.catalogue.meeting_ids()[0], [])),
    "backup gone": ("backups", lambda a: shutil.rmtree(a.settings.home.parent / "kept")),
    "clock behind": ("clock", lambda a: _sql(a, "UPDATE steps SET finished = '2999-01-01 00:00:00'")),
    "keys open": (
        "secrets",
        lambda a: (a.settings.home / "talerstol.toml").write_text('meili_key = "x"\n', encoding="utf-8"),
    ),
}


@pytest.mark.parametrize("damage", ["", *DAMAGE])
def test_each_damage_is_told(settings: Settings, material: Material, damage: str) -> None:
    with open_archive(settings) as archive:
        agenda, captions = str(material.agenda("2025-09-24")), str(material.captions)
        add_meeting(archive, Registration((str(material.sound),), agenda, (captions,)))
        assert Run(archive, Silent()).bring_up_to_date(archive.catalogue.meeting_ids()).failed == ()
        make_backup(archive, settings.home.parent / "kept", lambda done, total: None)
        area = ""
        if damage:
            area, do = DAMAGE[damage]
            do(archive)
        found = [finding for finding in check_deeply(archive, Silent()) if not finding.ok]
        assert {finding.subject for finding in found} == ({area} if area else set()), found
        assert all(finding.remedy for finding in found)


def test_what_cannot_be_looked_at_hides_nothing_else(settings: Settings) -> None:
    with open_archive(settings) as archive:
        _sql(archive, "ALTER TABLE meetings DROP COLUMN agenda_source")
        found = list(check_deeply(archive, Silent()))
    told = {finding.subject: finding for finding in found}
    assert found[0].text == "the column meetings.agenda_source is missing from the database"
    assert "restore" in found[0].remedy
    assert not told["files"].ok and "no such column" in told["files"].text
    assert told["clock"].ok and told["rows"].ok


def test_how_far_it_is_goes_to_stderr_alone(talerstol: Talerstol, material: Material) -> None:
    agenda, captions = str(material.agenda("2025-09-24")), str(material.captions)
    assert talerstol("add", str(material.sound), "--agenda", agenda, "--transcript", captions).code == 0
    assert talerstol("run").code == 0
    said = talerstol("check", "--deep", "--json")
    findings = json.loads(said.out)["findings"]
    assert {"subject": "files", "ok": True, "text": "as they should be", "remedy": ""} in findings
    assert "check: files done in" in said.err
    assert said.code == (0 if all(finding["ok"] for finding in findings) else 1)
    assert "check:" not in talerstol("check").err
