"""How fast this archive has worked and how much room it has taken: measured on what is there, never guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from catalogue import Meeting, Recording, StepState, TalerstolError, sound_name
from pipeline.archive import Archive
from transcribe import find_model

NEWEST = 20  # recordings whose speed counts: enough to even out, and of this machine as it is now
FETCH, AUDIO, MEDIA = "fetch", "audio", "media"
KEPT_BY = (FETCH, AUDIO, MEDIA)  # the steps that leave files


@dataclass(frozen=True, slots=True)
class Measured:
    """What is on record. `speed` is seconds of recording heard in a second of work; `seconds` and `bytes` are for each
    hour of recording, by step. What has never been done here is None, or absent."""

    model: str
    speed: float | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    bytes: dict[str, float] = field(default_factory=dict)


def measured(archive: Archive) -> Measured:
    """What the newest recordings that today's model heard, and all files that are here, tell."""
    model = _model(archive)
    heard = archive.catalogue.heard_lately(model, NEWEST)
    duration, busy = sum(q.duration for q in heard), sum(q.busy for q in heard)
    meetings = archive.catalogue.meetings()
    return Measured(
        model=model,
        speed=duration / busy if busy else None,
        seconds=_an_hour(_seconds(archive, meetings)),
        bytes=_an_hour(_bytes(archive, meetings)),
    )


def kept_bytes(archive: Archive) -> int:
    """Of all recordings that are kept here."""
    sizes = (amount for _, amount, _ in _bytes(archive, archive.catalogue.meetings()))
    return round(sum(sizes))


def _model(archive: Archive) -> str:
    try:
        return find_model(archive.settings).name
    except TalerstolError:  # a run says what is wrong with it
        return archive.settings.model


def _an_hour(found: Iterable[tuple[str, float, float]]) -> dict[str, float]:
    """For each step the sum of amounts by that of hours, of (step, amount, seconds of recording)."""
    amounts, seconds = defaultdict[str, float](float), defaultdict[str, float](float)
    for step, amount, duration in found:
        amounts[step] += amount
        seconds[step] += duration
    return {step: amounts[step] / seconds[step] * 3600 for step in amounts if seconds[step]}


def _seconds(archive: Archive, meetings: Iterable[Meeting]) -> Iterator[tuple[str, float, float]]:
    """What each step took the last time that it ran."""
    for meeting in meetings:
        duration = sum(r.duration or 0.0 for r in meeting.recordings if r.original)
        if not duration:
            continue
        for name, result in archive.catalogue.steps(meeting.id).items():
            if name in KEPT_BY and result.state is StepState.DONE:
                yield name, result.seconds, duration


def _bytes(archive: Archive, meetings: Iterable[Meeting]) -> Iterator[tuple[str, float, float]]:
    for recording in (r for meeting in meetings for r in meeting.recordings if r.duration):
        for step, names in _files(recording):
            sizes = [size for name in names if (size := _size(archive.store.path(name))) is not None]
            if sizes:
                yield step, float(sum(sizes)), recording.duration or 0.0


def _files(recording: Recording) -> Iterator[tuple[str, tuple[str, ...]]]:
    if recording.original:
        yield FETCH, (recording.original,)
    if recording.audio:
        yield AUDIO, (recording.audio,)
    if recording.playable:
        yield MEDIA, (recording.playable, sound_name(recording.playable))


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None
