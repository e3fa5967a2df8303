"""Words on the recording's clock, inside the speech they belong to.

The model's alignment stretches words over pauses and begins the first word of a window in the silence before it
(faster-whisper issues 125 and 120); the voice detector knows better where speech begins and ends.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from catalogue import Interval, Word, union
from transcribe.whisper import HeardWord
from transcribe.windows import Speech, Window

BRIDGE = 0.4  # s; a word may go on over a pause as short as this
# A word covers speech for as long as it can take to say it; the rest of its time is alignment's doing.
SECONDS_A_WORD, SECONDS_A_LETTER = 0.8, 0.12
NEAR = 0.5  # s around a word that count as covered by it


def on_recording(words: Sequence[HeardWord], window: Window) -> tuple[Word, ...]:
    """The words with their times inside the window's speech, in order."""
    placed: list[Word] = []
    clock = window.speech[0].start if window.speech else window.start
    for heard in words:
        start, end = _within(window.start + heard.start, window.start + heard.end, window.speech)
        start = max(start, clock)
        clock = max(end, start)
        placed.append(Word(round(start, 3), round(clock, 3), heard.word, round(heard.probability, 4)))
    return tuple(placed)


def _within(start: float, end: float, speech: Sequence[Speech]) -> tuple[float, float]:
    """The part of a word's time in which somebody speaks: over short pauses, else its longest part."""
    if not speech:
        return start, end
    parts = [Speech(max(start, s.start), min(end, s.end)) for s in speech if s.start < end and start < s.end]
    if not parts:
        return _nearest((start + end) / 2, speech)
    if all(b.start - a.end <= BRIDGE for a, b in zip(parts, parts[1:], strict=False)):
        return parts[0].start, parts[-1].end
    longest = max(parts, key=lambda p: p.seconds)
    return longest.start, longest.end


def _nearest(moment: float, speech: Sequence[Speech]) -> tuple[float, float]:
    """A word in a pause is moved to the nearest edge of speech."""
    after = bisect_right([s.start for s in speech], moment)
    edges = [speech[after - 1].end] if after else []
    edges += [speech[after].start] if after < len(speech) else []
    edge = min(edges, key=lambda e: abs(e - moment))
    return edge, edge


def uncovered(words: Sequence[Word], speech: Sequence[Speech], longest: float) -> list[Interval]:
    """The parts of speech to which no word belongs, where between two words they come to more than `longest` seconds."""
    covered = union(Interval(w.start - NEAR, min(w.end, w.start + _sayable(w)) + NEAR) for w in words)
    edges = [-math.inf, *(edge for c in covered for edge in (c.start, c.end)), math.inf]
    pieces = union(Interval(s.start, s.end) for s in speech)
    starts = [piece.start for piece in pieces]
    holes: list[Interval] = []
    for after, before in zip(edges[::2], edges[1::2], strict=True):
        first, last = max(0, bisect_right(starts, after) - 1), bisect_left(starts, before)
        missing = [Interval(max(after, p.start), min(before, p.end)) for p in pieces[first:last]]
        missing = [m for m in missing if m.end > m.start]
        if sum(m.end - m.start for m in missing) > longest:
            holes += missing
    return holes


def _sayable(word: Word) -> float:
    return SECONDS_A_WORD + SECONDS_A_LETTER * len(word.word)
