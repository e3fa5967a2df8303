"""ffmpeg's filters for time that is withheld: no sound and no picture in it, to the sample and the frame."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue import Interval

# The volume switches at the edges of a filter's frames. Sources cut sound into frames of up to a quarter of a
# second, so it is cut anew: 512 samples are at most 64 ms (at 8 kHz). The margin covers one such frame.
FRAME_SAMPLES = 512
MARGIN = 0.1  # seconds silenced before and after
MOST_CUTS = 1000  # beyond it the nearest stretches are joined: more would not fit an argument
A_FILTER = 50  # stretches in one filter: ffmpeg bounds the depth of an expression


def joined(silenced: Sequence[Interval]) -> tuple[Interval, ...]:
    """Disjoint stretches in order, few enough for ffmpeg; never less time than was asked for."""
    cuts: list[Interval] = []
    for cut in sorted(i for i in silenced if i.end > i.start):
        if cuts and cut.start <= cuts[-1].end:
            cuts[-1] = Interval(cuts[-1].start, max(cuts[-1].end, cut.end))
        else:
            cuts.append(cut)
    if len(cuts) <= MOST_CUTS:
        return tuple(cuts)
    gaps = sorted(b.start - a.end for a, b in zip(cuts, cuts[1:], strict=False))
    return joined([Interval(i.start, i.end + gaps[len(cuts) - MOST_CUTS - 1]) for i in cuts])


def sound_filters(silenced: Sequence[Interval]) -> list[str]:
    """Filters of the sound, in their order; it comes from `ingest.clock`, so its time is true."""
    cuts = [f"volume=volume=0:enable='{times}'" for times in _during(silenced)]
    return [f"asetnsamples=n={FRAME_SAMPLES}:p=0", *cuts] if cuts else []


def picture_filters(silenced: Sequence[Interval]) -> list[str]:
    """Filters that make the picture black."""
    return [f"drawbox=x=0:y=0:w=iw:h=ih:color=black:t=fill:enable='{times}'" for times in _during(silenced)]


def _during(silenced: Sequence[Interval]) -> list[str]:
    cuts = joined(silenced)
    return [
        "+".join(
            f"between(t,{max(0.0, c.start - MARGIN):.3f},{min(c.end + MARGIN, 1e9):.3f})"
            for c in cuts[n : n + A_FILTER]
        )
        for n in range(0, len(cuts), A_FILTER)
    ]
