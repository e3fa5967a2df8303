"""When the doors close and open again, and when the meeting ends: what may be kept from the public hangs on it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalogue import ClosedDoors, Evidence, Segment
from segment.words import tokens

UNTIL_THE_END = 1e6  # seconds; longer than any recording
LAST_PART = 0.9  # of a meeting, in which words like "tak for i aften" end it

_CLOSE = re.compile(
    r"\blukke[rt]? (vi |så vi |nu )*(dørene|døren)\b|\b(lukkes|lukke) dørene\b|\bdørene (lukkes|bliver lukket)\b"
    r"|\b(resten er|over til|overgår til|fortsætter (med|i)) (den |det |et )?lukke(t|de)\b|\bresten er lukk\w+ m\w+"
    r"|\bfor lukkede døre\b|\bbede[r]? (jeg )?(tilhørerne|tilhørere|publikum) (om at )?forlade\b"
    r"|\b(herefter|så) er (det|der|vi i) (et )?lukket (møde|dagsorden)\b|\btil den lukkede del\b"
    r"|\blukke[rt]? (vi )?(nu |så )?for (transmissionen|lyden|streamingen|udsendelsen)\b"
)
_OPEN = re.compile(
    r"\båbne[rs]? (vi )?(nu |igen )?dørene\b|\bmødet er (igen )?åbent\b|\båbent (møde )?igen\b"
)
_END = re.compile(
    r"\bmødet er (hermed )?(hævet|slut)\b|\bhæver (jeg |vi )?(hermed )?mødet\b|\btak for i (aften|dag)\b"
)


def closed_doors(spoken: Sequence[Segment], lines: Sequence[str]) -> tuple[ClosedDoors, ...]:
    """The stretches between words that close the doors and words that open them; without those to the very end,
    also of a recording that runs on after the last word."""
    closed: list[ClosedDoors] = []
    since: Segment | None = None
    for segment, line in zip(spoken, lines, strict=True):
        if since is None and _CLOSE.search(line):
            since = segment
        elif since is not None and _OPEN.search(line):
            closed.append(ClosedDoors(since.start, segment.start, _said(since)))
            since = None
    if since is not None:
        closed.append(ClosedDoors(since.start, max(spoken[-1].end, since.end) + UNTIL_THE_END, _said(since)))
    return tuple(closed)


def meeting_ends(spoken: Sequence[Segment], lines: Sequence[str]) -> float:
    """The second at which the meeting is ended in words, or its last word."""
    end = max((s.end for s in spoken), default=0.0)
    late = (
        s.end
        for s, line in zip(spoken, lines, strict=True)
        if s.start > LAST_PART * end and _END.search(line)
    )
    return next(late, end)


def as_lines(spoken: Sequence[Segment]) -> list[str]:
    return [" ".join(tokens(segment.text)) for segment in spoken]


def _said(segment: Segment) -> Evidence:
    return Evidence(segment.start, segment.text)
