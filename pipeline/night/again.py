"""Looking again at sources whose recordings go on: a meeting that is broadcast when the night begins is over long before
the morning."""

from __future__ import annotations

from datetime import datetime

from pipeline.archive import Archive
from pipeline.recordings.looking import STILL
from pipeline.terminal.reporter import Reporter

AGAIN = (
    STILL  # between two looks: what has not changed for so long has stopped, and a sooner look cannot tell
)
SLICE = 60.0  # s slept at once: a machine that was suspended, or whose clock was set, still looks at the time


def wait_to_look_again(archive: Archive, reporter: Reporter, meetings: int, until: datetime) -> bool:
    """Sleep until it is worth while to look again at this many meetings. False, at once: the deadline comes first.

    Meanwhile no speech model is kept in memory, and others may run.
    """
    look = archive.now() + AGAIN
    if look >= until:
        return False
    archive.close_transcriber()
    go_on = (
        "1 meeting goes on at its source" if meetings == 1 else f"{meetings} meetings go on at their sources"
    )
    reporter.note(f"All else is done. {go_on}; looking again at {look.astimezone():%H:%M}.")
    while (left := (look - archive.now()).total_seconds()) > 0:
        archive.sleep(min(left, SLICE))
    return True
