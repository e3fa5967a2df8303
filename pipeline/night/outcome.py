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
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of the night that did not do its work, and why (in the words of the command line)."""

    part: Part
    message: str


@dataclass(frozen=True, slots=True)
class NightOutcome:
    """`not_asked` are municipalities whose portal was not asked, because the deadline came before."""

    began: datetime
    until: datetime
    ended: datetime
    sync: tuple[MunicipalityReport, ...] = ()
    not_asked: tuple[str, ...] = ()
    run: Outcome = Outcome((), (), ())
    retirement: Retirement = Retirement()
    troubles: tuple[Trouble, ...] = ()
