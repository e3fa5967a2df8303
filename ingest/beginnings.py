"""Whether a recording begins with the very sound that is known of another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.clock import SAMPLE_RATE, decoded, steady
from ingest.media import decode_audio, probe
from ingest.process import chain, local
from ingest.progress import Progress

BEYOND = 1.0  # s that are decoded past what is compared: where a decoder is cut off, its last samples differ


def begins_with(media: Path, audio: Path, seconds: float, folder: Path, progress: Progress) -> bool:
    """Whether the first `seconds` of a recording are, sample for sample and on the clock, those of `audio`, which
    `extract_audio` made of another. What was only cut off or added after them makes no difference; encoded anew, it
    is another sound. Raises `SourceError` where the recording cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    beginning = folder / "beginning.flac"
    picture = probe(media).video is not None
    nodes = [
        decoded(media, picture, SAMPLE_RATE, 1, seconds + BEYOND),
        steady(local(beginning), format="flac", acodec="flac", map_metadata=-1),
    ]
    chain(nodes, media.name, progress, seconds)
    wanted = 2 * round(seconds * SAMPLE_RATE)
    return _alike(_bytes(beginning, seconds), _bytes(audio, seconds), wanted)


def _bytes(audio: Path, seconds: float) -> Iterator[bytes]:
    return decode_audio(audio, 0.0, seconds)


def _alike(one: Iterator[bytes], other: Iterator[bytes], wanted: int) -> bool:
    """Whether both give the same `wanted` bytes, however they are cut into chunks."""
    a, b, seen = b"", b"", 0
    while seen < wanted:
        a, b = a or next(one, b""), b or next(other, b"")
        n = min(len(a), len(b), wanted - seen)
        if n == 0 or a[:n] != b[:n]:
            return False
        a, b, seen = a[n:], b[n:], seen + n
    return True
