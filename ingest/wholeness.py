"""Whether all of a recording is there: what can be read of it against what its source announces."""

from __future__ import annotations

# What can be read of a whole recording is within 0.02 s of what it announces, whatever its container; playlists whose
# segments are given in whole seconds are another matter (`ingest.hls`). `python -m bench.lengths` shows both. Pages
# round to a second or two, and a livestream's clock drifts from its announced end with its length.
SHORT_SECONDS, SHORT_SHARE = 2.0, 0.001


def missing(announced: float | None, measured: float, slack: float = 0.0) -> str:
    """What is missing, in words; empty where all is there, or where nothing was announced. Times in seconds.

    `slack` is by how much the announced time is known to be too long at most.
    """
    if announced is None:
        return ""
    allowed = max(SHORT_SECONDS, SHORT_SHARE * announced, slack)
    if announced - measured <= allowed:
        return ""
    return f"only {clock(measured)} of {clock(announced)} is there"


def clock(seconds: float) -> str:
    """Hours, minutes and seconds as people read them: 2:05:09."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
