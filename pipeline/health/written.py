"""The database as it was written: its rows, and transcripts that are what they are named after."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import make_transcript
from ingest import Progress
from pipeline.archive import Archive
from pipeline.health.counted import counted
from pipeline.health.files import recordings
from pipeline.health.finding import RESTORE, Finding


def rows(archive: Archive, _: Progress) -> Iterator[Finding]:
    for fault in archive.catalogue.faults():
        yield Finding("rows", False, fault, RESTORE)


def transcripts(archive: Archive, progress: Progress) -> Iterator[Finding]:
    for recording in counted(recordings(archive), progress):
        if recording.transcript is None:
            continue
        try:
            kept = archive.catalogue.transcript(recording.transcript)
            made = make_transcript(recording.id, kept.language, kept.segments, kept.provenance, kept.quality)
        except Exception as error:  # noqa: BLE001  # whatever a damaged row leads to, it is this finding
            text = f"{recording.id}: unreadable ({type(error).__name__})"
            yield Finding("transcripts", False, text, RESTORE)
            continue
        if made.id != recording.transcript:
            yield Finding("transcripts", False, f"{recording.id}: not as it was written", RESTORE)
