"""Bringing meetings up to date: every stale step, one meeting after the other, whatever one of them does."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

import structlog

from catalogue import DiskFull, Meeting, OutboxEntry, StepResult, StepState, TalerstolError, disk_full
from ingest import Progress
from pipeline.archive import Archive
from pipeline.hearing import Shared, jobs, keep
from pipeline.locks import alone
from pipeline.outbox import Delivery
from pipeline.reporter import Reporter
from pipeline.room import require_room, within_room
from pipeline.steps import INDEX, STEPS, TRANSCRIBE, Step
from transcribe import Failed

log = structlog.get_logger()

DISK = "disk"  # what a run says it failed at, where no meeting is to blame
LOOK_EVERY = 1.0  # s between looks at the clock while recordings are being heard


class DeadlineReached(Exception):
    """The time set by `--until` has come."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Work that failed, of a meeting, or (without an id) of many for one reason."""

    meeting_id: str
    step: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to. `waiting` are meetings with work left because the deadline came, or the disk is full."""

    done: tuple[tuple[str, str], ...]  # (meeting id, step)
    failed: tuple[Failure, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A step that would run."""

    meeting_id: str
    step: str


@dataclass(slots=True, eq=False)
class _Hearing:
    """A meeting whose recordings are being heard."""

    meeting_id: str
    fingerprint: str
    began: float
    showing: ExitStack
    left: set[str]  # recordings
    failed: TalerstolError | None = None


class Run:
    """One pass over some meetings."""

    def __init__(
        self,
        archive: Archive,
        reporter: Reporter,
        steps: Sequence[Step] = STEPS,
        until: datetime | None = None,
    ):
        self._archive, self._reporter, self._steps = archive, reporter, steps
        self._until = until  # by the archive's clock
        self._delivery = Delivery(archive, reporter, mends=True)
        self._done: list[tuple[str, str]] = []
        self._failed: list[Failure] = []
        self._heard: dict[str, _Hearing] = {}  # by recording

    def bring_up_to_date(self, meeting_ids: Sequence[str]) -> Outcome:
        """Run what is stale. Never raises for one bad meeting; raises `EngineError` if the archive itself fails."""
        waiting: list[str] = []
        with alone(self._archive):
            self._archive.store.sweep()
            self._deliver(insist=True)  # first of all, what is withheld since the last run leaves the index
            for meeting_id in meeting_ids:
                # While one meeting is fetched, those before it are being heard.
                if waiting or self._too_late() or not self._meeting(meeting_id, self._steps):
                    waiting.append(meeting_id)
                waiting += self._take_heard(0.0)
            while self._heard and not self._too_late():
                waiting += self._take_heard(LOOK_EVERY)
            waiting += self._stop_hearing()
            self._deliver(insist=True)
            self._failed += [Failure(id_, INDEX.name, why) for id_, why in self._delivery.left().items()]
            if INDEX in self._steps and self._too_late():
                waiting += [entry.meeting_id for entry in self._archive.catalogue.outbox.waiting()]
        in_order = tuple(m for m in meeting_ids if m in waiting)
        return Outcome(tuple(self._done), tuple(self._failed), in_order)

    def _deliver(self, insist: bool = False) -> None:
        """What waits in the outbox reaches the index; after the deadline only what withdraws something."""
        if INDEX in self._steps:
            self._delivery.go_on(self._may_go, insist=insist)
            self._done += [(meeting_id, INDEX.name) for meeting_id in self._delivery.delivered]
            self._delivery.delivered.clear()

    def _may_go(self, entry: OutboxEntry) -> bool:
        return entry.withdraws or not self._too_late()

    def _meeting(self, meeting_id: str, steps: Sequence[Step]) -> bool:
        """Run a meeting's stale steps in order; a failed one ends it. False: the deadline came, or the disk is full.

        With recordings to hear it ends there; the steps after that are run when they have been heard.
        """
        for step in steps:
            if self._too_late():
                return False
            if step is INDEX:
                self._deliver()
                continue
            try:
                meeting = self._archive.catalogue.meeting(meeting_id)
                if step is TRANSCRIBE and self._begin_hearing(meeting):
                    return True
                if not self._step(meeting, step):
                    return True
            except DeadlineReached:
                return False
            except DiskFull as full:
                return self._no_room(full)
        return True

    def _no_room(self, full: DiskFull) -> bool:
        """No meeting is to blame: it is said once, and what is begun anew waits."""
        if not any(failure.step == DISK for failure in self._failed):
            self._failed.append(Failure("", DISK, full.sentence))
            self._reporter.note(full.sentence)
        return False

    def _begin_hearing(self, meeting: Meeting) -> bool:
        """Hand over the recordings of a meeting that have to be heard. False: there are none."""
        if not is_stale(self._archive, meeting, TRANSCRIBE):
            return False
        began = time.monotonic()
        try:
            require_room(self._archive, meeting, TRANSCRIBE.name)
            found = jobs(self._archive, meeting)
            transcriber = self._archive.transcriber if found else None
        except DiskFull:
            raise
        except TalerstolError as error:
            self._record_failure(meeting.id, TRANSCRIBE, error.sentence, began)
            return True
        if transcriber is None:
            return False
        showing = ExitStack()
        report = showing.enter_context(self._reporter.step(meeting.id, TRANSCRIBE))
        shared = Shared(sum(job.duration for job in found), report).of_each()
        fingerprint = TRANSCRIBE.fingerprint(self._archive, meeting)
        hearing = _Hearing(meeting.id, fingerprint, began, showing, {job.id for job in found})
        for job in found:
            self._heard[job.id] = hearing
            transcriber.submit(job, shared())
        return True

    def _take_heard(self, seconds: float) -> list[str]:
        """Keep what has been heard, and go on with the meetings that are complete. Returns those cut short."""
        cut_short = []
        for result in self._archive.transcriber.collect(seconds) if self._heard else ():
            hearing = self._heard.pop(result.job.id)
            hearing.left.discard(result.job.id)
            if isinstance(result, Failed):
                hearing.failed = hearing.failed or result.error
            else:
                keep(self._archive, result)
            if not hearing.left and not self._after_hearing(hearing):
                cut_short.append(hearing.meeting_id)
        return cut_short

    def _after_hearing(self, hearing: _Hearing) -> bool:
        if hearing.failed is not None:
            hearing.showing.__exit__(type(hearing.failed), hearing.failed, None)
            if full := disk_full(hearing.failed):
                return self._no_room(full)
            self._record_failure(hearing.meeting_id, TRANSCRIBE, hearing.failed.sentence, hearing.began)
            return True
        hearing.showing.close()
        self._done.append((hearing.meeting_id, TRANSCRIBE.name))
        self._record(hearing.meeting_id, TRANSCRIBE, StepState.DONE, hearing.fingerprint, hearing.began)
        after = [step for step in self._steps if STEPS.index(step) > STEPS.index(TRANSCRIBE)]
        return self._meeting(hearing.meeting_id, after)

    def _stop_hearing(self) -> list[str]:
        """At the deadline: what was heard stays in the checkpoints."""
        left = {id(h): h for h in self._heard.values()}.values()
        if left:
            self._archive.close_transcriber()
        for hearing in left:
            hearing.showing.__exit__(DeadlineReached, DeadlineReached(), None)
        self._heard.clear()
        return [hearing.meeting_id for hearing in left]

    def _step(self, meeting: Meeting, step: Step) -> bool:
        """Run one step if it is stale. False if it failed; the reason is then on record."""
        if not is_stale(self._archive, meeting, step):
            return True
        began = time.monotonic()
        try:
            fingerprint = step.fingerprint(self._archive, meeting)
            if step.run is not None:
                require_room(self._archive, meeting, step.name)
                with self._reporter.step(meeting.id, step) as progress:
                    roomy = within_room(self._archive, step.name, progress)
                    step.run(self._archive, meeting, self._within_time(roomy))
        except DeadlineReached:
            raise
        except TalerstolError as error:
            if full := disk_full(error):
                raise full from error
            return self._record_failure(meeting.id, step, error.sentence, began)
        except Exception as error:
            if full := disk_full(error):
                raise full from error
            log.exception("step failed unexpectedly", meeting=meeting.id, step=step.name)
            # Its words may be what was said at the meeting.
            message = f"{type(error).__name__}\nThis is a fault in Talerstolen; the log has the details."
            return self._record_failure(meeting.id, step, message, began)
        self._done.append((meeting.id, step.name))
        self._record(meeting.id, step, StepState.DONE, fingerprint, began)
        return True

    def _record_failure(self, meeting_id: str, step: Step, message: str, began: float) -> bool:
        self._reporter.failed(meeting_id, step, message)
        self._failed.append(Failure(meeting_id, step.name, message))
        self._record(meeting_id, step, StepState.FAILED, "", began, message)
        return False

    def _record(
        self, meeting_id: str, step: Step, state: StepState, fingerprint: str, began: float, message: str = ""
    ) -> None:
        seconds = round(time.monotonic() - began, 3)
        self._archive.catalogue.record_step(
            StepResult(meeting_id, step.name, state, fingerprint, self._archive.now(), seconds, message)
        )

    def _too_late(self) -> bool:
        return self._until is not None and self._archive.now() >= self._until

    def _within_time(self, progress: Progress) -> Progress:
        def report(done: float, total: float | None) -> None:
            if self._too_late():
                raise DeadlineReached
            progress(done, total)

        return report


def is_stale(archive: Archive, meeting: Meeting, step: Step) -> bool:
    """Whether a step has work: never done, failed, its inputs changed, or its result gone."""
    if step is INDEX:
        return archive.catalogue.outbox.waits(meeting.id)
    last = archive.catalogue.steps(meeting.id).get(step.name)
    if last is None or last.state is not StepState.DONE:
        return True
    return last.fingerprint != step.fingerprint(archive, meeting) or not step.intact(archive, meeting)


def due_steps(archive: Archive, meeting_ids: Iterable[str], steps: Sequence[Step] = STEPS) -> list[Due]:
    """What a run would do: for each meeting the first stale step and all after it, which depend on it."""
    due: list[Due] = []
    for meeting_id in meeting_ids:
        meeting = archive.catalogue.meeting(meeting_id)
        stale = [is_stale(archive, meeting, step) for step in steps]
        first = stale.index(True) if any(stale) else len(steps)
        due += [Due(meeting_id, step.name) for step in steps[first:]]
    return due
