"""What this machine decodes best with: measured once and stored, else a careful guess."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from catalogue import InputError, Settings, write_whole
from transcribe.options import DecodingOptions
from transcribe.whisper import gpu_count, require_installed

FILE = "machine.json"  # in the home folder


@dataclass(frozen=True, slots=True)
class Tuning:
    """How work is spread on one machine, for one model. None of it decides the text."""

    model: str
    device: str
    compute_type: str
    batch_size: int
    workers: int
    threads: int
    preparers: int


def options_here(settings: Settings) -> DecodingOptions:
    """The options with all that is "auto" decided: as measured here, else as experience has it."""
    require_installed()
    device = settings.device if settings.device != "auto" else ("cuda" if gpu_count() else "cpu")
    compute_type = settings.compute_type
    if compute_type == "auto":  # half precision on a GPU, 8-bit integers on a CPU (asr.md, section 8)
        compute_type = "float16" if device == "cuda" else "int8"
    options = replace(DecodingOptions.from_settings(settings), device=device, compute_type=compute_type)
    measured = read_tuning(settings.home)
    # A measurement is of all cores: whoever sets their number wants just these.
    fits = not settings.cpu_threads and measured and (measured.model, measured.device, measured.compute_type) == (
        settings.model, device, compute_type,
    )  # fmt: skip
    tuning = measured if measured and fits else guess(settings.model, options, cores(settings))
    return replace(
        options,
        batch_size=tuning.batch_size,
        workers=tuning.workers,
        threads=tuning.threads,
        preparers=tuning.preparers,
    )


def cores(settings: Settings) -> int:
    """The cores that decoding may take."""
    return settings.cpu_threads or len(os.sched_getaffinity(0))


def guess(model: str, options: DecodingOptions, count: int) -> Tuning:
    """Without a measurement. On a CPU a batch for each core beats one batch on all of them (docs/benchmarks.md)."""
    if options.device == "cuda":
        preparers = max(1, min(6, count - 2))
        return Tuning(model, options.device, options.compute_type, 32, 2, 0, preparers)
    workers = min(4, count)
    return Tuning(model, options.device, options.compute_type, 8, workers, max(1, count // workers), 1)


def read_tuning(home: Path) -> Tuning | None:
    file = home / FILE
    if not file.is_file():
        return None
    try:
        tuning = Tuning(**json.loads(file.read_text(encoding="utf-8")))
        figures = (tuning.batch_size, tuning.workers, tuning.preparers, tuning.threads + 1)
        if not all(type(figure) is int and figure >= 1 for figure in figures):
            raise ValueError(figures)
        return tuning
    except (ValueError, TypeError) as error:
        raise InputError(
            "this is no measurement of a machine",
            where=str(file),
            remedy="Measure again with `talerstol models --measure`, or delete the file.",
        ) from error


def write_tuning(home: Path, tuning: Tuning) -> Path:
    """Kept whole or not at all."""
    return write_whole(home / FILE, json.dumps(asdict(tuning), indent=2) + "\n")
