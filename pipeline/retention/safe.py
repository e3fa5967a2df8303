"""Whether the text of a meeting is safe, so that its recordings may go."""

from __future__ import annotations

import zlib

from catalogue import Meeting, Recording, Segmentation, decide, public_decision
from pipeline.archive import Archive
from pipeline.recordings.to_fetch import to_fetch


def why_not_safe(archive: Archive, meeting: Meeting) -> str:
    """What is missing before the recordings of a meeting may go, in words for staff; empty where nothing is.

    The text of each has to be saved, be read back, and be public, cut by the agenda as it is now.
    """
    decision = decide(archive.catalogue, meeting)
    if decision is None or not decision.current:
        return "its items are not placed yet"
    for recording in to_fetch(archive, meeting):
        if missing := _missing(archive, recording, decision.segmentation):
            return f"recording {recording.ordinal} {missing}"
    public = public_decision(archive.catalogue, meeting)
    return "it is not public yet" if public is None or public.alone else ""


def _missing(archive: Archive, recording: Recording, segmentation: Segmentation) -> str:
    if recording.transcript is None:
        return "has no text yet"
    if recording.transcript not in segmentation.transcripts:
        return "has a newer text, in which the items are not placed yet"
    try:
        text = archive.catalogue.transcript(recording.transcript)
    except (zlib.error, ValueError, KeyError, TypeError):
        return "has a text that cannot be read back"
    silent = text.quality is not None and text.quality.speech == 0
    return "" if text.segments or silent else "has an empty text"
