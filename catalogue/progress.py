"""What a runner does now, in numbers: as it is kept in the catalogue, and read by whoever looks from elsewhere."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class AtWork:
    """A step at work on a meeting. `share` is from 0 to 1; `speed` is in seconds of recording a second; `left` in
    seconds. What is not known is None."""

    meeting_id: str
    step: str
    doing: str
    share: float | None = None
    speed: float | None = None
    left: float | None = None


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a runner is: with the meetings that had work when it began, and with the seconds of their recordings.

    `unknown` is how many of the meetings that are left have recordings whose length is not known yet: they are in none
    of the seconds, so that `left` (seconds) is a least. `speed` (seconds of recording a second) and `left` are None
    until something is measured. `elsewhere` is how many meetings other runners have.
    """

    meetings_done: int = 0
    meetings_left: int = 0
    seconds_done: float = 0.0
    seconds_left: float = 0.0
    unknown: int = 0
    elsewhere: int = 0
    speed: float | None = None
    left: float | None = None
    at_work: tuple[AtWork, ...] = ()

    @property
    def share(self) -> float | None:
        """How much is done: of the seconds, or of the meetings where no length is known. None where there is no work."""
        done, left = self.seconds_done, self.seconds_left
        if self.unknown or done + left <= 0:
            done, left = self.meetings_done, self.meetings_left
        return done / (done + left) if done + left > 0 else None


def dump_progress(progress: RunProgress) -> str:
    return json.dumps(asdict(progress), ensure_ascii=False, separators=(",", ":"))


def load_progress(text: str) -> RunProgress:
    """What was kept; nothing where another version wrote what this one does not know."""
    try:
        said = json.loads(text)
        at_work = tuple(AtWork(**one) for one in said.pop("at_work", ()))
        return RunProgress(**said, at_work=at_work)
    except (ValueError, TypeError, AttributeError):
        return RunProgress()
