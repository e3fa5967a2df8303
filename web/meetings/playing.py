"""A meeting's recordings as the player needs them."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue import PublishedMeeting, PublishedRecording
from web.addresses import captions_address, chapters_address, media_address
from web.moments import address_seconds
from web.reading import recording_at


@dataclass(frozen=True, slots=True)
class Play:
    """A recording as the player needs it. `start` is on its own clock; None: from the beginning."""

    ordinal: int
    source: str
    captions: str
    chapters: str
    offset: float
    duration: float | None
    video: bool
    current: bool
    start: str | None


def plays(meeting: PublishedMeeting, moment: float | None) -> list[Play]:
    """The recordings that can be played; one of them is the current: the one that `moment` lies in."""
    current = recording_at(meeting, moment or 0.0)
    return [_play(meeting, r, moment, current) for r in meeting.recordings if r.playable is not None]


def _play(
    meeting: PublishedMeeting,
    recording: PublishedRecording,
    moment: float | None,
    current: PublishedRecording | None,
) -> Play:
    here = current is not None and recording.ordinal == current.ordinal
    start = moment - recording.offset if moment is not None and here else 0.0
    return Play(
        ordinal=recording.ordinal,
        source=media_address(meeting.id, recording.ordinal),
        captions=captions_address(meeting.id, recording.ordinal),
        chapters=chapters_address(meeting.id, recording.ordinal),
        offset=recording.offset,
        duration=recording.duration,
        video=recording.has_video,
        current=here,
        start=address_seconds(start) if start > 0 else None,
    )


def awaited(meeting: PublishedMeeting) -> list[int]:
    """The numbers of the recordings that will be back when their files are made anew."""
    return [r.ordinal for r in meeting.recordings if r.awaited]
