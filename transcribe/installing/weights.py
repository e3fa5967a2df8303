"""The heading of CTranslate2's `model.bin`: the model's shape and how it is stored, without loading it.

The layout is that of `ModelSpec._serialize` in CTranslate2 (python/ctranslate2/specs/model_spec.py), version 6:
a version, the kind of model, its revision, and each variable with name, shape, type, length and bytes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from catalogue import InputError
from transcribe.installing.stock_whisper import Shape

VERSION = 6
TYPES = ("float32", "int8", "int16", "int32", "float16", "bfloat16")
LAYER = re.compile(r"decoder/layer_(\d+)/")


@dataclass(frozen=True, slots=True)
class Weights:
    """What `model.bin` says of itself."""

    shape: Shape
    quantization: str


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    dimensions: tuple[int, ...]
    type: str
    value: bytes  # of single numbers only


def read_weights(file: Path, origin: str) -> Weights:
    """Raises `InputError` where the file is cut off or is something else."""
    try:
        with file.open("rb") as handle:
            variables = {variable.name: variable for variable in _variables(handle, file.stat().st_size)}
        return Weights(_shape(variables), _quantization(variables))
    except (struct.error, ValueError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise InputError(
            f"these are no whole Whisper weights of CTranslate2 ({error})",
            where=f"{origin}/{file.name}",
            remedy="Fetch or convert the model again.",
        ) from error


def _variables(handle: BinaryIO, size: int) -> Iterator[_Variable]:
    (version,) = _numbers(handle, "<I")
    if version != VERSION:
        raise ValueError(f"version {version}, not {VERSION}")
    if (kind := _string(handle)) != "WhisperSpec":
        raise ValueError(f"a {kind[:40]}")
    _, count = _numbers(handle, "<II")
    for _ in range(count):
        name = _string(handle)
        (rank,) = _numbers(handle, "<B")
        dimensions = _numbers(handle, f"<{rank}I")
        kind_id, length = _numbers(handle, "<BI")
        value = handle.read(length) if rank == 0 else b""
        if rank:
            handle.seek(length, 1)
        yield _Variable(name, dimensions, TYPES[kind_id], value)
    for _ in range(*_numbers(handle, "<I")):
        _string(handle), _string(handle)  # one variable that is another's
    if handle.tell() != size:
        raise ValueError("cut off or with something after its end")


def _numbers(handle: BinaryIO, form: str) -> tuple[int, ...]:
    return struct.unpack(form, handle.read(struct.calcsize(form)))


def _string(handle: BinaryIO) -> str:
    (length,) = _numbers(handle, "<H")
    raw = handle.read(length)
    if len(raw) < length:
        raise ValueError("cut off")
    return raw[:-1].decode()


def _shape(variables: dict[str, _Variable]) -> Shape:
    vocabulary, width = variables["decoder/embeddings/weight"].dimensions
    return Shape(
        mel_bins=variables["encoder/conv1/weight"].dimensions[1],
        vocabulary=vocabulary,
        width=width,
        decoder_layers=1 + max(int(m[1]) for name in variables if (m := LAYER.match(name))),
        decoder_heads=int.from_bytes(variables["decoder/num_heads"].value, "little"),
    )


def _quantization(variables: dict[str, _Variable]) -> str:
    """The name that CTranslate2 has for it: of the large matrices, and of the rest if that differs."""
    matrices = {v.type for v in variables.values() if len(v.dimensions) == 2}
    rest = variables["decoder/layer_norm/gamma"].type
    if "int8" in matrices:
        return f"int8_{rest}"
    return "int16" if "int16" in matrices else rest
