"""How old the newest backup is; one that is gone, or that none is on record, is said."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from catalogue import Settings
from pipeline.archive import Archive, now, open_archive
from pipeline.backups.backup import make_backup
from pipeline.backups.last import NAME
from pipeline.health import Finding, check_deeply
from pipeline.terminal.reporter import Silent


def told(archive: Archive) -> Finding:
    (found,) = (finding for finding in check_deeply(archive, Silent()) if finding.subject == "backups")
    assert found.ok or found.remedy
    return found


def test_how_old_the_newest_is(settings: Settings, tmp_path: Path) -> None:
    with open_archive(settings) as archive:
        assert told(archive).ok and "none by `talerstol backup`" in told(archive).text
        made = make_backup(archive, tmp_path / "kept", lambda done, total: None)
        assert told(archive) == Finding(
            "backups", True, f"the newest was made less than a day ago, in {made.folder}"
        )
        for days, well in ((1, True), (7, True), (8, False)):
            archive.now = lambda days=days: now() + timedelta(days=days, minutes=-1)  # type: ignore[misc]
            assert told(archive).ok is well
        assert "7 days ago" in told(archive).text


def test_one_that_is_not_there_is_said(settings: Settings, tmp_path: Path) -> None:
    with open_archive(settings) as archive:
        made = make_backup(archive, tmp_path / "kept", lambda done, total: None)
        shutil.rmtree(made.folder)
        assert not told(archive).ok and "is not there now" in told(archive).text
        assert "disk" in told(archive).remedy


def test_a_damaged_record_is_none(settings: Settings, tmp_path: Path) -> None:
    with open_archive(settings) as archive:
        make_backup(archive, tmp_path / "kept", lambda done, total: None)
        (settings.home / NAME).write_text("{", encoding="utf-8")
        assert "none by `talerstol backup`" in told(archive).text
