"""Whether the text of a meeting is safe, so that its recordings may go."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import StrEnum

from catalogue import Meeting, Recording, Segmentation, StepState, decide, file_sha256, public_decision
from pipeline.archive import Archive
from pipeline.recordings.looking import still_grows
from pipeline.recordings.to_fetch import to_fetch
from pipeline.runs.steps import AUDIO, TRANSCRIBE, Step, to_recognise


class Unsafe(StrEnum):
    """Why recordings may not go; the values are for machines."""

    NOT_PLACED = "not placed"
    NO_TEXT = "no text"
    NEWER_TEXT = "newer text"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    AT_SOURCE = "newer at source"
    NOT_HEARD = "not heard"
    NOT_PUBLIC = "not public"


_SAID = {
    Unsafe.NOT_PLACED: "its items are not placed yet",
    Unsafe.NO_TEXT: "has no text yet",
    Unsafe.NEWER_TEXT: "has a newer text, in which the items are not placed yet",
    Unsafe.UNREADABLE: "has a text that cannot be read back",
    Unsafe.EMPTY: "has an empty text",
    Unsafe.AT_SOURCE: "its source has a newer recording that is not here yet",
    Unsafe.NOT_HEARD: "it has a newer recording that is not heard yet",
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


def why_not_safe(archive: Archive, meeting: Meeting, source_has_it: bool = True) -> NotSafe | None:
    """What is missing before the recordings of a meeting may go; None where nothing is.

    The text of each has to be saved, be of the file that is there now, be read back, and be public, cut by the agenda
    as it is now. Without `source_has_it`, the source has deleted its recordings by now, and no newer one is to be had.
    """
    decision = decide(archive.catalogue, meeting)
    if decision is None or not decision.current:
        return NotSafe(Unsafe.NOT_PLACED)
    for recording in to_fetch(archive, meeting):
        if why := _missing(archive, recording, decision.segmentation):
            return NotSafe(why, recording.ordinal)
    if why := _newer(archive, meeting, source_has_it):
        return NotSafe(why)
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


def _newer(archive: Archive, meeting: Meeting, source_has_it: bool) -> Unsafe | None:
    """Whether there is a recording that none of the texts is of: a source may have had another one since."""
    arrivals = archive.catalogue.arrivals.of(meeting.id)
    wanted = any(r.id in arrivals and arrivals[r.id].wanted for r in to_fetch(archive, meeting))
    if source_has_it and (wanted or still_grows(archive, meeting)):
        return Unsafe.AT_SOURCE
    return None if _heard(archive, meeting) else Unsafe.NOT_HEARD


def _heard(archive: Archive, meeting: Meeting) -> bool:
    """Whether the sound is of the files that are there now, and the texts are of that sound.

    Only what was heard counts: for another model or other settings hearing is due as well, and no text is less safe.
    Captions that came with a recording are its text, whatever is heard.
    """
    if not _as_recorded(archive, meeting, AUDIO):
        return False
    if _as_recorded(archive, meeting, TRANSCRIBE):
        return True
    to_hear = {recording.id for recording in to_recognise(archive, meeting)}
    return all(_is_of_its_sound(archive, r) for r in to_fetch(archive, meeting) if r.id in to_hear)


def _as_recorded(archive: Archive, meeting: Meeting, step: Step) -> bool:
    last = archive.catalogue.steps(meeting.id).get(step.name)
    if last is None or last.state is not StepState.DONE:
        return False
    return last.fingerprint == step.fingerprint(archive, meeting)


def _is_of_its_sound(archive: Archive, recording: Recording) -> bool:
    if recording.audio is None or not archive.store.exists(recording.audio):
        # It is made anew of the original; where that is lost, too, nobody can hear more than was heard.
        return recording.original is None or not archive.store.exists(recording.original)
    made = archive.catalogue.provenance(recording.transcript) if recording.transcript else None
    return made is not None and made.audio_sha256 == file_sha256(archive.store.path(recording.audio))
