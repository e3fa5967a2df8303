"""What a night came to, before anybody has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.retention import Retirement
from pipeline.runs.outcome import Outcome
from pipeline.syncing.report import MunicipalityReport


class Part(StrEnum):
    """A part of the night, in their order."""

    BEGIN = "begin"
    SYNC = "sync"
    RUN = "run"
    RETENTION = "retention"
    SEARCH = "index"
    EXPORT = "export"
    REPORT = "report"
    WRITE = "report_file"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of the night that did not do its work, and why (in the words of the command line)."""

    part: Part
    message: str


@dataclass(frozen=True, slots=True)
class NightOutcome:
    """`not_asked` are municipalities whose portal was not asked, because the deadline came before;
    `not_fetched_before` are meetings whose recording could not be fetched before this night either."""

    began: datetime
    until: datetime
    ended: datetime
    sync: tuple[MunicipalityReport, ...] = ()
    not_asked: tuple[str, ...] = ()
    run: Outcome = Outcome((), (), ())
    retirement: Retirement = Retirement()
    troubles: tuple[Trouble, ...] = ()
    not_fetched_before: frozenset[str] = frozenset()

    @property
    def other_troubles(self) -> tuple[Trouble, ...]:
        """Those that the run does not tell already: rules that cannot be used stop two parts for one reason."""
        told = {failure.message for failure in self.run.failed}
        return tuple(trouble for trouble in self.troubles if trouble.message not in told)
