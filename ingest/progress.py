"""How a long piece of work tells how far it has come."""

from __future__ import annotations

import time
from collections.abc import Callable

# done, total: bytes or seconds, in whichever the work is measured; total None = unknown
Progress = Callable[[float, float | None], None]

EVERY = 0.25  # seconds between two reports


def throttled(progress: Progress) -> Progress:
    """The same callable, called a few times a second at most; the end is always told."""
    last = 0.0

    def report(done: float, total: float | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= EVERY or (total is not None and done >= total):
            last = now
            progress(done, total)

    return report
