"""A town whose council publishes on a portal of ours, and an archive that is kept in step with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from catalogue import Meeting
from ingest import Progress
from ingest.portals import Municipality
from pipeline.archive import Archive
from pipeline.syncing.report import MunicipalityReport
from pipeline.syncing.sync import sync
from pipeline.terminal.reporter import Work
from tests.portal_server import PortalSite, item

TODAY = date(2026, 3, 10)
ITEMS = [item(1, "Godkendelse af dagsorden"), item(2, "Ny cykelsti"), item(3, "Køb af jord", open_=False)]
FIRST = "tranevig-byraadet-2026-03-04"


class Silent:
    """A reporter that only remembers."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def step(self, meeting_id: str, step: Work) -> Iterator[Progress]:
        yield lambda _, __: None

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        self.said.append(message)

    def note(self, text: str) -> None:
        self.said.append(text)


@dataclass
class Town:
    """An archive and the portal that it is kept in step with."""

    archive: Archive
    site: PortalSite
    municipality: Municipality
    reporter: Silent = field(default_factory=Silent)

    def sync(self, dry_run: bool = False, today: date = TODAY) -> MunicipalityReport:
        return sync(self.archive, self.reporter, [self.municipality], today, dry_run).municipalities[0]

    def meeting(self, identity: str = FIRST) -> Meeting:
        return self.archive.catalogue.meeting(identity)

    def agenda(self, identity: str = FIRST) -> list[tuple[str, str, bool]]:
        return [(i.number, i.title, i.open) for i in self.meeting(identity).agenda.items]
