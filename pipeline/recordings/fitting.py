"""Whether the times that people set fit a recording that its source has put up anew.

Redactions, corrections, stretches and boundaries are seconds. In a recording that is cut differently they lie on other
words: what was withheld would be public.
"""

from __future__ import annotations

from pathlib import Path

from catalogue import Arrival, Meeting, Recording, set_times
from ingest import Original, Progress, begins_with, clock
from pipeline.archive import Archive

# s by which the length of one recording may differ from file to file: picture and sound end at different moments, and
# some are packed to whole seconds. What a person cuts off or puts before a meeting is longer.
SAME_LENGTH = 2.0
PAST = 2.0  # s after the last time that is set: what was said there goes on a little
LAST = 1.0  # s at the end of a recording, in which the samples depend on how it was cut off
KEPT_FOR_EDITS = "the archive keeps the recording in which people set times"


def times_slide(
    archive: Archive, meeting: Meeting, recording: Recording, came: Original, folder: Path, progress: Progress
) -> str:
    """Why a file does not take the place of the recording as it was heard, in words for a person; empty where it may.

    It may where nobody set a time, where it is as long, and where it has the same sound as far as those times reach.
    """
    had = recording.duration
    if had is None or abs(came.measured - had) <= SAME_LENGTH:
        return ""
    reach = _reach(archive, meeting, recording, had)
    if reach == 0.0 or _same_sound(archive, recording, came, min(reach + PAST, had - LAST), folder, progress):
        return ""
    return (
        f"its source has one of {clock(came.measured)} now, in place of {clock(had)}, that is cut differently; "
        f"{KEPT_FOR_EDITS}, for in the other they would lie on other words. Listen to what the source changed: what must "
        "not be public any more has to be withheld here too; otherwise nothing is to be done. The other one comes when "
        f"those times are taken back: talerstol edit {meeting.id} --take-back N, talerstol items {meeting.id} --unset NUMBER"
    )


def fits_now(archive: Archive, meeting: Meeting, recording: Recording, arrival: Arrival) -> bool:
    """Whether a file that did not take the recording's place may do so, since people took their times back."""
    if KEPT_FOR_EDITS not in arrival.note or recording.duration is None:
        return False
    return _reach(archive, meeting, recording, recording.duration) == 0.0


def _reach(archive: Archive, meeting: Meeting, recording: Recording, had: float) -> float:
    """The second of a recording up to which there are times that people set; 0 where there are none."""
    offset = recording.offset or 0.0
    times = set_times(archive.catalogue.edits(meeting.id), meeting.agenda.items)
    ends = [time.end for time in times if time.start < offset + had and time.end > offset]
    return min(max(ends, default=offset) - offset, had)


def _same_sound(
    archive: Archive, recording: Recording, came: Original, seconds: float, folder: Path, progress: Progress
) -> bool:
    """Whether both are one sound for so long. Where the one as it was heard is gone, nobody can tell."""
    if recording.audio is None or not archive.store.exists(recording.audio) or came.measured < seconds:
        return False
    return begins_with(came.file, archive.store.path(recording.audio), seconds, folder, progress)
