"""One night, from its beginning to the report that lies there in the morning whatever happened in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog
from filelock import FileLock, Timeout

from catalogue import EngineError, Settings, TalerstolError
from pipeline.archive import Archive
from pipeline.night.discreet import discreet
from pipeline.night.gather import gather
from pipeline.night.gone import not_fetched
from pipeline.night.mail import send_report, wants_mail
from pipeline.night.outcome import NightOutcome, Part
from pipeline.night.report import Done, GoingOn, NightReport, Problem, State
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
    """Do the night's work, write its report and send it. Raises only where it is stopped by hand: a report that cannot
    be written, or not be sent, is a failure in the report that is returned."""
    settings, began = archive.settings, archive.now()
    begun = NightReport(until.astimezone().date(), began, until, State.BEGUN)
    _on_disk(begun, settings)  # what lies there if the power goes
    before = _not_fetched(archive)
    work = NightWork(archive, reporter, until)

    def end(state: State) -> NightReport:
        outcome = replace(work.outcome(), not_fetched_before=before)
        return _end(_gathered(archive, outcome, state), settings, mail)

    try:
        work.do()
    except BaseException:
        end(State.BROKEN)
        raise
    return end(State.ENDED)


def _not_fetched(archive: Archive) -> frozenset[str]:
    """Those that could not be fetched before; none where that cannot be read: they are then told as failures again."""
    try:
        return not_fetched(archive)
    except Exception:
        log.exception("what could not be fetched before is not known")
        return frozenset()


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
    """What can be told without the catalogue: what the night itself came to, by id and without messages (which may hold
    closed titles), and why the rest is missing."""
    run = outcome.run
    left = {*run.waiting, *(failure.meeting_id for failure in run.failed)}
    done = dict.fromkeys(meeting_id for meeting_id, _ in run.done if meeting_id not in left)
    return NightReport(
        morning=outcome.until.astimezone().date(),
        began=outcome.began,
        until=outcome.until,
        state=state,
        ended=outcome.ended,
        done=tuple(Done(one, one, None, 0.0, 0.0, None, None) for one in done),
        going_on=tuple(GoingOn(one, one, "", 0.0, None) for one in run.waiting),
        failed=(
            Problem("", "", Part.REPORT.value, discreet(message, ()), "talerstol check"),
            *(Problem("", "", t.part.value, "", "talerstol night") for t in outcome.other_troubles),
            *(
                Problem(f.meeting_id, f.meeting_id, f.step, "", f"talerstol run {f.meeting_id}".rstrip())
                for f in run.failed
            ),
            *(
                Problem(one.meeting_id, one.meeting_id, Part.RETENTION.value, "", "talerstol night")
                for one in outcome.retirement.failed
            ),
            *(
                Problem(one.name, one.name, Part.SYNC.value, "", one.failed[0].then)
                for one in outcome.sync
                if one.failed
            ),
        ),
        not_asked=outcome.not_asked,
        retired=tuple(one.meeting_id for one in outcome.retirement.gone if one.text_kept),
        retired_whole=tuple(one.meeting_id for one in outcome.retirement.gone if not one.text_kept),
    )


def _end(report: NightReport, settings: Settings, mail: bool) -> NightReport:
    """On the disk first; then by mail, also where the disk did not take it; and if the mail fails, on the disk again
    with the reason."""
    told = _on_disk(report, settings)
    with suppress(OSError):
        drop_old(settings.reports_folder, report.morning, settings.reports_days)
    mailed = _mailed(told, settings) if mail and wants_mail(settings) else told
    if mailed is told or told is not report:
        return mailed
    return _on_disk(mailed, settings)


def _on_disk(report: NightReport, settings: Settings) -> NightReport:
    """The report, and that it could not be written, if so."""
    try:
        write_report(settings.reports_folder, report, settings.base_url)
    except EngineError as error:
        log.error("the night's report is not on the disk", why=error.what, where=error.where)
        return _with(report, Part.WRITE, error.sentence)
    return report


def _mailed(report: NightReport, settings: Settings) -> NightReport:
    """The report, and that it could not be sent, if so."""
    try:
        send_report(report, settings)
    except TalerstolError as error:
        return _with(report, Part.MAIL, error.sentence)
    except Exception as error:
        log.exception("the night's report could not be mailed")
        return _with(report, Part.MAIL, fault(type(error).__name__))
    return report


def _with(report: NightReport, part: Part, message: str) -> NightReport:
    """And a failure that no command mends: its reason says where to look."""
    failed = Problem("", "", part.value, discreet(message, ()), "")
    return replace(report, failed=(*report.failed, failed))
