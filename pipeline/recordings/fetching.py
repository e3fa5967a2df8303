"""The step `fetch`: the original of every recording in the media store, whole or said to be incomplete.

One that is fetched anew gets a name of its own, so that every step after this one runs again; what is public stays as
it is until they have.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from catalogue import Arrival, Meeting, Recording, RecordingKind, Version, digest, file_sha256
from ingest import MissingSegments, Original, Progress, StillLive, clock, fetch, missing
from pipeline.archive import Archive
from pipeline.recordings.fitting import fits_now, times_slide
from pipeline.recordings.left import remove_left
from pipeline.recordings.looking import BETWEEN_LOOKS, MOST_TRIES, stood_still
from pipeline.recordings.names import original_name
from pipeline.recordings.to_fetch import to_fetch
from pipeline.recordings.workspaces import workspace

NEVER_ENDED = (
    "its source never said that the broadcast has ended; it is taken as it was when it had stopped growing"
)
KEPT_LONGER = "the archive keeps the longer one"
STUB_SHARE = 0.5  # a recording that is replaced by less than this of it was taken away, not mended


def fetch_fingerprint(archive: Archive, meeting: Meeting) -> str:
    return digest(["fetch 1", [(r.kind, r.source) for r in to_fetch(archive, meeting)]])


def fetched(archive: Archive, meeting: Meeting) -> bool:
    """Whether every original is there, and none is wanted anew."""
    arrivals = archive.catalogue.arrivals.of(meeting.id)
    return all(_is_there(archive, meeting, r, arrivals.get(r.id)) for r in to_fetch(archive, meeting))


def fetch_originals(archive: Archive, meeting: Meeting, progress: Progress) -> None:
    remove_left(archive, meeting.id)
    arrivals = archive.catalogue.arrivals.of(meeting.id)
    for recording in to_fetch(archive, meeting):
        before = arrivals.get(recording.id)
        if not _is_there(archive, meeting, recording, before):
            _fetch_one(archive, meeting, recording, before, progress)
        archive.store.discard(
            workspace(recording.id, "fetch")
        )  # also what was left by a run that was killed just after


def _is_there(archive: Archive, meeting: Meeting, recording: Recording, arrival: Arrival | None) -> bool:
    there = recording.original is not None and archive.store.exists(recording.original)
    return there and not (arrival and (arrival.wanted or fits_now(archive, meeting, recording, arrival)))


def _fetch_one(
    archive: Archive, meeting: Meeting, recording: Recording, before: Arrival | None, progress: Progress
) -> None:
    folder = archive.store.workspace(workspace(recording.id, "fetch"))
    settled, given_up = stood_still(before, archive.now()), before is not None and before.tries >= MOST_TRIES
    try:
        came = fetch(recording, folder, archive.web, archive.settings, progress, settled, given_up)
    except MissingSegments:
        _count(archive, recording, before)
        raise
    except StillLive as live:
        stands = before is not None and before.version.same_as(live.version)
        if not stands:
            known = before or Arrival(recording.id, live.version, archive.now())  # wanted anew, it still is
            archive.catalogue.arrivals.keep(replace(known, version=live.version, looked=archive.now()))
        raise
    arrival = Arrival(
        recording.id,
        came.version,
        archive.now(),
        tries=before.tries if before else 0,
        # One that was cut off and is whole now has not grown: it was mended.
        growing=before is not None and before.growing and not (recording.incomplete and not came.incomplete),
        note=NEVER_ENDED if _never_ended(recording, came.version, settled) else "",
    )
    old = recording.original if recording.original and archive.store.exists(recording.original) else None
    why = _keep_old(archive, meeting, recording, old, came, folder, progress) if old is not None else None
    if why is not None:
        archive.catalogue.arrivals.keep(replace(arrival, note=why))
        return
    version = "" if old is None else file_sha256(came.file)
    name = original_name(meeting, recording, version, came.file.suffix)
    archive.store.adopt(came.file, name)
    archive.catalogue.update_recording(
        replace(
            recording,
            original=name,
            has_video=came.has_video,
            chapters=came.chapters,
            announced=came.announced,
            incomplete=came.incomplete,
        ),
        arrival,
    )
    remove_left(archive, meeting.id)


def _count(archive: Archive, recording: Recording, before: Arrival | None) -> None:
    """One more night on which segments were missing: after some it is taken as it is."""
    now = archive.now()
    if before is None:
        archive.catalogue.arrivals.keep(Arrival(recording.id, Version(), now, tries=1))
    elif now - before.looked >= BETWEEN_LOOKS:
        archive.catalogue.arrivals.keep(replace(before, looked=now, tries=before.tries + 1))


def _never_ended(recording: Recording, version: Version, settled: Version | None) -> bool:
    stands = settled is not None and settled.same_as(version)
    return recording.kind is RecordingKind.HLS and stands and not version.ended


def _keep_old(
    archive: Archive,
    meeting: Meeting,
    recording: Recording,
    old: str,
    came: Original,
    folder: Path,
    progress: Progress,
) -> str | None:
    """Why the file that is there is kept, in words for a person (empty where there is nothing to say); None where the
    new one takes its place."""
    file = archive.store.path(old)
    if file.stat().st_size == came.file.stat().st_size and file_sha256(file) == file_sha256(came.file):
        return ""
    had = recording.duration
    if had is None:
        return None
    if recording.incomplete and missing(had, came.measured):
        return ""  # even less of it came this time
    if came.measured < STUB_SHARE * had:
        return (
            f"the source now has a recording of {clock(came.measured)} in place of one of {clock(had)}; "
            f"{KEPT_LONGER}"
        )
    return times_slide(archive, meeting, recording, came, folder, progress) or None
