"""Preparing a recording for the model, some minutes at a time, in processes of their own.

A stretch ends in the last pause before its time is up and the next begins right there, so that nothing but the
second it begins at decides what it holds: a recording can be taken up again at any of them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import decode_audio
from transcribe.whisper import (
    LONGEST_WINDOW,
    SAMPLE_RATE,
    VAD_STEP,
    log_mel,
    speech_probabilities,
)
from transcribe.windows import Speech, Window, cut_long, cut_windows, find_speech

if TYPE_CHECKING:
    from transcribe.whisper import Features, Samples

STRETCH = 120.0  # s; short, for two of them fit into what a kill may cost (local.MOST_UNKEPT)
# What the voice detector hears before a stretch, for it has a memory; in whole steps of it, some 5 s.
WARM_UP = 160 * VAD_STEP
ENDING = 0.3  # s; a pause this long ends a stretch
# Silence that stays behind a window's speech. Whisper was trained on 30 s and loops when nothing follows; with 3 s
# it does not, and the encoder is spared the rest. Lengths come in steps so that batches fill (bench/windows.py).
PADDING, STEP = 3.0, 2.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A window as the model sees it, with its sound should it have to be seen another way.

    `certainty` is the voice detector's highest probability of speech in it.
    """

    window: Window
    samples: Samples
    features: Features
    certainty: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some minutes of a recording. Times of windows and speech are seconds on the recording's clock."""

    start: float
    end: float
    last: bool
    speech: tuple[Speech, ...]
    windows: tuple[Prepared, ...]
    stages: tuple[tuple[str, float], ...] = ()  # what took how many seconds of work


def prepare(audio: Path, start: float, mel_bins: int) -> Stretch:
    """Listen to a recording from `start` on; what follows the stretch begins at its `end`."""
    import numpy as np

    began = time.monotonic()
    lead = min(start, WARM_UP)
    wanted = STRETCH + lead
    samples = np.frombuffer(b"".join(decode_audio(audio, start - lead, wanted)), dtype=np.int16)
    heard = len(samples) / SAMPLE_RATE
    read = time.monotonic()
    sure = speech_probabilities(samples)[round(lead / VAD_STEP) :].tolist()
    samples = samples[round(lead * SAMPLE_RATE) :]
    total = len(samples) / SAMPLE_RATE
    speech = cut_long(find_speech(sure, VAD_STEP), sure, VAD_STEP)
    speech = [Speech(s.start, min(s.end, total)) for s in speech if s.start < total]
    last = heard < wanted - 1 / SAMPLE_RATE
    if not last:
        speech, total = _before_a_pause(speech, total)
    windows = cut_windows(speech, total)
    found = time.monotonic()
    prepared = tuple(_prepared(w, samples, sure, start, mel_bins) for w in windows)
    stages = {"read": read - began, "find speech": found - read, "features": time.monotonic() - found}
    return Stretch(
        start=start,
        end=start + total,
        last=last,
        speech=tuple(_moved(s, start) for s in speech),
        windows=prepared,
        stages=tuple(stages.items()),
    )


def _before_a_pause(speech: list[Speech], total: float) -> tuple[list[Speech], float]:
    """What is said before the last pause, and where that pause is; the rest is for the next stretch."""
    if not speech or total - speech[-1].end >= ENDING:
        return speech, _on_grid((speech[-1].end + total) / 2 if speech else total)
    for n in range(len(speech) - 1, 0, -1):
        pause = speech[n].start - speech[n - 1].end
        if pause >= ENDING and speech[n - 1].end > total / 2:
            return speech[:n], _on_grid((speech[n - 1].end + speech[n].start) / 2)
    before = speech[-2].end if len(speech) > 1 else 0.0
    if (
        speech[-1].start > 0
    ):  # no such pause in two minutes: before the last piece, where a window would be cut
        return speech[:-1], _on_grid((before + speech[-1].start) / 2)
    return speech, _on_grid(total)


def _on_grid(seconds: float) -> float:
    """A whole step of the voice detector, so that a stretch begins on the samples it saw before."""
    return int(seconds / VAD_STEP + 1e-6) * VAD_STEP


def _moved(speech: Speech, by: float) -> Speech:
    return Speech(speech.start + by, speech.end + by)


def _prepared(
    window: Window, samples: Samples, sure: Sequence[float], start: float, mel_bins: int
) -> Prepared:
    heard = samples[round(window.start * SAMPLE_RATE) : round(window.end * SAMPLE_RATE)]
    on_recording = Window(
        window.start + start, window.end + start, tuple(_moved(s, start) for s in window.speech)
    )
    steps = sure[int(window.start / VAD_STEP) : int(window.end / VAD_STEP) + 1]
    return Prepared(on_recording, heard, _padded(heard, mel_bins), max(steps, default=0.0))


def _padded(heard: Samples, mel_bins: int) -> Features:
    """The window as it is shown to the model: with silence behind it, in whole steps."""
    steps = -int(-(len(heard) / SAMPLE_RATE + PADDING) // STEP)
    return log_mel(heard, min(steps * STEP, LONGEST_WINDOW), mel_bins)


def seen_whole(prepared: Prepared, mel_bins: int) -> Prepared:
    """The window as the model saw all of its training: filled up to 30 s."""
    return replace(prepared, features=log_mel(prepared.samples, LONGEST_WINDOW, mel_bins))


def part(prepared: Prepared, window: Window, mel_bins: int) -> Prepared:
    """A window within a window."""
    first = max(0, round((window.start - prepared.window.start) * SAMPLE_RATE))
    heard = prepared.samples[first : round((window.end - prepared.window.start) * SAMPLE_RATE)]
    return replace(prepared, window=window, samples=heard, features=_padded(heard, mel_bins))
