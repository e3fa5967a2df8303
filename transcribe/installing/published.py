"""Which files of a published model are needed, in either format, and which are never opened."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from catalogue import InputError
from transcribe.installing.stock_whisper import Shape

T = TypeVar("T")

SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
PICKLED = re.compile(r".*\.(bin|pt|pth|ckpt|pkl)")  # opening one runs whatever code it holds
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
CONFIG, TOKENIZER, PREPROCESSOR = "config.json", "tokenizer.json", "preprocessor_config.json"
HUGGING_FACE_ALSO = (
    PREPROCESSOR,
    "generation_config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "normalizer.json",
    "vocab.json",
    "merges.txt",
)
ANOTHER = "Only Whisper models as the hub's own library knows them can be installed: use another."
MOST_JSON = 64 * 1024**2  # bytes; the largest tokenizer.json of a Whisper has 4 million


class Form(StrEnum):
    """How a model is published."""

    CTRANSLATE2 = "CTranslate2"
    HUGGING_FACE = "Hugging Face"


def needed_files(names: Collection[str], where: str) -> tuple[Form, tuple[str, ...]]:
    """The model's form and the files to take, in the order to take them: the small ones first."""
    missing = [name for name in (CONFIG, TOKENIZER) if name not in names]
    vocabulary = [name for name in VOCABULARIES if name in names]
    if "model.bin" in names and vocabulary:
        form, weights, also = Form.CTRANSLATE2, ["model.bin"], [*vocabulary, PREPROCESSOR]
    else:
        form, weights, also = Form.HUGGING_FACE, _safetensors(names, where), list(HUGGING_FACE_ALSO)
    if missing:
        raise InputError(
            f"{', '.join(missing)} is missing",
            where=where,
            remedy="Add it from the model that this one was trained from, and install with --from FOLDER.",
        )
    return form, (CONFIG, TOKENIZER, *(name for name in also if name in names), *weights)


def _safetensors(names: Collection[str], where: str) -> list[str]:
    if SINGLE in names:
        return [SINGLE]
    shards = sorted(name for name in names if SHARD.fullmatch(name))
    if shards and INDEX in names:
        return [INDEX, *shards]
    pickled = sorted(name for name in names if PICKLED.fullmatch(name) and name != "model.bin")
    if pickled:
        raise InputError(
            f"there are only pickled weights ({pickled[0]}), which can run code when they are opened",
            where=where,
            remedy="Use a model that is published as safetensors, or have it saved again as such.",
        )
    raise InputError(
        f"there are no weights ({SINGLE}, or CTranslate2's model.bin with vocabulary.json)",
        where=where,
        remedy="Give the folder that holds the model's files.",
    )


def check_hugging_face(folder: Path, where: str) -> Shape:
    """The shape that `config.json` says; refused where it is no Whisper or brings code of its own."""
    config = read_json(folder / CONFIG, where)
    if config.get("model_type") != "whisper":
        kind = str(config.get("model_type"))[:40]
        raise InputError(
            f"says that it is no Whisper model but {kind!r}", where=f"{where}/{CONFIG}", remedy=ANOTHER
        )
    if "auto_map" in config:
        raise InputError(
            "asks to run code that comes with the model", where=f"{where}/{CONFIG}", remedy=ANOTHER
        )
    _check_shards(folder, where)
    names = ("num_mel_bins", "vocab_size", "d_model", "decoder_layers", "decoder_attention_heads")
    figures = [config.get(name) for name in names]
    unknown = [name for name, figure in zip(names, figures, strict=True) if type(figure) is not int]
    if unknown:
        raise InputError(
            f"does not say {', '.join(unknown)}", where=f"{where}/{CONFIG}", remedy="Fetch it again."
        )
    return Shape(*figures)  # type: ignore[arg-type]  # all are whole numbers by now


def _check_shards(folder: Path, where: str) -> None:
    if (folder / SINGLE).exists():
        return
    try:
        named = {str(name) for name in read_json(folder / INDEX, where)["weight_map"].values()}
    except (KeyError, AttributeError, TypeError) as error:
        raise InputError(
            "is no index of weights", where=f"{where}/{INDEX}", remedy="Fetch it again."
        ) from error
    # One that leads elsewhere is none of ours.
    missing = sorted(name for name in named if not (SHARD.fullmatch(name) and (folder / name).exists()))
    if missing:
        raise InputError(
            f"{len(missing)} of {len(named)} parts of the weights are missing: {missing[0]}",
            where=where,
            remedy="Fetch the model again.",
        )


def default_quantization(folder: Path) -> str:
    """How a Hugging Face model is best stored: in 16 bits, and in bfloat16 if it was trained so.

    What was trained in bfloat16 may not fit the range of float16.
    """
    config = read_json(folder / CONFIG, str(folder))
    return "bfloat16" if "bfloat16" in (config.get("dtype"), config.get("torch_dtype")) else "float16"


def read_json(file: Path, where: str) -> dict[str, Any]:
    """An object from a file that came from outside."""
    return _read(file, where, dict)


def read_list(file: Path, where: str) -> list[Any]:
    """A list from a file that came from outside."""
    return _read(file, where, list)


def _read(file: Path, where: str, kind: type[T]) -> T:
    try:
        if file.stat().st_size > MOST_JSON:
            raise ValueError("too large")
        content = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(content, kind):
            raise ValueError(f"no {kind.__name__}")
        return content
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"cannot be read as JSON ({str(error)[:80]})",
            where=f"{where}/{file.name}",
            remedy="Fetch it again.",
        ) from error
