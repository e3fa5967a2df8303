"""Sound for the tests: reading clips, writing recordings."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.media import program

Samples = NDArray[np.int16]
RATE = 16_000


def read_clip(file: Path) -> Samples:
    """The left channel of a 16 kHz, 16-bit file."""
    with wave.open(str(file)) as audio:
        assert (audio.getframerate(), audio.getsampwidth()) == (RATE, 2)
        frames = np.frombuffer(audio.readframes(audio.getnframes()), dtype=np.int16)
        return frames[:: audio.getnchannels()]


def write_flac(samples: Samples, file: Path) -> Path:
    command = [
        program(),
        "-y",
        "-loglevel",
        "error",
        "-f",
        "s16le",
        "-ar",
        str(RATE),
        "-ac",
        "1",
        "-i",
        "pipe:",
    ]
    subprocess.run([*command, str(file)], input=samples.tobytes(), check=True)
    return file
