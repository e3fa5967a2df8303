"""The chapters that a publisher set are in the catalogue once the recording is fetched."""

from __future__ import annotations

from pathlib import Path

from catalogue import Chapter, Meeting
from ingest import register
from pipeline.runs.runner import Run
from pipeline.runs.steps import STEPS
from tests.pipeline.conftest import Material, ffmpeg
from tests.pipeline.syncing.town import Town


def test_chapters_are_kept(town: Town, material: Material, tmp_path: Path) -> None:
    told, file = tmp_path / "chapters.txt", tmp_path / "moede.mp4"
    told.write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=4\ntitle=Åbning\n"
        "[CHAPTER]\nTIMEBASE=1/1\nSTART=4\nEND=9\ntitle=2. Cykelsti\n",
        encoding="utf-8",
    )
    ffmpeg("-i", str(material.video), "-i", str(told), "-map_metadata", "1", "-c", "copy", str(file))
    archive = town.archive
    recording = register(str(file), 1, "m", 0.0, archive.web, archive.settings)
    archive.catalogue.add_meeting(Meeting("m", "Møde", None, "", "", (recording,)))
    fetch = tuple(step for step in STEPS if step.name == "fetch")
    assert Run(archive, town.reporter, fetch).bring_up_to_date(["m"]).failed == ()
    [kept] = archive.catalogue.meeting("m").recordings
    assert kept.chapters == (Chapter(0.0, "Åbning"), Chapter(4.0, "2. Cykelsti"))
