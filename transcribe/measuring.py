"""Measuring which way of sharing out the work is the fastest on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from catalogue import Settings
from transcribe.jobs import Failed, Job, silent
from transcribe.local import LocalTranscriber
from transcribe.machine import Tuning, cores, options_here
from transcribe.models import find_model
from transcribe.options import DecodingOptions
from transcribe.whisper import WhisperDecoder

RECORDINGS = 3  # heard at the same time, as in a night: a way that only suits one recording must not win

Report = Callable[[Tuning, float], None]  # a way of working, and how many times real time it was


def candidates(options: DecodingOptions, count: int) -> Iterator[DecodingOptions]:
    """The ways that are worth trying with so many cores."""
    if options.device == "cuda":
        for workers in (1, 2):
            for batch in (8, 16, 32, 64):
                yield replace(options, batch_size=batch, workers=workers, preparers=max(1, min(6, count - 2)))
        return
    workers = 1
    while workers <= min(count, 16):
        for batch in (4, 8, 16):
            yield replace(options, batch_size=batch, workers=workers, threads=max(1, count // workers))
        workers *= 2


def measure(settings: Settings, audio: Path, seconds: float, scratch: Path, report: Report) -> Tuning:
    """The fastest way to hear a sample, `seconds` of our own 16 kHz FLAC with speech in it.

    `scratch` is an empty folder. The model is loaded for each way, which is not counted.
    """
    folder = find_model(settings)
    found: list[tuple[float, Tuning]] = []
    for n, options in enumerate(candidates(options_here(settings), cores(settings))):
        transcriber = LocalTranscriber(WhisperDecoder(folder, options), folder, options)
        try:
            _hear(
                transcriber, audio, seconds, scratch / f"{n}-warm", 1
            )  # starts the processes, warms the model
            began = time.monotonic()
            _hear(transcriber, audio, seconds, scratch / f"{n}", RECORDINGS)
            speed = RECORDINGS * seconds / (time.monotonic() - began)
        finally:
            transcriber.close()
        tuning = Tuning(
            settings.model,
            options.device,
            options.compute_type,
            options.batch_size,
            options.workers,
            options.threads,
            options.preparers,
        )
        found.append((speed, tuning))
        report(tuning, speed)
    return max(found, key=lambda one: one[0])[1]


def _hear(transcriber: LocalTranscriber, audio: Path, seconds: float, folder: Path, times: int) -> None:
    for n in range(times):
        transcriber.submit(Job(str(n), audio, str(n), seconds, folder / f"{n}.jsonl"), silent)
    left = times
    while left:
        for result in transcriber.collect(seconds=5.0):
            if isinstance(result, Failed):
                raise result.error
            left -= 1
