"""While the server runs, a dump in which something changed is made anew."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from catalogue import Edit, EditKind, Settings
from pipeline.archive import open_archive
from pipeline.export import is_due, keeping_export, make_dump
from tests.pipeline.editing.test_items import fill


def test_a_redaction_is_followed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.export.command.LOOK_EVERY", 0.05)
    with open_archive(settings) as archive:
        fill(archive)
        meeting = archive.catalogue.meeting_ids()[0]
        with keeping_export(archive):
            time.sleep(0.2)
            assert not (settings.export_folder / "current.json").exists()  # there was none to keep
            make_dump(archive, lambda done, total: None)
            at = datetime(2025, 10, 9, tzinfo=UTC)
            archive.catalogue.add_edit(meeting, Edit(EditKind.REDACTION, "k", "w", at, 0.0, 1.0))
            assert is_due(archive)
            until = time.monotonic() + 60
            while is_due(archive) and time.monotonic() < until:
                time.sleep(0.05)
            assert not is_due(archive)
