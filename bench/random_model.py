"""A Whisper of large-v3-turbo's size with random weights, for timing where the real weights cannot be had.

Layers, heads and widths are those of openai/whisper-large-v3-turbo's configuration (32 + 4 layers, 20 heads, width
1280, 128 mel bins). The tokenizer is that of Whisper base, whose vocabulary is one token smaller: no matter for time.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ALIGNMENT_HEADS = [[2, 4], [2, 11], [3, 3], [3, 6], [3, 11], [3, 14]]  # its generation_config


@dataclass(frozen=True, slots=True)
class Size:
    encoder_layers: int = 32
    decoder_layers: int = 4
    heads: int = 20
    width: int = 1280
    mel_bins: int = 128


def make_turbo(folder: Path, tokenizer_from: Path, size: Size | None = None) -> Path:
    """Write the model to `folder`; tokenizer and vocabulary are taken from a model that is here."""
    import ctranslate2

    size = size or Size()
    vocabulary = json.loads((tokenizer_from / "vocabulary.json").read_text(encoding="utf-8"))
    spec = ctranslate2.specs.WhisperSpec(size.encoder_layers, size.heads, size.decoder_layers, size.heads)

    _fill(spec, _Filler(size), len(vocabulary))
    base = json.loads((tokenizer_from / "config.json").read_text(encoding="utf-8"))
    spec.config.suppress_ids, spec.config.suppress_ids_begin = (
        base["suppress_ids"],
        base["suppress_ids_begin"],
    )
    heads = [[n, head] for n, head in ALIGNMENT_HEADS if n < size.decoder_layers and head < size.heads]
    spec.config.lang_ids = base["lang_ids"]
    spec.config.alignment_heads = heads or [
        [size.decoder_layers - 1, 0]
    ]  # CTranslate2 crashes on heads it lacks
    spec.register_vocabulary(vocabulary)
    spec.validate()
    folder.mkdir(parents=True)
    spec.save(str(folder))
    shutil.copy(tokenizer_from / "tokenizer.json", folder)
    settings = {
        "feature_size": size.mel_bins,
        "sampling_rate": 16000,
        "n_fft": 400,
        "hop_length": 160,
        "chunk_length": 30,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


class _Filler:
    """Puts random weights into the parts of a specification."""

    def __init__(self, size: Size) -> None:
        self.size, self._chance = size, np.random.default_rng(1)

    def weights(self, *shape: int) -> Any:
        return (self._chance.standard_normal(shape, dtype=np.float32) * 0.02).astype(np.float16)

    def linear(self, layer: Any, out: int, into: int) -> None:
        layer.weight, layer.bias = self.weights(out, into), self.weights(out)

    def norm(self, layer: Any) -> None:
        width = self.size.width
        layer.gamma, layer.beta = np.ones(width, np.float16), np.zeros(width, np.float16)

    def attention(self, layer: Any, fused: tuple[int, ...]) -> None:
        self.norm(layer.layer_norm)
        for one, times in zip(layer.linear, fused, strict=False):
            self.linear(one, times * self.size.width, self.size.width)

    def feed_forward(self, layer: Any) -> None:
        self.norm(layer.layer_norm)
        self.linear(layer.linear_0, 4 * self.size.width, self.size.width)
        self.linear(layer.linear_1, self.size.width, 4 * self.size.width)


def _fill(spec: Any, fill: _Filler, words: int) -> None:
    size = fill.size
    for conv, into in ((spec.encoder.conv1, size.mel_bins), (spec.encoder.conv2, size.width)):
        conv.weight, conv.bias = fill.weights(size.width, into, 3), fill.weights(size.width)
    spec.encoder.position_encodings.encodings = fill.weights(1500, size.width)
    spec.decoder.position_encodings.encodings = fill.weights(448, size.width)
    spec.decoder.embeddings.weight = fill.weights(words, size.width)
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    for part in (spec.encoder, spec.decoder):
        fill.norm(part.layer_norm)
        for layer in part.layer:
            fill.attention(layer.self_attention, (3, 1))
            fill.feed_forward(layer.ffn)
            if part is spec.decoder:
                fill.attention(layer.attention, (1, 2, 1))
