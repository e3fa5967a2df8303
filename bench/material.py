"""Recordings for measuring speech recognition: the real clips, joined in random orders with random pauses."""

from __future__ import annotations

import random
import re
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from ingest.media import program

RATE = 16_000
ROOM = 3e-4  # loudness of the noise in pauses; no room is silent to the bit


@dataclass(frozen=True, slots=True)
class Joined:
    """A recording and the clips in it: (name, second it begins)."""

    file: Path
    seconds: float
    clips: tuple[tuple[str, float], ...]


def read_clips(folder: Path) -> dict[str, NDArray[np.float32]]:
    clips = {}
    for file in sorted(folder.glob("*.wav")):
        with wave.open(str(file)) as sound:
            frames = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)
            clips[file.stem] = (
                frames.reshape(-1, sound.getnchannels()).mean(axis=1).astype(np.float32) / 32768
            )
    return clips


def join(clips: dict[str, NDArray[np.float32]], seconds: float, seed: int, file: Path) -> Joined:
    """At least so many seconds, no clip twice in a row, pauses of 0.3–2.5 s."""
    chance, noise = random.Random(seed), np.random.default_rng(seed)
    command = [
        program(),
        "-y",
        "-loglevel",
        "error",
        "-f",
        "f32le",
        "-ar",
        str(RATE),
        "-ac",
        "1",
        "-i",
        "pipe:",
    ]
    encoder = subprocess.Popen([*command, str(file)], stdin=subprocess.PIPE)
    assert encoder.stdin is not None
    placed: list[tuple[str, float]] = []
    samples = 0
    while samples < seconds * RATE:
        name = chance.choice([n for n in clips if not placed or n != placed[-1][0]])
        pause = noise.standard_normal(round(chance.uniform(0.3, 2.5) * RATE)).astype(np.float32) * ROOM
        placed.append((name, samples / RATE))
        encoder.stdin.write(clips[name].tobytes() + pause.tobytes())
        samples += len(clips[name]) + len(pause)
    encoder.stdin.close()
    if encoder.wait() != 0:
        raise RuntimeError(f"{file} could not be written")
    return Joined(file, samples / RATE, tuple(placed))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def difference(reference: list[str], heard: list[str]) -> float:
    """Words put in, left out or changed, for each word of the reference."""
    return Levenshtein.distance(reference, heard) / max(1, len(reference))
