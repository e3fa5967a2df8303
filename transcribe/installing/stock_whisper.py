"""What OpenAI's own Whisper models are like: facts that a published copy may lack, by its shape.

Sources: alignment heads from `_ALIGNMENT_HEADS` in openai/whisper (whisper/__init__.py, decoded), which agree with
`generation_config.json` of openai/whisper-large-v3-turbo; tokens from openai/whisper (whisper/tokenizer.py).
"""

from __future__ import annotations

from dataclasses import dataclass

Heads = tuple[tuple[int, int], ...]  # (layer, head) of the decoder

# How many languages a multilingual vocabulary of this size knows; v3 has Cantonese in addition.
LANGUAGES = {51_865: 99, 51_866: 100}
ENGLISH_ONLY = 51_864
DANISH = 26  # its place among the languages, in every version
SUPPRESSED_AT_START = (220, 50_257)  # a blank, and the end of the text


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of a Whisper model."""

    mel_bins: int
    vocabulary: int
    width: int
    decoder_layers: int
    decoder_heads: int


# By decoder layers, decoder heads and vocabulary. Large v1 and v2 have the same shape and other heads: left out.
ALIGNMENT_HEADS: dict[tuple[int, int, int], tuple[str, Heads]] = {
    (4, 6, 51_865): ("tiny", ((2, 2), (3, 0), (3, 2), (3, 3), (3, 4), (3, 5))),
    (6, 8, 51_865): ("base", ((3, 1), (4, 2), (4, 3), (4, 7), (5, 1), (5, 2), (5, 4), (5, 6))),
    (12, 12, 51_865): (
        "small",
        ((5, 3), (5, 9), (8, 0), (8, 4), (8, 7), (8, 8), (9, 0), (9, 7), (9, 9), (10, 5)),
    ),
    (24, 16, 51_865): ("medium", ((13, 15), (15, 4), (15, 15), (16, 1), (20, 0), (23, 4))),
    (32, 20, 51_866): (
        "large-v3",
        ((7, 0), (10, 17), (12, 18), (13, 12), (16, 1), (17, 14), (19, 11), (21, 4), (24, 1), (25, 6)),
    ),
    (4, 20, 51_866): ("large-v3-turbo", ((2, 4), (2, 11), (3, 3), (3, 6), (3, 11), (3, 14))),
}


def stock_heads(shape: Shape) -> tuple[str, Heads] | None:
    """The stock model of this shape, and the heads that tell its word times."""
    return ALIGNMENT_HEADS.get((shape.decoder_layers, shape.decoder_heads, shape.vocabulary))


def special_tokens(vocabulary: int) -> dict[str, int]:
    """The tokens that we begin a decoding with, and their ids in a vocabulary of this size; empty if unknown."""
    languages = LANGUAGES.get(vocabulary)
    if languages is None:
        return {}
    start = 50_258
    translate = start + 1 + languages
    return {
        "<|startoftranscript|>": start,
        "<|da|>": start + 1 + DANISH,
        "<|transcribe|>": translate + 1,
        "<|startofprev|>": translate + 3,
        "<|notimestamps|>": translate + 5,
    }
