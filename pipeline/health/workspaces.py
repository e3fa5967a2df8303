"""What is left of work in the media store: of a step that was stopped, of a live recording, or of nothing any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalogue import Meeting
from ingest import Progress
from ingest.live import PLAY_SEGMENTS
from pipeline.archive import Archive
from pipeline.health.finding import Finding
from pipeline.live.left import LeftRecording, left_recordings
from pipeline.live.recording import is_live
from pipeline.recordings.workspaces import workspaces as workspaces_of
from pipeline.runs.due import due_steps

SUBJECT = "workspaces"


def workspaces(archive: Archive, _: Progress) -> Iterator[Finding]:
    """Those that a runner holds are left alone; those that the next run goes on with are no fault."""
    there = archive.store.workspaces()  # first: whoever comes after this has none of these
    held, steps = _held(archive), _steps(archive)
    waiting = 0
    for key in there:
        meeting, step = steps.get(key, (None, ""))
        folder = archive.store.workspace_path(key)
        if (meeting and meeting.id in held) or not folder.is_dir():
            continue
        if meeting and any(due.step == step for due in due_steps(archive, [meeting.id])):
            waiting += 1
        elif meeting or not is_live(key):
            text = f"{folder}: {_megabytes(folder)} that no work needs any more"
            yield Finding(SUBJECT, False, text, "Delete the folder; nothing of the archive is in it.")
    for left in left_recordings(archive):
        yield _live(left)
    if waiting:
        yield Finding(SUBJECT, True, f"{waiting} of work that was stopped; the next run goes on with it")


def _held(archive: Archive) -> set[str]:
    """The meetings that a living runner works on, on this machine or another."""
    runners = archive.catalogue.runners
    living = {runner.id for runner in runners.living()}
    return {key for key, runner_id in runners.leases().items() if runner_id in living}


def _steps(archive: Archive) -> dict[str, tuple[Meeting, str]]:
    """The meeting and the step that each workspace is of."""
    return {
        key: (meeting, step)
        for meeting in archive.catalogue.meetings()
        for recording in meeting.recordings
        for key, step in workspaces_of(recording.id).items()
    }


def _live(left: LeftRecording) -> Finding:
    if left.segments is None:
        text = f"{left.folder}: a live recording whose journal cannot be read"
        return Finding(SUBJECT, False, text, PLAY_SEGMENTS)
    if not left.segments:
        text = f"{left.folder}: a live recording that never got a segment"
        return Finding(SUBJECT, False, text, "Delete the folder, if the meeting is over.")
    text = (
        f"{left.folder}: an unfinished live recording of {left.segments} segments, which nobody records now"
    )
    remedy = f"`talerstol run {left.meeting_id}` makes a recording of it; while it is broadcast, give `talerstol record` again."
    return Finding(SUBJECT, False, text, remedy)


def _megabytes(folder: Path) -> str:
    return f"{sum(file.stat().st_size for file in folder.rglob('*') if file.is_file()) / 1024**2:,.1f} MB"
