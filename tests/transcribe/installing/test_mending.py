"""What the files beside the weights must agree on, and what is filled in."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from catalogue import InputError
from transcribe.installing.mending import check_tokenizer, mend_config
from transcribe.installing.published import default_quantization
from transcribe.installing.stock_whisper import ALIGNMENT_HEADS, Shape, special_tokens
from transcribe.installing.weights import read_weights

TURBO = Shape(mel_bins=128, vocabulary=51_866, width=1280, decoder_layers=4, decoder_heads=20)
UNKNOWN = Shape(mel_bins=80, vocabulary=51_865, width=1280, decoder_layers=32, decoder_heads=20)
TURBO_HEADS = [[2, 4], [2, 11], [3, 3], [3, 6], [3, 11], [3, 14]]  # as beside openai/whisper-large-v3-turbo
LAST_HALF = [
    [layer, head] for layer, head in product((2, 3), range(20))
]  # what the converter makes of nothing


def mended(folder: Path, heads: object, shape: Shape) -> tuple[object, list[str]]:
    (folder / "config.json").write_text(json.dumps({"alignment_heads": heads}))
    notes = mend_config(folder, shape, "here")
    return json.loads((folder / "config.json").read_text())["alignment_heads"], notes


@pytest.mark.parametrize(
    "given", [None, [], LAST_HALF, "all", [[4, 0]], [[0, 20]], [[0]], [[0, -1]], [[True, 1]]]
)
def test_heads_that_are_missing_or_not_there_come_from_the_stock_model(tmp_path: Path, given: object) -> None:
    heads, notes = mended(tmp_path, given, TURBO)
    assert heads == TURBO_HEADS
    assert notes == ["alignment heads were missing: taken from large-v3-turbo, whose shape it has"]


def test_heads_of_its_own_are_kept(tmp_path: Path) -> None:
    assert mended(tmp_path, [[1, 2], [3, 4]], TURBO) == ([[1, 2], [3, 4]], [])


def test_where_no_stock_model_has_the_shape_it_says_that_word_times_are_poor(tmp_path: Path) -> None:
    heads, notes = mended(tmp_path, None, UNKNOWN)
    assert isinstance(heads, list) and len(heads) == 16 * 20
    assert "word times are poor" in notes[0]


def test_what_is_known_of_stock_models_is_so_of_whisper_base(base_files: Path, tmp_path: Path) -> None:
    tokens = json.loads((base_files / "tokenizer.json").read_text(encoding="utf-8"))["added_tokens"]
    ids = {token["content"]: token["id"] for token in tokens}
    assert special_tokens(51_865).items() <= ids.items()
    config = json.loads((base_files / "config.json").read_text(encoding="utf-8"))
    heads = {name: known for name, known in ALIGNMENT_HEADS.values()}
    assert [list(pair) for pair in heads["base"]] == config["alignment_heads"]


def test_every_stock_head_is_one_of_its_model() -> None:
    for (layers, heads, _), (_, known) in ALIGNMENT_HEADS.items():
        assert all(layer < layers and head < heads for layer, head in known)


@pytest.mark.parametrize(
    ("vocabulary", "says"), [(51_864, "English only"), (32_000, "no multilingual Whisper")]
)
def test_a_model_that_knows_no_danish_is_refused(tmp_path: Path, vocabulary: int, says: str) -> None:
    with pytest.raises(InputError, match=says):
        check_tokenizer(tmp_path, Shape(80, vocabulary, 64, 2, 2), "here")


def test_the_heading_of_the_weights_says_shape_and_quantization(ctranslate2_model: Path) -> None:
    weights = read_weights(ctranslate2_model / "model.bin", "here")
    assert weights.shape == Shape(
        mel_bins=128, vocabulary=51_865, width=64, decoder_layers=2, decoder_heads=2
    )
    assert weights.quantization == "float16"


@pytest.mark.parametrize(
    ("says", "stored"),
    [
        ({}, "float16"),
        ({"dtype": "float32"}, "float16"),
        ({"torch_dtype": "bfloat16"}, "bfloat16"),
        ({"dtype": "bfloat16"}, "bfloat16"),
    ],
)
def test_weights_are_stored_in_16_bits_of_the_kind_they_were_trained_in(
    tmp_path: Path, says: dict[str, str], stored: str
) -> None:
    (tmp_path / "config.json").write_text(json.dumps(says))
    assert default_quantization(tmp_path) == stored


@pytest.mark.parametrize("length", [0, 3, 40, 1000, 100_000])
def test_weights_that_are_cut_off_anywhere_are_refused(ctranslate2_model: Path, length: int) -> None:
    file = ctranslate2_model / "model.bin"
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(InputError, match="no whole Whisper weights"):
        read_weights(file, "here")
