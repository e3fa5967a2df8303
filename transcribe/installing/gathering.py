"""The files of a model, as they were published, from the hub or from a folder: only those that are needed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from catalogue import EngineError, InputError, file_sha256
from ingest import Progress
from transcribe.installing.conversion import require_converter
from transcribe.installing.hub import HubFile, HubModel, download, look_up
from transcribe.installing.published import Form, needed_files
from transcribe.installing.wanted import Wanted

SOURCE, ORIGIN = "source", "origin.txt"  # in the unfinished folder: the files, and what they are of
WEIGHTS = (".bin", ".safetensors")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The needed files of a model, alone in a folder."""

    folder: Path
    form: Form
    origin: str  # hub id, or the folder it was taken from
    revision: str  # the hub's commit; empty for a folder
    sha256: dict[str, str]  # of its weights


def from_hub(wanted: Wanted, work: Path, timeout: float, progress: Progress) -> Gathered:
    """Fetch what is needed of one commit; what an earlier call fetched of the same commit is not fetched again."""
    model = look_up(wanted.hub_id, wanted.revision, timeout)
    form, names = needed_files([file.name for file in model.files], model.id)
    _check_form(form, wanted, model.id)
    folder = _folder_for(f"{model.id} {model.revision}\n", work)
    files = {file.name: file for file in model.files}
    needed = [files[name] for name in names]
    _fetch(model, needed, folder, form, progress)
    hashes = {
        file.name: file.sha256 or file_sha256(folder / file.name)
        for file in needed
        if file.name.endswith(WEIGHTS)
    }
    return Gathered(folder, form, model.id, model.revision, hashes)


def from_folder(wanted: Wanted, work: Path) -> Gathered:
    """Links to what is needed of a folder on this machine."""
    assert wanted.folder is not None
    given = wanted.folder
    names = [file.name for file in given.iterdir() if file.is_file()]
    form, needed = needed_files(names, str(given))
    _check_form(form, wanted, str(given))
    _require_room(work.parent, sum((given / name).stat().st_size for name in needed))
    folder = _folder_for("", work)
    for name in needed:
        (folder / name).symlink_to(given / name)
    hashes = {name: file_sha256(folder / name) for name in needed if name.endswith(WEIGHTS)}
    return Gathered(folder, form, str(given), "", hashes)


def _check_form(form: Form, wanted: Wanted, origin: str) -> None:
    """What would come to light after a long wait otherwise."""
    if form is Form.HUGGING_FACE:
        require_converter()
    elif wanted.quantization:
        raise InputError(
            "is converted already, and stays as it is stored",
            where=origin,
            remedy="Leave out --quantization: CTranslate2 converts weights when it loads them "
            "(TALERSTOL_COMPUTE_TYPE).",
        )


def _folder_for(origin: str, work: Path) -> Path:
    """The folder for the files, with those of the same origin that an earlier call left; empty for any other."""
    marker = work / ORIGIN
    if not origin or not marker.is_file() or marker.read_text(encoding="utf-8") != origin:
        if work.exists():
            shutil.rmtree(work)
        work.mkdir(parents=True)
        marker.write_text(origin, encoding="utf-8")
    folder = work / SOURCE
    folder.mkdir(exist_ok=True)
    return folder


def _fetch(model: HubModel, files: list[HubFile], folder: Path, form: Form, progress: Progress) -> None:
    whole = sum(file.size for file in files)
    here = {file.name: file.size for file in files if (folder / file.name).is_file()}
    conversion = whole if form is Form.HUGGING_FACE else 0
    _require_room(folder, whole - sum(here.values()) + conversion)
    before = 0
    for file in files:
        if file.name not in here:
            download(model, file, folder / file.name, lambda done, _, b=before: progress(b + done, whole))  # type: ignore[misc]
        before += file.size
    progress(whole, whole)


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise EngineError(
            f"{needed / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free",
            where=str(folder),
            remedy="Make room on the disk, or set TALERSTOL_HOME to a place that has it.",
        )
