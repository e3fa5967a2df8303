"""What a run would do: the steps of a meeting that have work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalogue import Meeting, StepState
from pipeline.archive import Archive
from pipeline.steps import INDEX, SEGMENT, STEPS, Step
from pipeline.to_fetch import let_go


@dataclass(frozen=True, slots=True)
class Due:
    """A step that would run."""

    meeting_id: str
    step: str


def is_stale(archive: Archive, meeting: Meeting, step: Step) -> bool:
    """Whether a step has work: never done, failed, its inputs changed, or its result gone."""
    if step is INDEX:
        return archive.catalogue.outbox.waits(meeting.id)
    if step is not SEGMENT and let_go(archive, meeting):
        return False
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
