"""One night, from its beginning to the report that lies there in the morning whatever happened in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog
from filelock import FileLock, Timeout

from catalogue import EngineError, Settings, TalerstolError
from pipeline.archive import Archive
from pipeline.night.discreet import discreet
from pipeline.night.gather import gather
from pipeline.night.mail import send_report, wants_mail
from pipeline.night.outcome import NightOutcome, Part
from pipeline.night.report import NightReport, Problem, State
from pipeline.night.work import NightWork
from pipeline.night.written import drop_old, write_report
from pipeline.runs.faults import fault
from pipeline.terminal.reporter import Reporter

log = structlog.get_logger()


class NightAtWork(EngineError):
    """Another night is at work on this archive."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            "another night is at work on this archive",
            where=str(home),
            remedy="Wait for it to end; `talerstol status` shows how far it is.",
        )


@contextmanager
def one_night(home: Path) -> Iterator[None]:
    """One night at a time over one data folder. The lock goes with the process, however that ends."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / "night.lock", timeout=0):
            yield
    except Timeout as error:
        raise NightAtWork(home) from error


def hold_night(archive: Archive, reporter: Reporter, until: datetime, mail: bool = True) -> NightReport:
    """Do the night's work, write its report and send it. Raises only where it is stopped by hand, or where not even
    the report can be written."""
    settings, began = archive.settings, archive.now()
    begun = NightReport(until.astimezone().date(), began, until, State.BEGUN)
    write_report(settings.reports_folder, begun, settings.base_url)  # what lies there if the power goes
    work = NightWork(archive, reporter, until)
    try:
        work.do()
    except BaseException:
        _end(_gathered(archive, work.outcome(), State.BROKEN), settings, mail)
        raise
    return _end(_gathered(archive, work.outcome(), State.ENDED), settings, mail)


def never_began(
    settings: Settings, moment: datetime, until: datetime, error: TalerstolError, mail: bool
) -> None:
    """The report of a night that could not even open its archive."""
    why = Problem("", "", Part.BEGIN.value, discreet(error.sentence, ()), "talerstol check")
    report = NightReport(until.astimezone().date(), moment, until, State.NEVER_BEGAN, moment, failed=(why,))
    _end(report, settings, mail)


def _gathered(archive: Archive, outcome: NightOutcome, state: State) -> NightReport:
    try:
        return gather(archive, outcome, state)
    except Exception as error:
        log.exception("the night's report could not be gathered")
        message = error.sentence if isinstance(error, TalerstolError) else fault(type(error).__name__)
        return _bare(outcome, state, message)


def _bare(outcome: NightOutcome, state: State, message: str) -> NightReport:
    """What can be told without the catalogue: that which failed, by id, and why the rest is missing."""
    failed = [Problem("", "", Part.REPORT.value, discreet(message, ()), "talerstol check")]
    failed += [Problem("", "", t.part.value, "", "talerstol night") for t in outcome.troubles]
    failed += [
        Problem(one.meeting_id, one.meeting_id, Part.RETENTION.value, "", "talerstol night")
        for one in outcome.retirement.failed
    ]
    failed += [
        Problem(f.meeting_id, f.meeting_id, f.step, "", f"talerstol run {f.meeting_id}".rstrip())
        for f in outcome.run.failed
    ]
    morning = outcome.until.astimezone().date()
    return NightReport(morning, outcome.began, outcome.until, state, outcome.ended, failed=tuple(failed))


def _end(report: NightReport, settings: Settings, mail: bool) -> NightReport:
    """On the disk first; then by mail; and if that fails, on the disk again with the reason."""
    folder = settings.reports_folder
    write_report(folder, report, settings.base_url)
    drop_old(folder, report.morning, settings.reports_days)
    if not mail or not wants_mail(settings):
        return report
    try:
        send_report(report, settings)
    except TalerstolError as error:
        report = _with(report, error.sentence)
    except Exception as error:
        log.exception("the night's report could not be mailed")
        report = _with(report, fault(type(error).__name__))
    else:
        return report
    write_report(folder, report, settings.base_url)
    return report


def _with(report: NightReport, message: str) -> NightReport:
    failed = Problem("", "", Part.MAIL.value, discreet(message, ()), "talerstol night --no-mail")
    return replace(report, failed=(*report.failed, failed))
