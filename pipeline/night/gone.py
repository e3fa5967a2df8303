"""Recordings that their source deleted long ago and that are not there any more: told once as a failure, then as a fact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from catalogue import StepState
from pipeline.archive import Archive
from pipeline.night.outcome import NightOutcome
from pipeline.night.queue import MAY_BE_THERE
from pipeline.night.reasons import gone
from pipeline.retention import Deadline, DeadlineKind
from pipeline.runs.steps import FETCH


def not_fetched(archive: Archive) -> frozenset[str]:
    """The meetings whose recording could not be fetched when that was last tried."""
    return frozenset(
        meeting_id
        for meeting_id, steps in archive.catalogue.work.steps().items()
        if (last := steps.get(FETCH.name)) and last.state is StepState.FAILED
    )


def gone_for_good(outcome: NightOutcome, known: Iterable[Deadline], today: date) -> frozenset[str]:
    """The meetings whose recording was to be deleted at its source longer ago than it may be there still, is not there
    now, and was not there before this night either. Trying again goes on, and nobody is asked to do anything."""
    passed = {
        deadline.meeting_id
        for deadline in known
        if deadline.kind is DeadlineKind.FETCH and deadline.day < today - MAY_BE_THERE
    }
    return frozenset(
        failure.meeting_id
        for failure in outcome.run.failed
        if failure.step == FETCH.name
        and failure.meeting_id in passed & outcome.not_fetched_before
        and gone(failure.message)
    )
