"""Speech recognition of many meetings at once: their recordings go in together, each transcript is kept when ready."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from catalogue import Meeting, Recording, file_sha256, make_transcript
from ingest import Progress
from pipeline.archive import Archive
from pipeline.recordings.workspaces import workspace
from pipeline.runs.steps import to_recognise
from transcribe import Finished, Job, names_file, names_in_agenda, seconds_kept

HEARD = "heard.jsonl"  # what of a recording has been heard, in its workspace


def jobs(archive: Archive, meeting: Meeting) -> list[Job]:
    """What is to be heard of a meeting; of several recordings some may have been done before a run was stopped."""
    found = []
    for recording in to_recognise(archive, meeting):
        if recording.audio is None:
            continue
        job = _job(archive, meeting, recording, recording.audio)
        if not _done(archive, recording, job):
            found.append(job)
    return found


def _job(archive: Archive, meeting: Meeting, recording: Recording, audio: str) -> Job:
    file = archive.store.path(audio)
    listed = names_file(archive.settings.names_folder, meeting.municipality)
    return Job(
        id=recording.id,
        audio=file,
        audio_sha256=file_sha256(file),
        duration=recording.duration or 0.0,
        checkpoint=archive.store.workspace(workspace(recording.id, "transcribe")) / HEARD,
        names=tuple(dict.fromkeys([*names_in_agenda(meeting.agenda), *listed])),
    )


def _done(archive: Archive, recording: Recording, job: Job) -> bool:
    if not recording.transcript:
        return False
    made = archive.catalogue.provenance(recording.transcript)
    return made == archive.transcriber.provenance(job.audio_sha256)


def keep(archive: Archive, heard: Finished) -> None:
    """Save a transcript, then let go of its checkpoint."""
    transcript = make_transcript(heard.job.id, "da", heard.segments, heard.provenance, heard.quality)
    archive.catalogue.save_transcript(heard.job.id, transcript)
    archive.store.discard(workspace(heard.job.id, "transcribe"))


def heard_so_far(archive: Archive, recording: Recording) -> float:
    """Seconds of a recording that a run which was stopped has heard already."""
    return seconds_kept(archive.store.workspace_path(workspace(recording.id, "transcribe")) / HEARD)


@dataclass(slots=True)
class Shared:
    """One meeting's progress out of that of its recordings, which come from another thread."""

    total: float
    report: Progress

    def of_each(self) -> Callable[[], Progress]:
        """A maker of progress callables, one for each recording."""
        reached: dict[int, float] = {}
        lock = threading.Lock()

        def make() -> Progress:
            number = len(reached)
            reached[number] = 0.0

            def report(done: float, _: float | None) -> None:
                with lock:
                    reached[number] = done
                    self.report(sum(reached.values()), self.total)

            return report

        return make
