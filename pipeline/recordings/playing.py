"""The step `media`: of every recording a file that browsers play, without what is withheld, with its chapters, and
beside it the sound alone, which podcasts are made of.

What is silenced is part of the pictures and the sound; chapters are a list beside them. So where only chapters
changed, the file that is there is copied with the new list, and nothing is encoded again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue import (
    Interval,
    Meeting,
    Recording,
    chapters_in,
    digest,
    on_recording_clock,
    sound_name,
    withheld_digest,
    withheld_in,
)
from ingest import Progress, extract_sound, make_playable, named, with_chapters
from pipeline.archive import Archive
from pipeline.recordings.left import remove_left
from pipeline.recordings.names import playable_beginning
from pipeline.recordings.to_fetch import to_fetch
from pipeline.recordings.workspaces import workspace

MEDIA = "media 2"

Listed = tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a recording's file must be. How it was made, the silenced time and the chapters are part of its name:
    neither a file of an older make nor a browser's copy of one is ever taken for this one."""

    without: str  # digest of the silenced time
    silenced: tuple[Interval, ...]  # recording's clock
    chapters: Listed
    stem: str  # of every file with this sound and picture
    name: str  # of the one with these chapters, without its ending


def media_fingerprint(archive: Archive, meeting: Meeting) -> str:
    withheld = withheld_in(archive.catalogue, meeting.id)
    recordings = [
        (r.original, r.source, withheld_digest(withheld, r), _listed(archive, meeting, r))
        for r in to_fetch(archive, meeting)
    ]
    return digest([MEDIA, "chapters 1", recordings])


def has_playable(archive: Archive, meeting: Meeting) -> bool:
    """Whether every recording's file is there, and may be played."""
    return all(
        r.playable is not None
        and r.playable_without is not None
        and archive.store.exists(r.playable)
        and archive.store.exists(sound_name(r.playable))
        for r in to_fetch(archive, meeting)
    )


def make_media(archive: Archive, meeting: Meeting, progress: Progress) -> None:
    """Make what is missing or no longer fits; the old file goes when the new one is in its place."""
    remove_left(archive, meeting.id)
    withheld = withheld_in(archive.catalogue, meeting.id)
    for recording in meeting.recordings:
        if recording.original is None or recording.retired is not None:
            continue
        wanted = _wanted(archive, meeting, recording, withheld)
        key = workspace(recording.id, "media")
        usable = _usable(archive, recording, wanted)
        if usable is None or usable.stem != Path(wanted.name).name:
            folder = archive.store.workspace(key)
            original = archive.store.path(recording.original)
            with named(recording.source):
                made = usable or make_playable(
                    original, folder / "play", wanted.silenced, progress, recording.duration
                )
            if wanted.chapters or usable:
                made = with_chapters(made, folder / "chapters", wanted.chapters, progress)
            name = f"{wanted.name}{made.suffix}"
            archive.store.adopt(made, name)
            _make_sound(archive, name, progress)
            archive.catalogue.update_recording(
                replace(recording, playable=name, playable_without=wanted.without)
            )
            remove_left(archive, meeting.id)
        elif recording.playable is not None:
            _make_sound(archive, recording.playable, progress)
            if recording.playable_without is None:
                archive.catalogue.update_recording(replace(recording, playable_without=wanted.without))
        archive.store.discard(key)


def _make_sound(archive: Archive, playable: str, progress: Progress) -> None:
    """The sound of a playable file beside it, where there is none yet."""
    name = sound_name(playable)
    if not archive.store.exists(name):
        with archive.store.create(name) as file:
            extract_sound(archive.store.path(playable), file, progress)


def plays_another(recording: Recording) -> bool:
    """Whether its playable file was made of an original that has been replaced since."""
    return bool(recording.playable) and not str(recording.playable).startswith(playable_beginning(recording))


def _wanted(
    archive: Archive, meeting: Meeting, recording: Recording, withheld: Sequence[Interval]
) -> _Wanted:
    silenced = tuple(withheld)
    without, chapters = withheld_digest(silenced, recording), _listed(archive, meeting, recording)
    stem = f"{playable_beginning(recording)}{digest([MEDIA, without])[:8]}"
    name = f"{stem}-{digest(['chapters 1', chapters])[:8]}" if chapters else stem
    return _Wanted(without, on_recording_clock(silenced, recording), chapters, stem, name)


def _usable(archive: Archive, recording: Recording, wanted: _Wanted) -> Path | None:
    """The file that is there, if its sound and picture are as wanted; also one that is not played for its chapters."""
    old = recording.playable
    if old is None or recording.playable_without not in (None, wanted.without):
        return None
    if not archive.store.exists(old):
        return None
    return archive.store.path(old) if old.startswith((wanted.stem + ".", wanted.stem + "-")) else None


def _listed(archive: Archive, meeting: Meeting, recording: Recording) -> Listed:
    """The recording's chapters to the millisecond, as the file keeps them."""
    chapters = chapters_in(archive.catalogue, meeting, recording)
    return tuple((round(c.start, 3), round(c.end, 3), c.title) for c in chapters)
