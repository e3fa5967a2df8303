"""A slip in `retention.toml` stops nothing else: the night and a run do all that they can, and say what to mend."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalogue import Settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import open_archive
from pipeline.night import hold_night, page
from pipeline.night.as_text import as_text
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material, Talerstol

SLIPS = ["[default]\nvideo_day = 365\n", "[default\n", "[default]\nsource_days = 0\n"]


def written(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True, parents=True)
    (home / "retention.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("slip", SLIPS)
def test_the_night_goes_on_and_says_what_to_mend_once(
    settings: Settings, material: Material, slip: str
) -> None:
    written(settings.home, slip)
    with open_archive(settings) as archive:
        archive.now = lambda: datetime(2026, 3, 10, 20, tzinfo=UTC)
        captions = Registration(("-",), str(material.agenda("2026-03-04")), (str(material.captions),))
        meeting = add_meeting(archive, captions).meeting_id
        report = hold_night(archive, Silent(), archive.now() + timedelta(hours=9))
        assert [(one.meeting_id, one.public) for one in report.done] == [(meeting, True)]
        assert [(p.step, p.then) for p in report.failed] == [("retention.toml", "talerstol check")]
        assert (report.exit_code, report.deadlines, report.retired) == (1, (), ())
        told = " ".join(as_text(page(report)).split())
        assert "1 ting kræver dig" in told and "Noget gik galt" not in told
        assert "Reglerne i retention.toml kan ikke bruges" in told


def test_a_run_goes_on_and_fails(talerstol: Talerstol, material: Material) -> None:
    written(talerstol.home, SLIPS[0])
    captions, agenda = str(material.captions), str(material.agenda("2026-03-04"))
    added = talerstol("add", "-", "--transcript", captions, "--agenda", agenda)
    meeting = added.out.split()[-1]
    planned = talerstol("run", "--dry-run")
    assert planned.code == 0 and meeting in planned.out
    done = talerstol("run")
    assert done.code == 1 and "1 worked on, 1 failed, 0 waiting" in done.out
    assert "video_day: is not a field" in " ".join(done.out.split())
    assert '"public": true' in talerstol("status", meeting, "--json").out
