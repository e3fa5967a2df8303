"""How fast a step goes, measured while it goes on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

MEASURED = 1.0  # s of work before a speed is told: what comes first is a start, or was done in an earlier run
TIMED = frozenset({"audio", "transcribe", "media"})  # steps whose progress is in seconds of the recording


@dataclass(slots=True)
class Pace:
    """Of one step. What was there at the first report was done by an earlier run, and says nothing of the speed.

    A step that comes to the next of its recordings begins from 0 again, and so does this.
    """

    step: str
    done: float = 0.0
    total: float | None = None
    _base: float | None = None
    _since: float = field(default_factory=time.monotonic)

    def report(self, done: float, total: float | None) -> None:
        if self._base is None or done < self.done:
            self._base, self._since = done, time.monotonic()
        self.done, self.total = done, total

    @property
    def share(self) -> float | None:
        return min(1.0, self.done / self.total) if self.total else None

    @property
    def _rate(self) -> float | None:
        spent = time.monotonic() - self._since
        gained = self.done - (self._base or 0.0)
        return gained / spent if spent >= MEASURED and gained > 0 else None

    @property
    def speed(self) -> float | None:
        """Seconds of recording for each second of work; None for what is not measured in them."""
        return self._rate if self.step in TIMED else None

    @property
    def left(self) -> float | None:
        """Seconds, if it goes on as it has gone."""
        rate = self._rate
        return max(0.0, self.total - self.done) / rate if rate and self.total else None


def lasting(seconds: float) -> str:
    """A length of time as it is read on a terminal: `3 h 05 min`, `12 min`, `40 s`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def figures(share: float | None, speed: float | None, left: float | None, least: bool = False) -> str:
    """`41 %, 12.3 × real time, 8 min left`: what of it is known. `least`: there is more, of unknown length."""
    said = []
    if share is not None:
        said.append(f"{share:.0%}".replace("%", " %"))
    if speed is not None:
        said.append(f"{speed:.1f} × real time")
    if left is not None:
        said.append(f"{'at least ' if least else ''}{lasting(left)} left")
    return ", ".join(said)
