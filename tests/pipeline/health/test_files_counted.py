"""What `talerstol check` counts is what is there."""

from __future__ import annotations

import pytest

from catalogue import Settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import open_archive
from pipeline.health import check_archive
from pipeline.runs.runner import Run
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material


@pytest.mark.parametrize("kind", ["sound", "video"])
def test_every_file_is_counted_once(settings: Settings, material: Material, kind: str) -> None:
    recording = material.sound if kind == "sound" else material.video
    with open_archive(settings) as archive:
        agenda, captions = str(material.agenda("2025-09-24")), str(material.captions)
        add_meeting(archive, Registration((str(recording),), agenda, (captions,)))
        assert Run(archive, Silent()).bring_up_to_date(archive.catalogue.meeting_ids()).failed == ()
        there = [file for file in archive.store.root.rglob("*") if file.is_file()]
        (media,) = [finding for finding in check_archive(archive) if finding.subject == "media"]
        assert media.text == f"{len(there)} files, all there"
