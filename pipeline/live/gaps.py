"""Where live recordings miss something, in plain words for staff."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue import Gap, GapReason, Meeting
from transcribe import clock

REASONS = {
    GapReason.CONNECTION: "the connection fell out",
    GapReason.SENDER: "the sender left it out",
    GapReason.RESTARTED: "the sender began anew",
    GapReason.PAUSED: "the sender stood still",
    GapReason.STOPPED: "nothing was being recorded",
    GapReason.DAMAGED: "what arrived could not be read",
}


def gap_notes(meeting: Meeting) -> tuple[str, ...]:
    """One line for each gap of a meeting's recordings, on the meeting's clock."""
    return tuple(
        f"{clock(round((recording.offset or 0.0) + gap.at), '.')[:-4]}: {gap_line(gap)}"
        for recording in meeting.recordings
        for gap in recording.gaps
    )


def gap_line(gap: Gap) -> str:
    """What is missing, and why."""
    lost = "an unknown part" if gap.lost is None else f"{gap.lost:.0f} s"
    return f"{lost} of the recording is missing ({REASONS[gap.reason]})"


def gaps_said(lost: Sequence[float | None]) -> str:
    """Many gaps in a few words: "2 gaps (46 s)"."""
    if not lost:
        return "no gaps"
    known = sum(seconds for seconds in lost if seconds is not None)
    more = " or more" if None in lost else ""
    return f"{len(lost)} gap{'s' if len(lost) > 1 else ''} ({known:.0f} s{more})"
