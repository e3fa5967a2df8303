"""The work of one night, part after part: what goes wrong with one of them never stops those after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import structlog

from catalogue import TalerstolError
from ingest.portals import MUNICIPALITIES, load_municipalities
from pipeline.archive import Archive
from pipeline.export import export_after_run
from pipeline.index.outbox import deliver_at_once
from pipeline.night.again import wait_to_look_again
from pipeline.night.outcome import NightOutcome, Part, Trouble
from pipeline.night.queue import queue
from pipeline.retention import Retirement, retire
from pipeline.runs.faults import fault
from pipeline.runs.locks import RunBusy
from pipeline.runs.outcome import Outcome
from pipeline.runs.runner import Run
from pipeline.syncing.report import MunicipalityReport
from pipeline.syncing.sync import sync
from pipeline.terminal.reporter import Reporter

log = structlog.get_logger()


class NightWork:
    """One night over one archive. `outcome` can be asked for at any time."""

    def __init__(self, archive: Archive, reporter: Reporter, until: datetime) -> None:
        self._archive, self._reporter, self._until = archive, reporter, until
        self._began = archive.now()
        self._today = self._began.astimezone().date()
        self._synced: tuple[MunicipalityReport, ...] = ()
        self._not_asked: tuple[str, ...] = ()
        self._run = Outcome((), (), ())
        self._retirement = Retirement()
        self._troubles: list[Trouble] = []

    def do(self) -> None:
        """All parts in order."""
        with self._contained(Part.SYNC):
            self._sync()
        with self._contained(Part.RUN):
            meetings = [one.meeting_id for one in queue(self._archive, self._today)]
            self._run = Run(self._archive, self._reporter, until=self._until).bring_up_to_date(meetings)
        self._let_go()  # whatever the run came to: this is what makes room
        self._export()
        if self._look_again():
            self._let_go()
            self._export()

    def outcome(self) -> NightOutcome:
        return NightOutcome(
            began=self._began,
            until=self._until,
            ended=self._archive.now(),
            sync=self._synced,
            not_asked=self._not_asked,
            run=self._run,
            retirement=self._retirement,
            troubles=tuple(self._troubles),
        )

    def _sync(self) -> None:
        if not (self._archive.settings.home / MUNICIPALITIES).exists():
            return
        known = load_municipalities(self._archive.settings.home)
        report = sync(self._archive, self._reporter, known, self._today, go_on=self._in_time)
        self._synced = report.municipalities
        self._not_asked = tuple(one.name for one in known[len(self._synced) :])

    def _let_go(self) -> None:
        with self._contained(Part.RETENTION):
            came = retire(self._archive, self._reporter, self._today)
            self._retirement = replace(came, gone=(*self._retirement.gone, *came.gone))
            if not (came.gone or came.failed):
                return
        with self._contained(Part.SEARCH):
            if why := deliver_at_once(self._archive):
                self._troubles.append(Trouble(Part.SEARCH, why))

    def _export(self) -> None:
        if self._run.waiting:
            return
        with self._contained(Part.EXPORT):
            if why := export_after_run(self._archive, self._reporter):
                self._troubles.append(Trouble(Part.EXPORT, why))

    def _look_again(self) -> bool:
        """While nothing else is left and there is time, look again at recordings that go on at their source. Whether
        something came of it."""
        before = len(self._run.done)
        while self._is_left_alone() and self._wait():
            with self._contained(Part.RUN):
                run = Run(self._archive, self._reporter, until=self._until)
                try:
                    self._run = self._run.then(run.bring_up_to_date(self._run.goes_on))
                except RunBusy as busy:  # somebody runs by hand, and looks at them as well
                    self._reporter.note(busy.sentence)
        return len(self._run.done) > before

    def _is_left_alone(self) -> bool:
        """Whether there is nothing to be done but to look again."""
        broken = any(trouble.part is Part.RUN for trouble in self._troubles)
        return bool(self._run.goes_on) and not self._run.waiting and not broken

    def _wait(self) -> bool:
        return wait_to_look_again(self._archive, self._reporter, len(self._run.goes_on), self._until)

    def _in_time(self) -> bool:
        return self._archive.now() < self._until

    @contextmanager
    def _contained(self, part: Part) -> Iterator[None]:
        try:
            yield
        except TalerstolError as error:
            self._trouble(part, error.sentence)
        except Exception as error:
            log.exception("a part of the night failed unexpectedly", part=part)
            self._trouble(part, fault(type(error).__name__))

    def _trouble(self, part: Part, message: str) -> None:
        if part is Part.RETENTION and Trouble(Part.RUN, message) in self._troubles:
            return  # what stood in the way of the run stands in its way, too, and is told once
        self._troubles.append(Trouble(part, message))
        self._reporter.note(f"night: {part} FAILED: {message}")
