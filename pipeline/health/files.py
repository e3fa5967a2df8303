"""The files of recordings: readable, of the sound that was heard, and each of some meeting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalogue import Recording, TalerstolError, TranscriptOrigin, file_sha256, files_of
from catalogue.media_store import PARTIAL
from ingest import Progress, decode_audio
from pipeline.archive import Archive
from pipeline.health.counted import counted
from pipeline.health.finding import Finding

EDGE = 2.0  # s that are decoded at the start, in the middle and at the end of a recording
RUN_AGAIN = "`talerstol run` makes it again where the source is still there; else restore it from a backup."


def recordings(archive: Archive) -> list[Recording]:
    return [recording for meeting in archive.catalogue.meetings() for recording in meeting.recordings]


def files(archive: Archive, progress: Progress) -> Iterator[Finding]:
    for recording in counted(recordings(archive), progress):
        for name in files_of(recording):
            if not archive.store.exists(name):
                continue  # `check` itself counts what is gone
            if reason := _unreadable(archive.store.path(name), recording.duration):
                yield Finding("files", False, f"{name}: {reason}", f"Delete it; {RUN_AGAIN}")
        if reason := _another_sound(archive, recording):
            yield Finding("files", False, reason, f"Delete it; {RUN_AGAIN}")


def _unreadable(file: Path, duration: float | None) -> str:
    """Why it cannot be decoded at its start, in its middle and at its end; empty where it can."""
    length = duration or 0.0
    for at in sorted({0.0, max(0.0, length / 2 - EDGE), max(0.0, length - 2 * EDGE)}):
        try:
            if not any(decode_audio(file, at, EDGE)):
                return f"there is no sound at {at:.0f} s"
        except TalerstolError as error:
            return f"cannot be read at {at:.0f} s ({error.what})"
    return ""


def _another_sound(archive: Archive, recording: Recording) -> str:
    if not (recording.transcript and recording.audio and archive.store.exists(recording.audio)):
        return ""
    made = archive.catalogue.provenance(recording.transcript)
    if made.origin is not TranscriptOrigin.MODEL:
        return ""
    is_now = file_sha256(archive.store.path(recording.audio))
    return (
        "" if is_now == made.audio_sha256 else f"{recording.audio}: not the sound that the transcript is of"
    )


def orphans(archive: Archive, _: Progress) -> Iterator[Finding]:
    """Files that no row names. Workspaces of transfers are left alone."""
    named = {name for recording in recordings(archive) for name in files_of(recording)}
    root = archive.store.root
    for file in sorted(root.rglob("*")) if root.is_dir() else ():
        name = file.relative_to(root)
        if file.is_file() and name.parts[0] != PARTIAL and name.as_posix() not in named:
            yield Finding(
                "orphans", False, f"{name}: no meeting has it", "Delete it, if nobody put it there."
            )
