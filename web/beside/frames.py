"""What the server and a maker say to each other over a socket between the two: pickles with their length before them."""

from __future__ import annotations

import asyncio
import pickle
import struct
from dataclasses import dataclass

_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Asking:
    """A GET as ASGI has it: path and query in bytes as they came, and the headers that an answer may depend on."""

    path: str
    raw_path: bytes
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """An answer, whole."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


async def read(wire: asyncio.StreamReader) -> object:
    """The next thing said. Raises `asyncio.IncompleteReadError` where the other side is gone."""
    (length,) = _LENGTH.unpack(await wire.readexactly(_LENGTH.size))
    said: object = pickle.loads(await wire.readexactly(length))
    return said


async def write(wire: asyncio.StreamWriter, said: object) -> None:
    packed = pickle.dumps(said)
    wire.write(_LENGTH.pack(len(packed)) + packed)
    await wire.drain()
