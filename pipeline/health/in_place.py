"""Is each part in place: looked at in seconds, before a run or when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from catalogue import TalerstolError, files_of, free_bytes, published_meetings
from ingest import ffmpeg_version
from ingest.portals import MUNICIPALITIES, load_municipalities
from pipeline.archive import Archive
from pipeline.health.finding import Finding
from pipeline.retention import REMEDY, RETENTION, rules, withheld_by_rules
from pipeline.runs.room import size_said
from transcribe import check_installed, find_model
from web import design_files


def check_archive(archive: Archive) -> Iterator[Finding]:
    """Look at each part in turn; a part that is missing is a finding, never an exception."""
    checks: dict[str, Callable[[], str]] = {
        "catalogue": lambda: _catalogue(archive),
        "media": lambda: _media(archive),
        "ffmpeg": ffmpeg_version,
        "speech engine": check_installed,
        "speech model": lambda: f"{(model := find_model(archive.settings)).name} in {model.path}",
        "search": archive.engine.check,
        "search index": lambda: _index(archive),
        "design": design_files,
        "portals": lambda: _portals(archive),
        "retention": lambda: _retention(archive),
        "disk": lambda: _disk(archive),
    }
    for subject, check in checks.items():
        try:
            yield Finding(subject, True, check())
        except TalerstolError as error:
            yield Finding(subject, False, error.what, error.remedy)


def _catalogue(archive: Archive) -> str:
    return f"{len(archive.catalogue.meeting_ids())} meetings, schema up to date"


def _media(archive: Archive) -> str:
    named = [
        name
        for meeting in archive.catalogue.meetings()
        for recording in meeting.recordings
        if recording.retired is None
        for name in files_of(recording)
    ]
    gone = [name for name in named if not archive.store.exists(name)]
    if gone:
        raise TalerstolError(
            f"{len(gone)} of {len(named)} files are gone, the first {gone[0]}",
            remedy="`talerstol run` makes them again where the source is still there.",
        )
    return f"{len(named)} files, all there"


def _index(archive: Archive) -> str:
    reason = archive.engine.needs_rebuild()
    if reason:
        raise TalerstolError(f"has to be built anew: {reason}", remedy="Run `talerstol reindex`.")
    indexed = archive.engine.meetings()
    public = {meeting.id for meeting in published_meetings(archive.catalogue)}
    stray = sorted(indexed.keys() - public)
    if stray:
        raise TalerstolError(
            f"holds {len(stray)} meetings that are not public, the first {stray[0]}",
            remedy="Run `talerstol reindex`.",
        )
    return f"{sum(indexed.values())} passages of {len(indexed)} meetings"


def _portals(archive: Archive) -> str:
    if not (archive.settings.home / MUNICIPALITIES).exists():
        return f"none is kept in step: there is no {MUNICIPALITIES}"
    return ", ".join(one.name for one in load_municipalities(archive.settings.home))


def _retention(archive: Archive) -> str:
    said = rules(archive.settings.home)
    if not said.written:
        if left := withheld_by_rules(archive):
            raise TalerstolError(
                f"there is no {RETENTION} here, though of {len(left)} meetings something is withheld by one",
                remedy=REMEDY,
            )
        return f"recordings stay for good: there is no {RETENTION}"
    recordings = [r for meeting in archive.catalogue.meetings() for r in meeting.recordings]
    gone = [r for r in recordings if r.retired is not None]
    if left := [name for recording in gone for name in files_of(recording)]:
        raise TalerstolError(
            f"recordings that were let go of still have files, the first {left[0]}",
            remedy="See who may write in the media folder; `talerstol night` tries again.",
        )
    return (
        f"{len(said.said) - 1} entries in {RETENTION}; {len(gone)} of {len(recordings)} recordings let go of"
    )


def _disk(archive: Archive) -> str:
    keep = archive.settings.keep_free_bytes
    free, folder = min(
        (free_bytes(one), one) for one in (archive.settings.media_folder, archive.settings.home)
    )
    text = f"{size_said(free)} free in {folder}"
    if free < keep:
        raise TalerstolError(
            f"only {text}, where {size_said(keep)} are to stay free",
            remedy="Make room there before the next run, or lower TALERSTOL_KEEP_FREE_BYTES.",
        )
    return text
