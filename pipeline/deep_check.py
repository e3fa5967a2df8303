"""`talerstol check --deep`: every row and every file read, and compared with what is on record of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from catalogue import (
    Recording,
    TalerstolError,
    TranscriptOrigin,
    digest,
    file_sha256,
    files_of,
    make_transcript,
)
from catalogue.media_store import PARTIAL
from ingest import decode_audio
from pipeline.archive import Archive
from pipeline.health import Finding
from pipeline.indexing import read_passages

EDGE = 2.0  # s that are decoded at the start, in the middle and at the end of a recording
RUN_AGAIN = "`talerstol run` makes it again where the source is still there; else restore it from a backup."
RESTORE = "Restore the newest backup (`talerstol restore`) beside this archive, and compare."


def check_deeply(archive: Archive) -> Iterator[Finding]:
    """One finding for each thing that is not as it was written; one that is well where nothing is amiss."""
    areas: dict[str, Callable[[Archive], Iterator[Finding]]] = {
        "rows": _rows,
        "files": _files,
        "orphans": _orphans,
        "transcripts": _transcripts,
        "passages": _passages,
        "clock": _clock,
        "secrets": _secrets,
    }
    for name, area in areas.items():
        found = list(area(archive))
        yield from found or [Finding(name, True, "as they should be")]


def _rows(archive: Archive) -> Iterator[Finding]:
    for fault in archive.catalogue.faults():
        yield Finding("rows", False, fault, RESTORE)


def _recordings(archive: Archive) -> Iterator[Recording]:
    for meeting in archive.catalogue.meetings():
        yield from meeting.recordings


def _files(archive: Archive) -> Iterator[Finding]:
    for recording in _recordings(archive):
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


def _orphans(archive: Archive) -> Iterator[Finding]:
    """Files that no row names. Workspaces of transfers are left alone."""
    named = {name for recording in _recordings(archive) for name in files_of(recording)}
    root = archive.store.root
    for file in sorted(root.rglob("*")) if root.is_dir() else ():
        name = file.relative_to(root)
        if file.is_file() and name.parts[0] != PARTIAL and name.as_posix() not in named:
            yield Finding(
                "orphans", False, f"{name}: no meeting has it", "Delete it, if nobody put it there."
            )


def _transcripts(archive: Archive) -> Iterator[Finding]:
    for recording in _recordings(archive):
        if recording.transcript is None:
            continue
        try:
            kept = archive.catalogue.transcript(recording.transcript)
            made = make_transcript(recording.id, kept.language, kept.segments, kept.provenance, kept.quality)
        except Exception as error:  # noqa: BLE001  # whatever a damaged row leads to, it is this finding
            yield Finding(
                "transcripts", False, f"{recording.id}: unreadable ({type(error).__name__})", RESTORE
            )
            continue
        if made.id != recording.transcript:
            yield Finding("transcripts", False, f"{recording.id}: not as it was written", RESTORE)


def _passages(archive: Archive) -> Iterator[Finding]:
    """What the index holds of each meeting, against what is public; what waits to reach it is no fault."""
    held, known = archive.engine.meetings(), archive.catalogue.outbox.indexed()
    for meeting_id in archive.catalogue.meeting_ids():
        if archive.catalogue.outbox.waits(meeting_id):
            continue
        try:
            _, found = read_passages(archive, meeting_id)
        except Exception:  # noqa: BLE001  # a damaged transcript: that is its own finding
            continue
        content = digest([asdict(passage) for passage in found])
        put_in = known.get(meeting_id)
        if held.get(meeting_id, 0) != len(found) or (put_in and put_in.digest != content):
            yield Finding(
                "passages", False, f"{meeting_id}: the index has others", "Run `talerstol reindex`."
            )


def _clock(archive: Archive) -> Iterator[Finding]:
    now = archive.now()
    ahead = [
        result.finished
        for meeting_id in archive.catalogue.meeting_ids()
        for result in archive.catalogue.steps(meeting_id).values()
        if result.finished > now
    ]
    if ahead:
        text = f"it is {now:%Y-%m-%d %H:%M}, but work was done as late as {max(ahead):%Y-%m-%d %H:%M}"
        yield Finding("clock", False, text, "Set this machine's clock (NTP) before the next run.")


def _secrets(archive: Archive) -> Iterator[Finding]:
    file = archive.settings.home / "talerstol.toml"
    if file.is_file() and file.stat().st_mode & 0o004 and _holds_secret(file):
        yield Finding(
            "secrets", False, f"{file.name} holds keys that every user may read", f"chmod 640 {file}"
        )


def _holds_secret(file: Path) -> bool:
    words = ("_key", "_token", "password", "database_url")
    return any(word in file.read_text("utf-8").lower() for word in words)
