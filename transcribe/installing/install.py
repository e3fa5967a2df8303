"""Installing a speech model: fetched, converted, mended, tried, and only then in its place.

All is done in a folder beside it, `.NAME.unfinished`, and one rename ends it. A kill at any moment leaves nothing
that looks like a model; the next call goes on with what was fetched.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from catalogue import EngineError, InputError, Settings, file_sha256
from ingest import Progress
from transcribe.installing.conversion import convert, converter_versions
from transcribe.installing.gathering import Gathered, from_folder, from_hub
from transcribe.installing.mending import check_tokenizer, check_vocabulary, mend_config, mend_preprocessor
from transcribe.installing.published import (
    PREPROCESSOR,
    TOKENIZER,
    Form,
    check_hugging_face,
    default_quantization,
)
from transcribe.installing.stock_whisper import Shape
from transcribe.installing.trial import try_model
from transcribe.installing.wanted import Wanted, checked, require_source
from transcribe.installing.weights import read_weights
from transcribe.machine import options_here
from transcribe.model_record import ModelRecord, read_record, write_record
from transcribe.models import BASE, WEIGHTS, find_model, folder_name
from transcribe.whisper import require_installed

Stage = Callable[[str], Progress]  # a part of the work begins; the answer is told how far it has come


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that is here. `new` is false where it was here before; then it may have no record."""

    name: str
    path: Path
    record: ModelRecord | None
    new: bool


def install_model(settings: Settings, wanted: Wanted, stage: Stage) -> Installed:
    """Install a model in the models folder, or say why not; half a model is never left there."""
    require_installed()
    wanted = checked(wanted)
    if wanted.name == BASE:  # put together from its packages; `find_model` says which where they are not here
        return Installed(BASE, find_model(settings.model_copy(update={"model": BASE})).path, None, new=False)
    models = settings.models_folder
    target = models / folder_name(wanted.name)
    if not target.exists():
        require_source(wanted)
    with _writing(models):
        models.mkdir(parents=True, exist_ok=True)
        with _alone(models, target.name):
            if target.exists():
                shutil.rmtree(_work(target), ignore_errors=True)  # a kill may have come just before its end
                return _already(target, wanted)
            return Installed(wanted.name, target, _install(target, wanted, settings, stage), new=True)


def _install(target: Path, wanted: Wanted, settings: Settings, stage: Stage) -> ModelRecord:
    work = _work(target)
    if wanted.folder:
        gathered = from_folder(wanted, work)
    else:
        gathered = from_hub(wanted, work, settings.http_timeout, stage("downloading"))
    try:
        made, record = _make(gathered, wanted, settings, work, stage)
    except InputError:  # the model will not do, and its gigabytes are of no use
        shutil.rmtree(work, ignore_errors=True)
        raise
    made.rename(target)
    shutil.rmtree(work)
    return record


def _work(target: Path) -> Path:
    return target.with_name(f".{target.name}.unfinished")


def _already(target: Path, wanted: Wanted) -> Installed:
    """What is here stays: transcripts name it. It is no error to ask for it again, unless for another."""
    remedy = f"Remove {target} first, to install it anew."
    if not (target / WEIGHTS).is_file():
        raise InputError("something that is no model is in its place", where=str(target), remedy=remedy)
    record = read_record(target)
    if record is None and (wanted.quantization or wanted.revision or wanted.folder):
        raise InputError("is already here; how it came is not known", where=wanted.name, remedy=remedy)
    if record:
        folder = str(wanted.folder or record.source)
        for said, fact, as_asked in (
            # Where int8 was asked for, int8_float16 may be what is stored: the small weights stay as they were.
            ("stored as", record.quantization, record.quantization.startswith(wanted.quantization)),
            ("of revision", record.revision or "unknown", record.revision.startswith(wanted.revision)),
            ("from", record.source, record.source == folder),
        ):
            if not as_asked:
                raise InputError(f"is already here, {said} {fact}", where=wanted.name, remedy=remedy)
    return Installed(wanted.name, target, record, new=False)


def _make(
    gathered: Gathered, wanted: Wanted, settings: Settings, work: Path, stage: Stage
) -> tuple[Path, ModelRecord]:
    """The finished folder, still in the unfinished one, and its record, which lies in it."""
    source, origin = gathered.folder, gathered.origin
    converted = gathered.form is Form.CTRANSLATE2
    shape = read_weights(source / WEIGHTS, origin).shape if converted else check_hugging_face(source, origin)
    check_tokenizer(source, shape, origin)
    check_vocabulary(source, shape, origin)
    notes = mend_preprocessor(source, shape, origin)
    made = work / "made"
    if made.exists():  # by a call that was interrupted
        shutil.rmtree(made)
    if converted:
        made.mkdir()
        _take(source, made, sorted(file.name for file in source.iterdir()), stage("copying"))
    else:
        quantization = wanted.quantization or default_quantization(source)
        stage(f"converting to {quantization}")
        convert(source, made, quantization, origin)
        _take(source, made, [TOKENIZER, PREPROCESSOR], stage("copying"))
    notes += mend_config(made, shape, origin)
    stage("trying it on a second of silence")
    stored = _tried(made, shape, origin, settings, folder_name(wanted.name))
    weights = made / WEIGHTS
    record = ModelRecord(
        source=origin,
        revision=gathered.revision,
        sha256=file_sha256(weights),
        quantization=stored,
        size=weights.stat().st_size,
        installed=datetime.now(UTC).isoformat(timespec="seconds"),
        source_sha256=gathered.sha256,
        tools={} if converted else converter_versions(),
        notes=tuple(notes),
    )
    write_record(made, record)
    return made, record


def _tried(made: Path, shape: Shape, origin: str, settings: Settings, name: str) -> str:
    """How the weights are stored, after all has been looked at and a second of silence decoded."""
    weights = read_weights(made / WEIGHTS, origin)
    if weights.shape != shape:
        raise EngineError(
            f"the conversion made {weights.shape} of {shape}",
            where=origin,
            remedy="The model's config.json does not fit its weights: fetch it again, or use another.",
        )
    options = options_here(settings.model_copy(update={"model": name}))
    try_model(made, options, shape.mel_bins, origin)
    return weights.quantization


def _take(source: Path, target: Path, names: list[str], progress: Progress) -> None:
    """The files, in a second place: of those that were fetched without a second copy."""
    sizes = [(source / name).stat().st_size for name in names]
    for n, name in enumerate(names):
        file = source / name
        if file.name.startswith(".") or not file.is_file():
            continue
        if file.is_symlink() or not _linked(file, target / name):
            shutil.copyfile(file, target / name)
        progress(sum(sizes[: n + 1]), sum(sizes))


def _linked(file: Path, other: Path) -> bool:
    try:
        os.link(file, other)
    except OSError:  # a file system that has no hard links
        return False
    return True


@contextmanager
def _alone(models: Path, name: str) -> Iterator[None]:
    try:
        with FileLock(models / f".{name}.lock", timeout=0):
            yield
    except Timeout as error:
        raise InputError(
            "is being installed by another process", where=name, remedy="Wait until that is done."
        ) from error


@contextmanager
def _writing(models: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise EngineError(
            "the disk is full" if full else f"cannot be read or written ({error.strerror or error})",
            where=str(error.filename or models),
            remedy=f"{'Make room' if full else 'See to that'}, then run the same command again: it goes on.",
        ) from error
