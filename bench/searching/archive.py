"""An archive to search: the sittings of `shared/data/folketinget`, added and run as a user would."""

from __future__ import annotations

import sys
from pathlib import Path

from catalogue import Catalogue, Settings, published_meeting
from pipeline.add import Registration, add_meeting
from pipeline.archive import open_archive
from pipeline.runs.runner import Run
from pipeline.terminal.console import make_reporter
from search import Passage, passages


def folketinget(material: Path, home: Path) -> Settings:
    """Settings of an archive in `home` that holds the sittings; made at the first call, brought up to date later."""
    settings = Settings(home=home, meili_url=None)  # type: ignore[call-arg]
    with open_archive(settings) as archive:
        for folder in sorted((material / "folketinget").glob("M*")):
            agenda, transcript = folder / "agenda.json", folder / "transcript.json"
            asked = Registration(("-",), str(agenda), (str(transcript),), municipality="Folketinget")
            add_meeting(archive, asked)
        with make_reporter() as reporter:
            outcome = Run(archive, reporter).bring_up_to_date(archive.catalogue.meeting_ids())
        if outcome.failed:
            sys.exit(f"The archive could not be made: {outcome.failed[0]}")
    return settings


def all_passages(settings: Settings) -> list[tuple[str, list[Passage]]]:
    """The passages of every public meeting of an archive."""
    catalogue = Catalogue.open(settings.database)
    try:
        published = [(m, published_meeting(catalogue, m)) for m in catalogue.meeting_ids()]
        return [(m, passages(p)) for m, p in published if p]
    finally:
        catalogue.close()
