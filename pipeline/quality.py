"""How well a meeting was heard, in words for staff."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue import Meeting, Part, TranscriptOrigin
from pipeline.archive import Archive
from transcribe import clock


@dataclass(frozen=True, slots=True)
class Heard:
    """The account of one recording. `covered` is the share of speech that has text; parts are on the meeting's clock."""

    recording: int
    model: str
    revision: str
    options: str
    covered: float
    hours: float
    times_real_time: float
    gaps: tuple[Part, ...]
    doubtful: tuple[Part, ...]
    windows: int
    decoded_again: tuple[tuple[str, int], ...]
    names: int


def heard(archive: Archive, meeting: Meeting) -> tuple[Heard, ...]:
    """The accounts of the recordings that a model heard."""
    found = []
    for recording in meeting.recordings:
        quality = archive.catalogue.quality(recording.transcript) if recording.transcript else None
        if quality is None or recording.transcript is None:
            continue
        made = archive.catalogue.provenance(recording.transcript)
        assert made.origin is TranscriptOrigin.MODEL
        offset = recording.offset or 0.0
        found.append(
            Heard(
                recording=recording.ordinal,
                model=made.source,
                revision=made.revision[:12],
                options=made.options,
                covered=round(quality.covered, 4),
                hours=round(quality.duration / 3600, 3),
                times_real_time=round(quality.speed, 1),
                gaps=tuple(_moved(part, offset) for part in quality.gaps),
                doubtful=tuple(_moved(part, offset) for part in quality.doubtful),
                windows=quality.windows,
                decoded_again=quality.decoded_again,
                names=quality.names,
            )
        )
    return tuple(found)


def _moved(part: Part, offset: float) -> Part:
    return Part(round(part.start + offset, 3), round(part.end + offset, 3), part.reason)


def notes(accounts: tuple[Heard, ...]) -> tuple[str, ...]:
    """What a person should listen to, if there is anything."""
    gaps = [part for account in accounts for part in account.gaps]
    doubtful = [part for account in accounts for part in account.doubtful]
    found = []
    if gaps:
        seconds = sum(part.end - part.start for part in gaps)
        found.append(f"speech without text: {len(gaps)} places, {seconds:.0f} s")
    if doubtful:
        found.append(f"doubtful text: {len(doubtful)} places")
    return tuple(found)


def lines(account: Heard) -> list[str]:
    """The report of one recording, a line for each thing."""
    again = ", ".join(f"{reason} {count}" for reason, count in account.decoded_again) or "none"
    work = f"{account.hours:.2f} hours at {account.times_real_time:.1f} × real time"
    return [
        f"recording {account.recording}: heard by {account.model} {account.revision}, {work}",
        f"  speech with text: {account.covered:.1%}; windows {account.windows}, decoded again: {again}",
        *(f"  no text {_when(part)}: {part.reason}" for part in account.gaps),
        *(f"  doubtful {_when(part)}: {part.reason}" for part in account.doubtful),
    ]


def _when(part: Part) -> str:
    return f"{clock(part.start, '.')[:-4]}–{clock(part.end, '.')[:-4]}"
