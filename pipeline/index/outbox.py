"""From the outbox into the search index: withdrawals first, then in order, until nothing waits.

A meeting is read, written and settled; killed in between, it still waits and is done again. Where the index holds
already what is public, nothing is written. While the engine is away all waits, and is tried again later.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime

import structlog

from catalogue import EngineError, OutboxEntry, StepResult, StepState
from pipeline.archive import Archive
from pipeline.index.indexing import PATIENCE, made_otherwise, out_of_step, read_passages, rebuild_index
from pipeline.runs.faults import fault
from pipeline.runs.locks import IndexBusy, writing_index
from pipeline.runs.steps import INDEX
from pipeline.terminal.reporter import Reporter, Silent
from search import IndexStalled

log = structlog.get_logger()

AT_ONCE = 10.0  # s that a command waits for another writer to deliver what it changed
REST = 15.0  # s before an engine that was away, or a meeting that it refused, is tried again
LONG_REST = (
    600.0  # s before one whose disk is full is: it takes up to two minutes to find out that it still is
)

Choice = Callable[[OutboxEntry], bool]


class Delivery:
    """What one run, one command or one server delivers. What cannot be delivered is said once.

    `mends`: the whole index is looked at first.
    """

    def __init__(self, archive: Archive, reporter: Reporter, *, mends: bool = False) -> None:
        self._archive, self._reporter, self._mends = archive, reporter, mends
        self._outbox = archive.catalogue.outbox
        self._rests_until = 0.0  # time.monotonic()
        self._said = set[str]()
        self._refused: dict[str, str] = {}  # why the engine did not take a meeting, though it answers
        self._stopped = ""  # why nothing can be delivered at the moment
        self.delivered: list[str] = []  # meetings of which passages came into the index, or left it

    def mend(self, patience: float = 0.0, *, only_lost: bool = False) -> bool:
        """Build the index anew if it is not what was put into it. False: that could not be done now.

        `only_lost`: one that another version made is left to a run.
        """
        return self._alone(patience, lambda: self._look(only_lost))

    def _look(self, only_lost: bool) -> None:
        reason = made_otherwise(self._archive)
        if reason is None:
            reason = out_of_step(self._archive)
        elif only_lost:
            return
        if reason and self._archive.catalogue.meeting_ids():
            self._reporter.note(f"Building the search index anew: {reason}.")
            rebuild_index(self._archive, self._reporter)

    def go_on(self, may: Choice = lambda _: True, *, insist: bool = False) -> bool:
        """Deliver what waits, up to the first that may not go now. False: something was in the way.

        Who insists waits for another writer, and tries again what was refused or away a moment ago.
        """
        patience = PATIENCE if insist else 0.0
        if insist or time.monotonic() >= self._rests_until:
            self._stopped, self._refused = "", {}
        if self._mends and insist:  # not after each meeting: a rebuild that fails may have taken long
            self._mends = not self.mend(patience)
        if self._stopped or self._outbox.next(self._refused) is None:
            return not self._stopped
        return self._alone(patience, lambda: self._deliver_all(may))

    def _deliver_all(self, may: Choice) -> None:
        if reason := self._archive.engine.needs_rebuild():
            self._stop(f"The search index has to be built anew: {reason}.\n`talerstol run` does it.")
            return
        while (entry := self._outbox.next(self._refused)) is not None and may(entry):
            self._deliver(entry.meeting_id)
        if not self._refused:
            self._said.clear()

    def left(self) -> dict[str, str]:
        """What could not be delivered: a sentence for each meeting, or under "" one for several of the same reason."""
        meetings_of = defaultdict[str, list[str]](list)
        for meeting_id, reason in self._refused.items():
            meetings_of[reason].append(meeting_id)
        told = {ids[0]: reason for reason, ids in meetings_of.items() if len(ids) == 1}
        together = [self._stopped] if self._stopped else [r for r, ids in meetings_of.items() if len(ids) > 1]
        waiting = self._outbox.waiting()
        if together and waiting:
            told[""] = " ".join([f"{counted(len(waiting))} to reach the search index.", *together])
        return told

    def _alone(self, patience: float, work: Callable[[], None]) -> bool:
        """Do this as the one writer. Where something does not answer that ends it, and what is left waits."""
        try:
            with writing_index(self._archive, patience):
                work()
        except IndexBusy as busy:
            if patience:  # else: it is that one who delivers
                self._stop(busy.sentence)
            return False
        except IndexStalled as error:
            self._stop(error.sentence, LONG_REST)
            return False
        except EngineError as error:
            self._stop(error.sentence)
            return False
        except Exception as error:
            log.exception("the search index could not be written")
            self._stop(fault(type(error).__name__))
            return False
        return True

    def _stop(self, reason: str, rest: float = REST) -> None:
        self._stopped, self._rests_until = reason, time.monotonic() + rest
        if self._first_time(reason):
            self._reporter.note(reason)

    def _deliver(self, meeting_id: str) -> None:
        began = time.monotonic()
        try:
            now, found = read_passages(self._archive, meeting_id)
        except EngineError:
            raise  # the catalogue itself
        except Exception as error:
            log.exception("a meeting could not be read", meeting=meeting_id)
            self._refuse(meeting_id, fault(type(error).__name__), began)
            return
        before = self._outbox.indexed_of(meeting_id)
        differs = before != now.indexed
        seen = differs and bool(found or (before and before.passages))
        if differs:
            self._outbox.forget(meeting_id)
            try:
                with self._reporter.step(meeting_id, INDEX) if seen else nullcontext():
                    self._archive.engine.replace_meeting(meeting_id, found)
            except IndexStalled:
                raise  # it would take no other meeting either
            except EngineError as error:
                self._archive.engine.check()  # where it does not answer at all, it is not for the meeting
                self._refuse(meeting_id, error.sentence, began)
                return
            except Exception as error:
                log.exception("a meeting could not be indexed", meeting=meeting_id)
                self._refuse(meeting_id, fault(type(error).__name__), began)
                return
        self._outbox.settle({meeting_id: now})
        if seen:
            self.delivered.append(meeting_id)
        if seen or self._had_failed(meeting_id):
            self._record(meeting_id, StepState.DONE, began)

    def _had_failed(self, meeting_id: str) -> bool:
        last = self._archive.catalogue.steps(meeting_id).get(INDEX.name)
        return last is not None and last.state is StepState.FAILED

    def _refuse(self, meeting_id: str, reason: str, began: float) -> None:
        self._refused[meeting_id], self._rests_until = reason, time.monotonic() + REST
        if self._first_time(reason):
            self._reporter.failed(meeting_id, INDEX, reason)
        self._record(meeting_id, StepState.FAILED, began, reason)

    def _record(self, meeting_id: str, state: StepState, began: float, message: str = "") -> None:
        if self._archive.catalogue.revision(meeting_id) is None:
            return
        seconds = round(time.monotonic() - began, 3)
        self._archive.catalogue.record_step(
            StepResult(meeting_id, INDEX.name, state, "", datetime.now(UTC), seconds, message)
        )

    def _first_time(self, reason: str) -> bool:
        new = reason not in self._said
        self._said.add(reason)
        return new


def deliver_at_once(archive: Archive, meeting_id: str = "") -> str:
    """After a command that changed what is public of a meeting, or of many: search follows now.

    Returns why it does not; it then follows with the next run, or by itself where a server runs.
    """
    delivery, outbox, until = (
        Delivery(archive, Silent()),
        archive.catalogue.outbox,
        time.monotonic() + AT_ONCE,
    )
    while True:
        # Not the whole backlog of an outage: what withdraws something, and more while there is time.
        done = delivery.go_on(lambda entry: entry.withdraws or time.monotonic() < until)
        if not (outbox.waits(meeting_id) if meeting_id else outbox.waiting()):
            return ""
        if left := delivery.left():
            return left.get(meeting_id) or left.get("") or next(iter(left.values()))
        if time.monotonic() > until:
            left_out = f"{counted(len(outbox.waiting()))} to reach the search index"
            return left_out if done else "another process is writing to the search index"
        time.sleep(0.1)  # that one takes withdrawals first, so this one too


def counted(meetings: int) -> str:
    return "1 meeting waits" if meetings == 1 else f"{meetings} meetings wait"
