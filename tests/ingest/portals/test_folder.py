"""A folder into which agendas are dropped."""

from __future__ import annotations

import json
import os
import time
from datetime import date
from pathlib import Path

import pytest

from catalogue import InputError, Settings
from ingest.portals.folder import FolderPortal

SINCE = date(2026, 1, 1)


def drop(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (time.time() - 60, time.time() - 60))


def agenda(day: str = "", body: str = "Byrådet") -> str:
    return json.dumps({"date": day, "body": body, "items": [{"title": "Cykelsti"}]})


def test_what_is_dropped_is_found_and_what_is_wrong_is_said(tmp_path: Path, settings: Settings) -> None:
    drop(tmp_path, "a.json", agenda("2026-03-04"))
    drop(tmp_path, "2026/moede-2026-03-11.json", agenda())
    drop(tmp_path, "old.json", agenda("2025-03-04"))
    drop(tmp_path, "half.json", agenda("2026-03-04")[:30])
    drop(tmp_path, "no-day.json", agenda())
    drop(tmp_path, "empty.json", "")
    drop(tmp_path, ".hidden.json", agenda("2026-03-04"))
    drop(tmp_path, "notes.txt", "x")
    portal = FolderPortal(tmp_path, (), settings)
    found = portal.meetings(SINCE)
    assert [(r.source_id, r.day) for r in found.references] == [
        ("2026/moede-2026-03-11.json", date(2026, 3, 11)), ("a.json", date(2026, 3, 4)),
    ]  # fmt: skip
    assert len(found.refused) == 3
    assert portal.paper(found.references[1]).agenda.items[0].title == "Cykelsti"


def test_a_folder_that_is_not_there(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(InputError, match="no such folder"):
        FolderPortal(tmp_path / "none", (), settings).meetings(SINCE)
