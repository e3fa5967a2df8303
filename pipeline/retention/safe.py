"""Whether the text of a meeting is safe, so that its recordings may go."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import StrEnum

from catalogue import Meeting, Recording, Segmentation, decide, public_decision
from pipeline.archive import Archive
from pipeline.recordings.to_fetch import to_fetch


class Unsafe(StrEnum):
    """Why recordings may not go; the values are for machines."""

    NOT_PLACED = "not placed"
    NO_TEXT = "no text"
    NEWER_TEXT = "newer text"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    NOT_PUBLIC = "not public"


_SAID = {
    Unsafe.NOT_PLACED: "its items are not placed yet",
    Unsafe.NO_TEXT: "has no text yet",
    Unsafe.NEWER_TEXT: "has a newer text, in which the items are not placed yet",
    Unsafe.UNREADABLE: "has a text that cannot be read back",
    Unsafe.EMPTY: "has an empty text",
    Unsafe.NOT_PUBLIC: "it is not public yet",
}


@dataclass(frozen=True, slots=True)
class NotSafe:
    """What is missing before the recordings of a meeting may go. `recording` is the ordinal of the one it is missing
    of; 0: of all."""

    why: Unsafe
    recording: int = 0

    @property
    def said(self) -> str:
        """In words for staff."""
        return f"recording {self.recording} {_SAID[self.why]}" if self.recording else _SAID[self.why]


def why_not_safe(archive: Archive, meeting: Meeting) -> NotSafe | None:
    """What is missing before the recordings of a meeting may go; None where nothing is.

    The text of each has to be saved, be read back, and be public, cut by the agenda as it is now.
    """
    decision = decide(archive.catalogue, meeting)
    if decision is None or not decision.current:
        return NotSafe(Unsafe.NOT_PLACED)
    for recording in to_fetch(archive, meeting):
        if why := _missing(archive, recording, decision.segmentation):
            return NotSafe(why, recording.ordinal)
    public = public_decision(archive.catalogue, meeting)
    return NotSafe(Unsafe.NOT_PUBLIC) if public is None or public.alone else None


def _missing(archive: Archive, recording: Recording, segmentation: Segmentation) -> Unsafe | None:
    if recording.transcript is None:
        return Unsafe.NO_TEXT
    if recording.transcript not in segmentation.transcripts:
        return Unsafe.NEWER_TEXT
    try:
        text = archive.catalogue.transcript(recording.transcript)
    except (zlib.error, ValueError, KeyError, TypeError):
        return Unsafe.UNREADABLE
    silent = text.quality is not None and text.quality.speech == 0
    return None if text.segments or silent else Unsafe.EMPTY
