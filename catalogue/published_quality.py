"""How well a recording was heard, as the public may know it: nothing of it comes from withheld time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalogue.intervals import Interval, touches
from catalogue.records import Part, TranscriptQuality


@dataclass(frozen=True, slots=True)
class PublishedQuality:
    """The account of one recording. Parts are on the meeting's clock, in order.

    What is only counted over the whole recording (`windows`, `decoded_again`) is None where some of it is withheld.
    """

    duration: float  # seconds of the recording
    speed: float  # seconds of recording for each second of work; 0 where that is not known
    covered: float  # the share of (public) speech that has text, 0–1
    gaps: tuple[Part, ...]  # speech without text
    doubtful: tuple[Part, ...]  # text that is not to be trusted
    windows: int | None  # that the model was shown
    decoded_again: int | None  # of them
    partly: bool  # some of the recording is withheld


def published_quality(
    quality: TranscriptQuality, offset: float, withheld: Sequence[Interval], spoken: float
) -> PublishedQuality:
    """`offset` is the recording's on the meeting's clock, `spoken` how many seconds of public text it has."""
    gaps, doubtful = (_public(parts, offset, withheld) for parts in (quality.gaps, quality.doubtful))
    partly = touches(withheld, offset, offset + quality.duration)
    missing = sum(gap.end - gap.start for gap in gaps)
    # The voice detector's seconds of speech are of the whole recording: where some is withheld, the text's stand in.
    speech = spoken + missing if partly else quality.speech
    return PublishedQuality(
        duration=quality.duration,
        speed=round(quality.speed, 1),
        covered=math.floor(max(0.0, 1 - missing / speech) * 1e4) / 1e4 if speech else 1.0,
        gaps=gaps,
        doubtful=doubtful,
        windows=None if partly else quality.windows,
        decoded_again=None if partly else sum(count for _, count in quality.decoded_again),
        partly=partly,
    )


def _public(parts: Iterable[Part], offset: float, withheld: Sequence[Interval]) -> tuple[Part, ...]:
    moved = (Part(round(p.start + offset, 3), round(p.end + offset, 3), p.reason) for p in parts)
    return tuple(part for part in moved if not touches(withheld, part.start, part.end))
