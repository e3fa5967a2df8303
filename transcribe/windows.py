"""Where speech is, and where to cut it into windows: at pauses, short enough for Danish, nothing left out.

All times here are seconds from the start of the stretch of sound that was listened to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Silero calls it speech from the first figure on and silence below the second (its own advice is a gap of 0.15).
# Low, because quiet speech counts; what turns out to be none is for the gate. Re-measure: bench/windows.py.
SPEECH_FROM, SILENCE_BELOW = 0.35, 0.2
SHORTEST_PAUSE = 0.16  # s; shorter ones are stops within a word
# Windows of 8 to 14 s came nearest to clips decoded one by one, at twice the speed of 30 s (docs/benchmarks.md);
# a window grows beyond the aim only where there is no pause, and past the longest it is cut at the quietest moment.
AIM, LONGEST = 12.0, 20.0  # s
PAUSE_SCALE = 0.4  # s; a pause this long costs a third of a cut through speech
CUT_COST, WINDOW_COST = 3.0, 0.5
MARGIN_BEFORE, MARGIN_AFTER = 0.25, 0.35  # s of sound around speech, so that no consonant is cut
QUIETEST_WITHIN = 4.0  # s before the longest in which the quietest moment is sought


@dataclass(frozen=True, slots=True, order=True)
class Speech:
    """A stretch in which somebody speaks without a pause."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Window:
    """What the model is shown at once: from `start` to `end`, with the speech in it."""

    start: float
    end: float
    speech: tuple[Speech, ...]

    @property
    def spoken(self) -> float:
        """Seconds of speech."""
        return sum(s.seconds for s in self.speech)


def find_speech(probabilities: Sequence[float], step: float) -> list[Speech]:
    """The stretches of speech, in order, from the probability of speech in each `step` seconds."""
    found: list[Speech] = []
    start: int | None = None
    quiet = 0
    pause = max(1, math.ceil(SHORTEST_PAUSE / step - 1e-9))
    for n, probability in enumerate(probabilities):
        if start is None:
            if probability >= SPEECH_FROM:
                start, quiet = n, 0
        elif probability >= SILENCE_BELOW:
            quiet = 0
        else:
            quiet += 1
            if quiet >= pause:
                found.append(Speech(start * step, (n - quiet + 1) * step))
                start = None
    if start is not None:
        found.append(Speech(start * step, (len(probabilities) - quiet) * step))
    return found


def cut_long(speech: Sequence[Speech], probabilities: Sequence[float], step: float) -> list[Speech]:
    """Speech without a pause for longer than a window, cut at the moments that are least like speech."""
    pieces: list[Speech] = []
    for one in speech:
        start = one.start
        while one.end - start > LONGEST:
            last = round((start + LONGEST) / step)
            first = round((start + LONGEST - QUIETEST_WITHIN) / step)
            at = min(range(first, last), key=lambda n: (probabilities[n], -n)) * step
            pieces.append(Speech(start, at))
            start = at
        pieces.append(Speech(start, one.end))
    return pieces


def cut_windows(speech: Sequence[Speech], total: float) -> list[Window]:
    """Windows over all of the speech, in order: the cheapest cuts, where long pauses are cheap.

    `speech` has no piece longer than `LONGEST`; `total` is how many seconds there are to listen to.
    """
    count = len(speech)
    best = [0.0] + [math.inf] * count  # the cost of all windows that end before the n-th piece
    began = [0] * (count + 1)
    for end in range(1, count + 1):
        pause = speech[end].start - speech[end - 1].end if end < count else math.inf
        cut = WINDOW_COST + CUT_COST * math.exp(-pause / PAUSE_SCALE)
        for start in range(end - 1, -1, -1):
            length = speech[end - 1].end - speech[start].start
            if length > LONGEST and start < end - 1:
                break
            cost = best[start] + cut + max(0.0, length - AIM) / (LONGEST - AIM)
            if cost < best[end]:
                best[end], began[end] = cost, start
    cuts = [count]
    while cuts[-1]:
        cuts.append(began[cuts[-1]])
    groups = [tuple(speech[a:b]) for a, b in pairwise(reversed(cuts))]
    return with_margins(groups, total)


def with_margins(groups: Sequence[tuple[Speech, ...]], total: float) -> list[Window]:
    """Windows around groups of speech, with a little sound on both sides but nothing of a neighbour's speech."""
    windows = []
    for n, group in enumerate(groups):
        before = _parted(groups[n - 1][-1].end, group[0].start) if n else 0.0
        after = _parted(group[-1].end, groups[n + 1][0].start) if n + 1 < len(groups) else total
        start = max(group[0].start - MARGIN_BEFORE, before)
        end = min(group[-1].end + MARGIN_AFTER, after, total)
        windows.append(Window(start, max(end, group[-1].end), group))
    return windows


def _parted(end: float, start: float) -> float:
    """Where two windows share a pause that is too short for the margins of both."""
    return end + (start - end) * MARGIN_AFTER / (MARGIN_BEFORE + MARGIN_AFTER)


def halves(window: Window) -> tuple[Window, Window] | None:
    """A window cut in two: at a pause that is long, near the middle, or both; None if it is too short for that."""
    speech = window.speech
    if len(speech) < 2:
        return _cut_in_the_middle(window)
    middle = (window.start + window.end) / 2

    def worth(n: int) -> float:
        pause = speech[n].start - speech[n - 1].end
        off = abs((speech[n].start + speech[n - 1].end) / 2 - middle) / (window.end - window.start)
        return min(pause, 1.0) - off

    at = max(range(1, len(speech)), key=worth)
    first, second = with_margins([speech[:at], speech[at:]], window.end)
    return Window(window.start, first.end, first.speech), Window(second.start, window.end, second.speech)


def _cut_in_the_middle(window: Window) -> tuple[Window, Window] | None:
    only = window.speech[0]
    if only.seconds < 2.0:
        return None
    middle = (only.start + only.end) / 2
    left, right = Speech(only.start, middle), Speech(middle, only.end)
    return Window(window.start, middle, (left,)), Window(middle, window.end, (right,))
