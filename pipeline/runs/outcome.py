"""What a run came to."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.runs.steps import INDEX

DISK = "disk"  # what a run says it failed at, where no meeting is to blame


@dataclass(frozen=True, slots=True)
class Failure:
    """Work that failed, of a meeting, or (without an id) of many for one reason."""

    meeting_id: str
    step: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to. `waiting` are meetings with work left because the deadline came, or the disk is full;
    `goes_on` those whose recording goes on at its source: a look an hour later may find that it has ended."""

    done: tuple[tuple[str, str], ...]  # (meeting id, step)
    failed: tuple[Failure, ...]
    waiting: tuple[str, ...]
    goes_on: tuple[str, ...] = ()

    def then(self, later: Outcome) -> Outcome:
        """Both: this one, and a later one over what it had left. What waited for the index, the later one tells."""
        failed = [failure for failure in self.failed if failure.step != INDEX.name]
        return Outcome(
            done=(*self.done, *later.done),
            failed=tuple(dict.fromkeys((*failed, *later.failed))),
            waiting=later.waiting,
            goes_on=later.goes_on,
        )
