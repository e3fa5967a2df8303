"""What of a recording has been heard so far, on disk: a line for each stretch, written whole or not at all.

A line is only trusted for the same sound, model, options and names; a line that was cut short by a crash is
dropped, and all behind it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from catalogue import Word
from transcribe.gate import Doubt
from transcribe.hearing import Answer
from transcribe.windows import Speech


@dataclass(frozen=True, slots=True)
class Done:
    """A stretch of a recording that has been heard: from `start` to `end`, in `busy` seconds of work."""

    start: float
    end: float
    last: bool
    busy: float
    answers: tuple[Answer, ...]


class Checkpoint:
    """The file of one recording. `key` names all that decides its text."""

    def __init__(self, file: Path, key: str) -> None:
        self._file, self._key = file, key
        self.done: list[Done] = []
        whole = 0
        for line in _lines(file):
            stretch = _read(line, key)
            expected = self.done[-1].end if self.done else 0.0
            if stretch is None or stretch.start != expected or (self.done and self.done[-1].last):
                break
            self.done.append(stretch)
            whole += len(line)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab") as handle:
            handle.truncate(whole)

    def add(self, stretch: Done) -> None:
        """Keep a stretch. Stretches come in order; returns when it is on the disk."""
        body = json.dumps([self._key, asdict(stretch)], ensure_ascii=False, separators=(",", ":"))
        with self._file.open("ab") as handle:
            handle.write(f"{_sum(body)} {body}\n".encode())
            handle.flush()
            os.fsync(handle.fileno())
        self.done.append(stretch)

    @property
    def reached(self) -> float:
        """Seconds of the recording that need not be heard again."""
        return self.done[-1].end if self.done else 0.0

    @property
    def complete(self) -> bool:
        return bool(self.done) and self.done[-1].last


def seconds_kept(file: Path) -> float:
    """Seconds of a recording that its checkpoint holds; 0 where there is none. Whether it may still be gone on
    from, for the same model and sound, is told when the recording is heard."""
    reached = 0.0
    for line in _lines(file):
        checked, _, body = line.decode(errors="replace").rstrip("\n").partition(" ")
        if checked != _sum(body):
            break
        reached = float(json.loads(body)[1]["end"])
    return reached


def _lines(file: Path) -> Iterator[bytes]:
    if file.is_file():
        with file.open("rb") as handle:
            yield from (line for line in handle if line.endswith(b"\n"))


def _sum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _read(line: bytes, key: str) -> Done | None:
    try:
        checked, _, body = line.decode().rstrip("\n").partition(" ")
        if checked != _sum(body):
            return None
        its_key, raw = json.loads(body)
    except ValueError:
        return None
    return _stretch(raw) if its_key == key else None


def _stretch(raw: dict[str, Any]) -> Done:
    return Done(**raw | {"answers": tuple(_answer(a) for a in raw["answers"])})


def _answer(raw: dict[str, Any]) -> Answer:
    return Answer(
        **raw
        | {
            "speech": tuple(Speech(**s) for s in raw["speech"]),
            "words": tuple(Word(**w) for w in raw["words"]),
            "doubts": tuple(Doubt(d) for d in raw["doubts"]),
            "decoded_again": tuple(Doubt(d) for d in raw["decoded_again"]),
        }
    )
