"""What a run would do: the steps of a meeting that have work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalogue import Meeting, StepState
from pipeline.archive import Archive
from pipeline.recordings.to_fetch import let_go
from pipeline.runs.steps import INDEX, SEGMENT, STEPS, Step


@dataclass(frozen=True, slots=True)
class Due:
    """A step that would run."""

    meeting_id: str
    step: str


def is_stale(archive: Archive, meeting: Meeting, step: Step) -> bool:
    """Whether a step has work."""
    return any(stale_steps(archive, meeting, (step,)))


def stale_steps(archive: Archive, meeting: Meeting, steps: Iterable[Step]) -> Iterator[Step]:
    """Those that have work: never done, failed, their inputs changed, or their result gone. What is on record of the
    meeting is read once; each step is looked at when it is asked for."""
    recorded, gone = archive.catalogue.steps(meeting.id), let_go(archive, meeting)
    for step in steps:
        if step is INDEX:
            stale = archive.catalogue.outbox.waits(meeting.id)
        elif gone and step is not SEGMENT:
            stale = False
        else:
            last = recorded.get(step.name)
            stale = (
                last is None
                or last.state is not StepState.DONE
                or last.fingerprint != step.fingerprint(archive, meeting)
                or not step.intact(archive, meeting)
            )
        if stale:
            yield step


def due_steps(archive: Archive, meeting_ids: Iterable[str], steps: Sequence[Step] = STEPS) -> list[Due]:
    """What a run would do: for each meeting the first stale step and all after it, which depend on it."""
    due: list[Due] = []
    for meeting_id in meeting_ids:
        first = next(stale_steps(archive, archive.catalogue.meeting(meeting_id), steps), None)
        if first is not None:
            due += [Due(meeting_id, step.name) for step in steps[steps.index(first) :]]
    return due
