"""Whether a meeting is whole, so that it may be public; and what of it may be until then."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.catalogue import Catalogue
from catalogue.records import Meeting, Recording, RecordingKind
from catalogue.withholding import Decision, agenda_alone, decide


def public_decision(catalogue: Catalogue, meeting: Meeting) -> Decision | None:
    """What is decided of a meeting that is whole: its items placed, and every recording with its playable file.

    A clip of a closed item has none to wait for: it may never have been fetched. A recording that was let go of had
    one. Of a meeting that may only be public with its captions the agenda alone is, until it is whole.
    """
    decision = decide(catalogue, meeting)
    if decision is None or not decision.current or not _whole(catalogue, decision):
        return agenda_alone(catalogue, meeting) if meeting.captions_first else None
    return decision


def _whole(catalogue: Catalogue, decision: Decision) -> bool:
    meeting = decision.meeting
    needed = [
        r
        for r in meeting.recordings
        if r.kind is not RecordingKind.NONE and r.id not in decision.closed_clips
    ]
    if not all(r.playable or r.retired for r in needed):
        return False
    # In a run of single steps, a file to play may be there before the text.
    return not meeting.captions_first or has_text(catalogue, decision, needed)


def has_text(catalogue: Catalogue, decision: Decision, recordings: Iterable[Recording]) -> bool:
    """Whether the items of a meeting are placed in a text of each of these recordings."""
    versions = catalogue.transcript_versions(decision.meeting.id)
    placed = set(decision.segmentation.transcripts)
    return all(placed.intersection(v.id for v in versions.get(r.id, ())) for r in recordings)
