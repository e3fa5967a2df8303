"""The small files beside the weights: what they must agree on, and what is mended where a copy lacks it."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

from catalogue import InputError, write_whole
from transcribe.installing.published import (
    CONFIG,
    PREPROCESSOR,
    TOKENIZER,
    VOCABULARIES,
    read_json,
    read_list,
)
from transcribe.installing.stock_whisper import (
    ENGLISH_ONLY,
    SUPPRESSED_AT_START,
    Shape,
    special_tokens,
    stock_heads,
)

AGAIN = "Put the right file in a copy of the model, and install that with --from FOLDER."


def check_tokenizer(folder: Path, shape: Shape, where: str) -> None:
    """The tokens that begin a decoding must have the ids that a vocabulary of this size gives them.

    A tokenizer of large-v2 beside weights of large-v3 is one off from <|translate|> on: it asks to translate.
    """
    expected = special_tokens(shape.vocabulary)
    if not expected:
        kind = "English only" if shape.vocabulary == ENGLISH_ONLY else "no multilingual Whisper that we know"
        raise InputError(
            f"it has {shape.vocabulary} tokens: {kind}", where=where, remedy="Use a multilingual model."
        )
    found = _token_ids(read_json(folder / TOKENIZER, where))
    wrong = [
        f"{token} is {found.get(token)}, not {id}" for token, id in expected.items() if found.get(token) != id
    ]
    if wrong:
        raise InputError(
            f"does not fit weights with {shape.vocabulary} tokens: {wrong[0]}",
            where=f"{where}/{TOKENIZER}",
            remedy=AGAIN,
        )


def check_vocabulary(folder: Path, shape: Shape, where: str) -> None:
    """CTranslate2's own list of the tokens, from which it concludes whether the model knows languages."""
    for name in VOCABULARIES:
        file = folder / name
        if not file.exists():
            continue
        listed = file.read_text("utf-8").splitlines() if file.suffix == ".txt" else read_list(file, where)
        if len(listed) != shape.vocabulary:
            raise InputError(
                f"lists {len(listed)} tokens, the weights have {shape.vocabulary}",
                where=f"{where}/{name}",
                remedy=AGAIN,
            )


def _token_ids(tokenizer: dict[str, Any]) -> dict[str, int]:
    added = tokenizer.get("added_tokens")
    entries = added if isinstance(added, list) else []
    return {str(one.get("content")): one["id"] for one in entries if isinstance(one, dict) and "id" in one}


def mend_preprocessor(folder: Path, shape: Shape, where: str) -> list[str]:
    """Without this file, faster-whisper takes 80 mel bins for granted, which v3 models do not hear (its #582)."""
    file = folder / PREPROCESSOR
    if not file.exists():
        _write(file, _preprocessor(shape.mel_bins))
        return [f"{PREPROCESSOR} was missing and is written for {shape.mel_bins} mel bins"]
    says = read_json(file, where).get("feature_size", 80)
    if says != shape.mel_bins:
        raise InputError(
            f"says {says} mel bins, the model has {shape.mel_bins}",
            where=f"{where}/{PREPROCESSOR}",
            remedy=AGAIN,
        )
    return []


def _preprocessor(mel_bins: int) -> dict[str, Any]:
    """As beside every Whisper of OpenAI's on the hub, but for the mel bins."""
    return {
        "chunk_length": 30,
        "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": mel_bins,
        "hop_length": 160,
        "n_fft": 400,
        "n_samples": 480_000,
        "nb_max_frames": 3000,
        "padding_side": "right",
        "padding_value": 0.0,
        "processor_class": "WhisperProcessor",
        "return_attention_mask": False,
        "sampling_rate": 16_000,
    }


def mend_config(folder: Path, shape: Shape, where: str) -> list[str]:
    """What CTranslate2 wants to know beside the weights. It stops the process over what is missing or wrong."""
    config = read_json(folder / CONFIG, where)
    heads, notes = _alignment_heads(config.get("alignment_heads"), shape)
    mended = {
        **config,
        "alignment_heads": heads,
        "suppress_ids": config.get("suppress_ids") or [],
        "suppress_ids_begin": config.get("suppress_ids_begin") or list(SUPPRESSED_AT_START),
        "lang_ids": config.get("lang_ids") or [],  # not needed: the language is always given
    }
    if mended != config:
        _write(folder / CONFIG, mended)
    return notes


def _alignment_heads(given: Any, shape: Shape) -> tuple[list[list[int]], list[str]]:
    """The decoder's heads that follow the sound, which word times come from.

    CTranslate2's converter takes all heads of the last half of the layers where a model does not name them: poor
    word times. A head that is not there is a crash in CTranslate2.
    """
    layers, heads = shape.decoder_layers, shape.decoder_heads
    everything = [list(pair) for pair in product(range(layers // 2, layers), range(heads))]
    kept = _valid_heads(given, shape)
    if kept and sorted(kept) != everything:
        return kept, []
    stock = stock_heads(shape)
    if stock:
        name, known = stock
        return [list(pair) for pair in known], [
            f"alignment heads were missing: taken from {name}, whose shape it has"
        ]
    return everything, [
        "alignment heads are unknown: all heads of the last layers are used, so word times are poor"
    ]


def _valid_heads(given: Any, shape: Shape) -> list[list[int]]:
    pairs = given if isinstance(given, list) else []
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair)):
            return []
        if not (0 <= pair[0] < shape.decoder_layers and 0 <= pair[1] < shape.decoder_heads):
            return []
    return [list(pair) for pair in pairs]


def _write(file: Path, content: dict[str, Any]) -> None:
    write_whole(file, json.dumps(content, indent=2) + "\n")
