"""The chapters that a publisher set are in the catalogue once the recording is fetched; those in the files to play have
no title that is not public any more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from catalogue import Agenda, Chapter, Meeting, PublishedMeeting, Settings, published_meeting
from ingest import register
from pipeline.add import Registration, add_meeting
from pipeline.archive import open_archive
from pipeline.runs.due import due_steps
from pipeline.runs.runner import Run
from pipeline.runs.steps import SEGMENT, STEPS, Step
from pipeline.terminal.reporter import Silent
from tests.ingest.test_chapters import chapters
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


def test_a_title_that_was_taken_back_is_not_played_with_the_file(
    settings: Settings, material: Material
) -> None:
    with open_archive(settings) as archive:
        asked = Registration(
            (str(material.sound),), str(material.agenda("2026-03-04")), (str(material.captions),)
        )
        identity = add_meeting(archive, asked).meeting_id

        def run(steps: tuple[Step, ...] = STEPS) -> PublishedMeeting:
            assert Run(archive, Silent(), steps).bring_up_to_date([identity]).failed == ()
            public = published_meeting(archive.catalogue, identity)
            assert public is not None
            return public

        def named(title: str, of: int = 1) -> None:
            """What its source calls an item now."""
            now = archive.catalogue.meeting(identity)
            items = [replace(one, title=title) if n == of else one for n, one in enumerate(now.agenda.items)]
            archive.catalogue.follow_source(replace(now, agenda=Agenda(tuple(items))), ())

        before = run().recordings[0].playable
        assert before is not None
        original = archive.store.path(before).stem.rsplit("-", 1)[0]
        named("Cykelsti i byen")
        between = run((SEGMENT,))  # the step that makes the file anew waits for room, or fails
        assert between.items[1].title == "Cykelsti i byen"
        assert (between.recordings[0].playable, between.recordings[0].awaited) == (None, True)
        after = run().recordings[0].playable
        assert after is not None and after != before
        assert archive.store.path(after).stem.startswith(
            original
        )  # copied with its new chapters, not encoded
        titles = [title for _, _, title in chapters(archive.store.path(after))]
        assert "2: Cykelsti i byen" in titles and not any("Strandvejen" in title for title in titles)

        named(
            "Køb af jord", of=2
        )  # a closed item is no chapter: the file is the right one, once that is known
        assert run((SEGMENT,)).recordings[0].playable is None
        assert run().recordings[0].playable == after
        assert due_steps(archive, [identity]) == []
