"""Bringing meetings up to date: every stale step, one meeting after the other, whatever one of them does.

Several runners may share the queue: each takes the lease of a meeting before it touches it, skips those that another
has, and looks at them again at the end. What a runner that was stalled has made is not kept (`LeaseLost`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

import structlog

from catalogue import (
    DiskFull,
    InputError,
    LeaseLost,
    Meeting,
    OutboxEntry,
    StepResult,
    StepState,
    TalerstolError,
    disk_full,
)
from ingest import Progress, StillLive
from pipeline.archive import Archive
from pipeline.index.outbox import Delivery
from pipeline.live.recording import finish_left
from pipeline.recordings.lengths import seconds_in
from pipeline.recordings.looking import goes_on, look_again, still_grows
from pipeline.retention import RETENTION, follow_rules
from pipeline.runs.due import due_steps, is_stale, stale_steps
from pipeline.runs.faults import fault
from pipeline.runs.hearing import Shared, jobs, keep
from pipeline.runs.locks import IndexNotShared, alone, told
from pipeline.runs.outcome import DISK, Failure, Outcome
from pipeline.runs.room import require_room, within_room
from pipeline.runs.steps import FETCH, INDEX, STEPS, TRANSCRIBE, Step
from pipeline.runs.watched import Watched
from pipeline.terminal.reporter import Reporter
from transcribe import Failed

log = structlog.get_logger()

LOOK_EVERY = 1.0  # s between looks at the clock while recordings are being heard
ELSEWHERE_EVERY = (
    5.0  # s between looks at the meetings that others have: one is free a minute after its runner died
)
AHEAD = 4  # meetings that wait to be heard where runners share a queue: a GPU's batch is full, and others get some


class DeadlineReached(Exception):
    """The time set by `--until` has come."""


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
        self._archive, self._steps = archive, steps
        self._until = until  # by the archive's clock
        self._reporter = Watched(reporter)
        self._delivery = Delivery(archive, self._reporter, mends=True)
        self._done: list[tuple[str, str]] = []
        self._failed: list[Failure] = []
        self._waiting: list[str] = []
        self._elsewhere: list[str] = []  # meetings that other runners have
        self._going_on: set[str] = set()  # meetings whose recording may go on at its source
        self._heard: dict[str, _Hearing] = {}  # by recording
        self._began = archive.now()
        self._away: set[str] = set()  # sources that do not answer tonight

    def bring_up_to_date(self, meeting_ids: Sequence[str]) -> Outcome:
        """Run what is stale. Never raises for one bad meeting; raises `EngineError` if the archive itself fails."""
        with alone(self._archive) as self._running:
            self._running.watch(self._reporter.now)
            self._check_index()
            self._sweep()
            self._finish_live()
            self._follow_rules()
            self._deliver(insist=True)  # first of all, what is withheld since the last run leaves the index
            self._plan(meeting_ids)
            self._over(meeting_ids)
            self._to_the_end()
            self._stop_hearing()
            self._sweep()  # of several runners the last may
            self._deliver(insist=True)
            self._failed += [Failure(id_, INDEX.name, why) for id_, why in self._delivery.left().items()]
            if INDEX in self._steps and self._too_late():
                self._waiting += [entry.meeting_id for entry in self._archive.catalogue.outbox.waiting()]
        waiting = set(self._waiting) | set(self._elsewhere)
        cut_short = [m for m in meeting_ids if m in waiting]
        left = {due.meeting_id for due in due_steps(self._archive, cut_short, self._steps)}
        in_order = tuple(m for m in cut_short if m in left)  # not those that had nothing left to do
        on = tuple(m for m in meeting_ids if m in self._going_on - set(in_order) and self._goes_on(m))
        return Outcome(tuple(self._done), tuple(self._failed), in_order, on)

    def _finish_live(self) -> None:
        """A live recording whose recorder is gone becomes a recording of what there is."""
        for meeting_id, came in finish_left(self._archive, lambda _, __: None):
            if isinstance(came, DiskFull):
                self._no_room(came)
            elif isinstance(came, TalerstolError):
                self._failed.append(Failure(meeting_id, "record", came.sentence))

    def _follow_rules(self) -> None:
        """What may be public before its captions are there is known before anything is made."""
        try:
            follow_rules(self._archive)
        except InputError as error:
            self._failed.append(Failure("", RETENTION, error.sentence))

    def _check_index(self) -> None:
        me = self._running.me
        before = [one for one in self._running.others() if (one.began, one.id) < (me.began, me.id)]
        if INDEX in self._steps and before and not self._archive.settings.meili_url:
            raise IndexNotShared(before[0])

    def _sweep(self) -> None:
        """What a killed run left half made goes, unless others are at work, who may share the folder."""
        # Before the question: whoever comes after it has none of these.
        half_made = self._archive.store.half_made()
        if not self._running.others():
            self._archive.store.sweep(half_made)

    def _plan(self, meeting_ids: Sequence[str]) -> None:
        """What there is to do, so that it can be told how far this run is."""
        self._reporter.plan({m: self._length(m) for m in meeting_ids if self._has_work(m)})

    def _length(self, meeting_id: str) -> float | None:
        return seconds_in(self._archive.catalogue.meeting(meeting_id).recordings)

    def _has_work(self, meeting_id: str) -> bool:
        meeting = self._archive.catalogue.meeting(meeting_id)
        own = (step for step in self._steps if step is not INDEX)
        return any(stale_steps(self._archive, meeting, own))

    def _over(self, meeting_ids: Sequence[str]) -> None:
        """Once over these meetings. While one is fetched, those before it are being heard."""
        for meeting_id in meeting_ids:
            while self._enough_ahead() and not self._too_late():
                self._take_heard(LOOK_EVERY)
            if self._too_late():
                self._waiting.append(meeting_id)
                continue
            self._look(meeting_id)
            if self._has_work(meeting_id) and not self._tried_by_another(meeting_id):
                if self._running.take(meeting_id):
                    self._work(meeting_id, self._steps)
                else:
                    self._elsewhere.append(meeting_id)
            else:
                self._reporter.through(meeting_id)
            self._take_heard(0.0)

    def _to_the_end(self) -> None:
        """Hear what is left, and take over what others have and do not finish, until nothing is left or it is late."""
        told_of, look_at = False, 0.0
        while (self._heard or self._elsewhere) and not self._too_late():
            if self._elsewhere and time.monotonic() >= look_at:
                again, self._elsewhere = self._elsewhere, []
                self._over(again)
                self._reporter.elsewhere(len(self._elsewhere))
                look_at = time.monotonic() + ELSEWHERE_EVERY
            if self._heard:
                self._take_heard(LOOK_EVERY)
            elif self._elsewhere:
                if not told_of:
                    self._tell_of_others()
                    told_of = True
                time.sleep(LOOK_EVERY)

    def _tell_of_others(self) -> None:
        first, count = self._elsewhere[0], len(self._elsewhere)
        what = f"{first} is" if count == 1 else f"{count} meetings are, the first {first},"
        who = told(self._archive.catalogue.runners.holder(first))
        self._reporter.note(f"{what} in the hands of another runner{who}; waiting, in case that one dies.")

    def _enough_ahead(self) -> bool:
        """Whether so much waits to be heard here that the rest is left to whoever comes to share the queue."""
        shares = self._archive.catalogue.shared and self._archive.settings.executor == "local"
        return shares and len({h.meeting_id for h in self._heard.values()}) >= AHEAD

    def _tried_by_another(self, meeting_id: str) -> bool:
        """Whether another runner has failed with it since this run began: the next run tries again."""
        own = {failure.meeting_id for failure in self._failed}
        return meeting_id not in own and any(
            last.state is StepState.FAILED and last.finished > self._began
            for last in self._archive.catalogue.steps(meeting_id).values()
            if last.step != INDEX.name
        )

    def _work(self, meeting_id: str, steps: Sequence[Step]) -> None:
        """Go on with a meeting that this runner has the lease of, and let go of it where nothing more is to come."""
        whole = True
        try:
            whole = self._meeting(meeting_id, steps)
        except LeaseLost as lost:
            self._lost(lost)
        if not whole:
            self._waiting.append(meeting_id)
        if not any(hearing.meeting_id == meeting_id for hearing in self._heard.values()):
            self._running.release(meeting_id)
            if whole:
                self._reporter.through(meeting_id)

    def _lost(self, lost: LeaseLost) -> None:
        self._reporter.note(f"{lost.key}: {lost.what}")
        self._elsewhere.append(lost.key)

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
                self._running.check(meeting_id)
                meeting = self._archive.catalogue.meeting(meeting_id)
                if step is TRANSCRIBE and self._begin_hearing(meeting):
                    return True
                if not self._step(meeting, step) or (step is FETCH and still_grows(self._archive, meeting)):
                    return True
            except DeadlineReached:
                return False
            except DiskFull as full:
                return self._no_room(full)
        return True

    def _look(self, meeting_id: str) -> None:
        """See whether the meeting's sources have something else by now."""
        if FETCH not in self._steps:
            return
        meeting = self._archive.catalogue.meeting(meeting_id)
        look_again(self._archive, meeting, self._away)
        if still_grows(self._archive, meeting):
            self._going_on.add(meeting_id)

    def _goes_on(self, meeting_id: str) -> bool:
        return goes_on(self._archive, self._archive.catalogue.meeting(meeting_id)) is not None

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

    def _take_heard(self, seconds: float) -> None:
        """Keep what has been heard, and go on with the meetings that are complete."""
        for result in self._archive.transcriber.collect(seconds) if self._heard else ():
            hearing = self._heard.pop(result.job.id)
            hearing.left.discard(result.job.id)
            if isinstance(result, Failed):
                hearing.failed = hearing.failed or result.error
            else:
                try:
                    with self._running.only_with(hearing.meeting_id):
                        keep(self._archive, result)
                except LeaseLost as lost:
                    hearing.failed = lost
            if not hearing.left:
                self._after_hearing(hearing)

    def _after_hearing(self, hearing: _Hearing) -> None:
        meeting_id, failed = hearing.meeting_id, hearing.failed
        after = [step for step in self._steps if STEPS.index(step) > STEPS.index(TRANSCRIBE)]
        if failed is None:
            hearing.showing.close()
        else:
            hearing.showing.__exit__(type(failed), failed, None)
            after = []
        try:
            if failed is None:
                self._record(meeting_id, TRANSCRIBE, StepState.DONE, hearing.fingerprint, hearing.began)
                self._done.append((meeting_id, TRANSCRIBE.name))
            elif isinstance(failed, LeaseLost):
                raise failed
            elif full := disk_full(failed):
                self._no_room(full)
                self._waiting.append(meeting_id)
            else:
                self._record_failure(meeting_id, TRANSCRIBE, failed.sentence, hearing.began)
        except LeaseLost as lost:
            self._lost(lost)
            after = []
        self._work(meeting_id, after)

    def _stop_hearing(self) -> None:
        """At the deadline: what was heard stays in the checkpoints."""
        left = {id(h): h for h in self._heard.values()}.values()
        if left:
            self._archive.close_transcriber()
        for hearing in left:
            hearing.showing.__exit__(DeadlineReached, DeadlineReached(), None)
        self._heard.clear()
        self._waiting += [hearing.meeting_id for hearing in left]

    def _step(self, meeting: Meeting, step: Step) -> bool:
        """Run one step if it is stale. False if it failed (the reason is then on record), or its source goes on."""
        if not is_stale(self._archive, meeting, step):
            return True
        began = time.monotonic()
        try:
            fingerprint = step.fingerprint(self._archive, meeting)
            if step.run is not None:
                require_room(self._archive, meeting, step.name)
                with self._reporter.step(meeting.id, step) as progress, self._running.only_with(meeting.id):
                    roomy = within_room(self._archive, step.name, progress)
                    step.run(self._archive, meeting, self._watching(meeting.id, roomy))
        except (DeadlineReached, LeaseLost):
            raise
        except StillLive as live:
            return self._still_live(meeting.id, step, live)
        except TalerstolError as error:
            if full := disk_full(error):
                raise full from error
            return self._record_failure(meeting.id, step, error.sentence, began)
        except Exception as error:
            if full := disk_full(error):
                raise full from error
            log.exception("step failed unexpectedly", meeting=meeting.id, step=step.name)
            return self._record_failure(meeting.id, step, fault(type(error).__name__), began)
        self._record(meeting.id, step, StepState.DONE, fingerprint, began)
        self._done.append((meeting.id, step.name))
        self._reporter.measured(meeting.id, self._length(meeting.id))
        return True

    def _still_live(self, meeting_id: str, step: Step, live: StillLive) -> bool:
        """Nothing is wrong: the step is yet to come, whatever was on record of it."""
        with self._running.only_with(meeting_id):
            self._archive.catalogue.forget_step(meeting_id, step.name)
        self._going_on.add(meeting_id)
        self._reporter.note(f"{meeting_id}: {live.what}; it is fetched when it has ended")
        return False

    def _record_failure(self, meeting_id: str, step: Step, message: str, began: float) -> bool:
        self._record(meeting_id, step, StepState.FAILED, "", began, message)
        self._reporter.failed(meeting_id, step, message)
        self._failed.append(Failure(meeting_id, step.name, message))
        return False

    def _record(
        self, meeting_id: str, step: Step, state: StepState, fingerprint: str, began: float, message: str = ""
    ) -> None:
        seconds = round(time.monotonic() - began, 3)
        with self._running.only_with(meeting_id):
            self._archive.catalogue.record_step(
                StepResult(meeting_id, step.name, state, fingerprint, self._archive.now(), seconds, message)
            )

    def _too_late(self) -> bool:
        return self._until is not None and self._archive.now() >= self._until

    def _watching(self, meeting_id: str, progress: Progress) -> Progress:
        """Progress that stops the step at the deadline, and where another runner has taken the meeting over."""

        def report(done: float, total: float | None) -> None:
            if self._too_late():
                raise DeadlineReached
            self._running.check(meeting_id)
            progress(done, total)

        return report
