"""What is asked of a transcriber, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from catalogue import Provenance, Segment, TalerstolError, TranscriptQuality

Progress = Callable[[float, float | None], None]  # seconds of audio done, seconds in all


def silent(_: float, __: float | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Job:
    """One recording to hear. `audio` is our own 16 kHz FLAC; `names` are those that may be said in it."""

    id: str
    audio: Path
    audio_sha256: str
    duration: float  # seconds
    checkpoint: Path
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """A recording that was heard to its end. Times are seconds on its clock and never run backwards."""

    job: Job
    segments: tuple[Segment, ...]
    quality: TranscriptQuality
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Failed:
    """A recording that could not be heard; what of it was heard stays in its checkpoint."""

    job: Job
    error: TalerstolError


class Transcriber(Protocol):
    """Hears recordings, several at a time; results come in the order in which they are ready."""

    def submit(self, job: Job, progress: Progress) -> None: ...
    def collect(self, seconds: float) -> list[Finished | Failed]:
        """What is ready; if nothing is, what is ready first within so many seconds."""
        ...

    def provenance(self, audio_sha256: str) -> Provenance:
        """How a transcript made now comes to be."""
        ...

    def close(self) -> None:
        """Stop; what was heard up to the last checkpoint is kept."""
        ...
