"""The real converter on a small model. It needs transformers and torch (make test-convert)."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from catalogue import EngineError, Settings
from tests.transcribe.installing import tiny_whisper
from tests.transcribe.installing.conftest import Stages
from transcribe import DecodingOptions, Wanted, find_model, install_model
from transcribe.installing.conversion import PACKAGES
from transcribe.whisper import SAMPLE_RATE, Way, WhisperDecoder, log_mel

pytestmark = [
    pytest.mark.convert,
    pytest.mark.skipif(
        any(find_spec(package) is None for package in PACKAGES), reason="the extra [convert] is not installed"
    ),
]


@pytest.mark.parametrize(
    ("asked", "stored"), [("", "float16"), ("int8", "int8_float16"), ("bfloat16", "bfloat16")]
)
def test_a_published_model_becomes_one_that_decodes(
    settings: Settings, hugging_face_model: Path, stages: Stages, asked: str, stored: str
) -> None:
    done = install_model(settings, Wanted("min-model", hugging_face_model, quantization=asked), stages)
    assert done.record is not None
    assert done.record.quantization == stored
    assert set(done.record.tools) == set(PACKAGES)
    assert set(done.record.source_sha256) == {"model.safetensors"}
    config = json.loads((done.path / "config.json").read_text())
    assert config["alignment_heads"] == [[1, 0]]
    assert config["suppress_ids_begin"] == [220, 50257]
    assert not list(done.path.glob("*.safetensors"))
    if stored.startswith("int8"):
        assert done.record.size < 0.6 * (hugging_face_model / "model.safetensors").stat().st_size

    found = find_model(settings.model_copy(update={"model": "min-model"}))
    decoder = WhisperDecoder(found, DecodingOptions(device="cpu", compute_type="int8"))
    sound = np.random.default_rng(3).normal(0, 3000, SAMPLE_RATE).astype(np.int16)
    heard = decoder.decode([log_mel(sound, 1.0, decoder.mel_bins)], (), Way(beam_size=5))[0]
    assert np.isfinite(heard.log_probability)
    assert all(0 <= word.start <= word.end <= 1 for word in heard.words)


def test_it_is_the_same_model_as_one_that_was_converted_elsewhere(
    settings: Settings, hugging_face_model: Path, ctranslate2_model: Path, stages: Stages
) -> None:
    """So that the stand-in which the other tests install is what the converter makes."""
    done = install_model(settings, Wanted("min-model", hugging_face_model), stages)
    assert (done.path / "model.bin").read_bytes() == (ctranslate2_model / "model.bin").read_bytes()


def test_weights_in_several_parts_are_one_model(
    settings: Settings, hugging_face_model: Path, ctranslate2_model: Path, stages: Stages
) -> None:
    (hugging_face_model / "model.safetensors").unlink()
    tiny_whisper.write_shards(tiny_whisper.tensors(), hugging_face_model, 2)
    done = install_model(settings, Wanted("min-model", hugging_face_model), stages)
    assert done.record is not None and len(done.record.source_sha256) == 2
    assert (done.path / "model.bin").read_bytes() == (ctranslate2_model / "model.bin").read_bytes()


def test_a_weight_that_is_missing_is_an_error_and_not_a_random_number(
    settings: Settings, hugging_face_model: Path, stages: Stages
) -> None:
    weights = tiny_whisper.tensors()
    del weights["model.decoder.layers.1.fc2.weight"]
    tiny_whisper.write_safetensors(weights, hugging_face_model / "model.safetensors")
    with pytest.raises(EngineError, match=r"missing.*model.decoder.layers.1.fc2.weight"):
        install_model(settings, Wanted("min-model", hugging_face_model), stages)
