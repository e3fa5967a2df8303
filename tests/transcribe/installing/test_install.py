"""From a folder or a hub to a model that decodes; whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from filelock import FileLock

import transcribe.installing.install as install_module
from catalogue import EngineError, InputError, Settings, TalerstolError
from tests.transcribe.installing.conftest import Stages
from tests.transcribe.installing.hub_server import COMMIT, Hub
from tests.transcribe.installing.tiny_whisper import MEL_BINS, edit_json, tensors, write_shards
from transcribe import DecodingOptions, Wanted, find_model, install_model, installed_models, model_record
from transcribe.installing import conversion
from transcribe.whisper import SAMPLE_RATE, Way, WhisperDecoder, log_mel


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the second of silence, which takes a second."""
    monkeypatch.setattr(install_module, "try_model", lambda *_: None)


def nothing_is_left(settings: Settings) -> bool:
    return not [p for p in settings.models_folder.glob("*") if not p.name.startswith(".")]


def refused(settings: Settings, wanted: Wanted, stages: Stages) -> TalerstolError:
    with pytest.raises(TalerstolError) as raised:
        install_model(settings, wanted, stages)
    assert nothing_is_left(settings)
    assert set(installed_models(settings)) == {
        "edda-v0.2",
        "roest-v3-1.5b",
        "large-v3",
        "large-v3-turbo",
        "base",
    }
    return raised.value


def test_a_converted_model_from_a_folder_is_recorded_found_and_decodes(
    settings: Settings, ctranslate2_model: Path, stages: Stages
) -> None:
    done = install_model(settings, Wanted("min-model", ctranslate2_model), stages)
    weights = (ctranslate2_model / "model.bin").read_bytes()
    assert done.new and done.path == settings.models_folder / "min-model"
    assert done.record == model_record(settings, "min-model")
    assert done.record is not None
    assert done.record.sha256 == hashlib.sha256(weights).hexdigest()
    assert (done.record.source, done.record.revision) == (str(ctranslate2_model), "")
    assert (done.record.quantization, done.record.size) == ("float16", len(weights))
    assert installed_models(settings)["min-model"]
    assert sorted(p.name for p in settings.models_folder.iterdir()) == [".min-model.lock", "min-model"]

    found = find_model(settings.model_copy(update={"model": "min-model"}))
    decoder = WhisperDecoder(found, DecodingOptions(device="cpu", compute_type="int8"))
    assert decoder.mel_bins == MEL_BINS
    second = log_mel(np.zeros(SAMPLE_RATE, dtype=np.int16), 1.0, MEL_BINS)
    assert np.isfinite(decoder.decode([second], (), Way(beam_size=2))[0].log_probability)

    assert not install_model(settings, Wanted("min-model"), stages).new


@pytest.mark.usefixtures("untried")
def test_from_the_hub_it_is_of_one_commit_and_checked_and_is_not_fetched_twice(
    settings: Settings, ctranslate2_model: Path, serve: Callable[[Path], Hub], stages: Stages
) -> None:
    (ctranslate2_model / "pytorch_model.bin").write_bytes(b"pickle")
    (ctranslate2_model / "README.md").write_text("of no use here")
    hub = serve(ctranslate2_model)
    done = install_model(settings, Wanted("someone/tiny", revision="main"), stages)
    assert done.record is not None
    assert (done.record.source, done.record.revision) == ("someone/tiny", COMMIT)
    assert done.record.source_sha256 == {"model.bin": done.record.sha256}
    assert {
        path.rpartition("/")[2] for path, _, _ in hub.asked if "README" in path or "pytorch" in path
    } == set()
    assert find_model(settings.model_copy(update={"model": "someone/tiny"})).path == done.path

    count = len(hub.asked)
    assert not install_model(settings, Wanted("someone/tiny"), stages).new
    assert not install_model(settings, Wanted("someone/tiny", revision=COMMIT[:12]), stages).new
    assert len(hub.asked) == count
    for other in (Wanted("someone/tiny", revision="v2"), Wanted("someone/tiny", ctranslate2_model)):
        with pytest.raises(InputError, match=r"already here, (of revision|from)"):
            install_model(settings, other, stages)


@pytest.mark.usefixtures("untried")
def test_what_an_interrupted_call_fetched_is_used_and_what_it_made_is_not(
    settings: Settings, ctranslate2_model: Path, serve: Callable[[Path], Hub], stages: Stages
) -> None:
    hub = serve(ctranslate2_model)
    whole = (ctranslate2_model / "model.bin").read_bytes()
    work = settings.models_folder / ".someone--tiny.unfinished"
    (work / "source").mkdir(parents=True)
    (work / "origin.txt").write_text(f"someone/tiny {COMMIT}\n")
    (work / "source" / "model.bin.part").write_bytes(whole[:-1000])
    (work / "made").mkdir()
    (work / "made" / "model.bin").write_bytes(b"half")
    assert not [name for name in installed_models(settings) if "tiny" in name]
    assert install_model(settings, Wanted("someone/tiny"), stages).new
    assert hub.ranges_of("model.bin") == [f"bytes={len(whole) - 1000}-"]
    assert not work.exists()


@pytest.mark.usefixtures("untried")
def test_what_was_fetched_of_another_commit_is_not_used(
    settings: Settings, ctranslate2_model: Path, serve: Callable[[Path], Hub], stages: Stages
) -> None:
    hub = serve(ctranslate2_model)
    work = settings.models_folder / ".someone--tiny.unfinished"
    (work / "source").mkdir(parents=True)
    (work / "origin.txt").write_text("someone/tiny of long ago\n")
    (work / "source" / "tokenizer.json").write_text("{}")
    assert install_model(settings, Wanted("someone/tiny"), stages).new
    assert [path for path, _, _ in hub.asked if path.endswith("tokenizer.json")]


@pytest.mark.usefixtures("untried")
def test_what_is_missing_is_mended_and_noted(
    settings: Settings, ctranslate2_model: Path, stages: Stages
) -> None:
    (ctranslate2_model / "preprocessor_config.json").unlink()
    given = edit_json(ctranslate2_model / "config.json", alignment_heads=None, lang_ids=None)
    done = install_model(settings, Wanted("min-model", ctranslate2_model), stages)
    assert done.record is not None and len(done.record.notes) == 2
    assert json.loads((done.path / "preprocessor_config.json").read_text())["feature_size"] == MEL_BINS
    assert json.loads((done.path / "config.json").read_text())["alignment_heads"] == [[1, 0], [1, 1]]
    assert json.loads((ctranslate2_model / "config.json").read_text()) == given  # which is not ours to mend
    assert not (ctranslate2_model / "preprocessor_config.json").exists()


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def cut_weights(folder: Path) -> None:
    whole = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(whole[:-10_000])


def other_vocabulary(folder: Path) -> None:
    words = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    (folder / "vocabulary.json").write_text(json.dumps(words[:-5]), encoding="utf-8")


def other_tokenizer(folder: Path) -> None:
    """As if the tokens came from large-v3, which knows one language more."""
    tokens = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    for token in tokens["added_tokens"]:
        token["id"] += token["id"] > 50_357
    (folder / "tokenizer.json").write_text(json.dumps(tokens), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (without("tokenizer.json"), "tokenizer.json is missing"),
        (without("config.json"), "config.json is missing"),
        (without("model.bin"), "there are no weights"),
        (cut_weights, "no whole Whisper weights"),
        (lambda f: (f / "model.bin").write_bytes(b"\x80\x04pickle"), "no whole Whisper weights"),
        (lambda f: (f / "tokenizer.json").write_text("{"), "tokenizer.json: cannot be read as JSON"),
        (lambda f: (f / "config.json").write_text("[" * 100_000), "config.json: cannot be read as JSON"),
        (other_tokenizer, "<|transcribe|> is 50360, not 50359"),
        (lambda f: edit_json(f / "preprocessor_config.json", feature_size=80), "says 80 mel bins, the model has 128"),
        (other_vocabulary, "vocabulary.json: lists 51860 tokens, the weights have 51865"),
    ],
)  # fmt: skip
def test_a_model_that_would_not_do_is_refused_and_leaves_nothing(
    settings: Settings, ctranslate2_model: Path, stages: Stages, spoil: Callable[[Path], None], says: str
) -> None:
    spoil(ctranslate2_model)
    error = refused(settings, Wanted("min-model", ctranslate2_model), stages)
    assert says in error.sentence
    assert error.remedy and error.where
    assert not list(settings.models_folder.glob(".*.unfinished"))


@pytest.mark.parametrize(
    "name", ["../outside", "a/../../b", "/tmp/x", ".hidden", "a b", "", "edda", "-x", "x\ny"]
)
def test_a_name_that_is_none_is_refused(settings: Settings, stages: Stages, name: str) -> None:
    error = refused(settings, Wanted(name), stages)
    assert isinstance(error, InputError) and "edda-v0.2" in error.remedy


def test_usage_that_makes_no_sense_is_refused(
    settings: Settings, ctranslate2_model: Path, stages: Stages
) -> None:
    folder = ctranslate2_model
    for wanted, says in (
        (Wanted("x", folder / "nowhere"), "no such folder"),
        (Wanted("x", folder / "config.json"), "no such folder"),
        (Wanted("x", folder, revision="main"), "--revision"),
        (Wanted("x", folder, quantization="int4"), "int8"),
        (Wanted("x", folder, quantization="int8"), "converted already"),
        (Wanted("base", folder), "extra [demo]"),
    ):
        error = refused(settings, wanted, stages)
        assert isinstance(error, InputError) and says in error.sentence and error.remedy


def test_a_part_of_the_weights_that_is_missing_is_named(
    settings: Settings, hugging_face_model: Path, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "PACKAGES", ("ctranslate2",))
    (hugging_face_model / "model.safetensors").unlink()
    write_shards(tensors(), hugging_face_model, 3)
    (hugging_face_model / "model-00002-of-00003.safetensors").unlink()
    error = refused(settings, Wanted("min-model", hugging_face_model), stages)
    assert "1 of 3 parts of the weights are missing: model-00002-of-00003.safetensors" in error.what
    (hugging_face_model.parent / "elsewhere.safetensors").write_bytes(b"")
    edit_json(
        hugging_face_model / "model.safetensors.index.json", weight_map={"a": "../elsewhere.safetensors"}
    )
    error = refused(settings, Wanted("min-model", hugging_face_model), stages)
    assert "1 of 1 parts of the weights are missing: ../elsewhere.safetensors" in error.what


@pytest.mark.parametrize("pickled", ["pytorch_model.bin", "model.pt"])
def test_pickled_weights_are_never_opened(
    settings: Settings, hugging_face_model: Path, stages: Stages, pickled: str
) -> None:
    (hugging_face_model / "model.safetensors").rename(hugging_face_model / pickled)
    assert "pickled" in refused(settings, Wanted("min-model", hugging_face_model), stages).sentence


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"model_type": "wav2vec2"}, "no Whisper model but 'wav2vec2'"),
        ({"auto_map": {"AutoModel": "evil.Model"}}, "asks to run code"),
        ({"num_mel_bins": "128"}, "does not say num_mel_bins"),
    ],
)
def test_what_is_no_plain_whisper_is_refused(
    settings: Settings,
    hugging_face_model: Path,
    stages: Stages,
    changes: dict[str, object],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversion, "PACKAGES", ("ctranslate2",))  # it comes to light before any converting
    edit_json(hugging_face_model / "config.json", **changes)
    assert says in refused(settings, Wanted("min-model", hugging_face_model), stages).sentence


def test_without_the_converter_it_says_so_before_anything_is_fetched(
    settings: Settings,
    hugging_face_model: Path,
    serve: Callable[[Path], Hub],
    stages: Stages,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversion, "PACKAGES", ("ctranslate2", "no_such_package"))
    hub = serve(hugging_face_model)
    for wanted in (Wanted("someone/tiny"), Wanted("min-model", hugging_face_model)):
        error = refused(settings, wanted, stages)
        assert "no_such_package" in error.what and "talerstolen[convert]" in error.remedy
    assert len(hub.asked) == 1


def test_a_full_disk_is_said_before_and_while_writing(
    settings: Settings, ctranslate2_model: Path, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = Wanted("min-model", ctranslate2_model)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
        error = refused(settings, wanted, stages)
    assert isinstance(error, EngineError) and "0.0 GB are free" in error.what

    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")

    monkeypatch.setattr(shutil, "copyfile", full)
    error = refused(settings, wanted, stages)
    assert error.what == "the disk is full" and "goes on" in error.remedy


def test_two_at_once_and_something_in_the_way(
    settings: Settings, ctranslate2_model: Path, stages: Stages
) -> None:
    wanted = Wanted("min-model", ctranslate2_model)
    settings.models_folder.mkdir(parents=True)
    with FileLock(settings.models_folder / ".min-model.lock"):
        assert "another process" in refused(settings, wanted, stages).what
    (settings.models_folder / "min-model").mkdir()
    with pytest.raises(InputError, match="no model is in its place"):
        install_model(settings, wanted, stages)


def test_a_model_put_there_by_hand_stays(settings: Settings, ctranslate2_model: Path, stages: Stages) -> None:
    place = settings.models_folder / "large-v3"
    place.parent.mkdir(parents=True)
    ctranslate2_model.rename(place)
    done = install_model(settings, Wanted("Systran/faster-whisper-large-v3"), stages)
    assert (done.name, done.path, done.record, done.new) == ("large-v3", place, None, False)
    with pytest.raises(InputError, match="how it came is not known"):
        install_model(settings, Wanted("large-v3", quantization="int8"), stages)


@pytest.mark.parametrize("record", ["", "[]", "{", '{"source": 1}', "[" * 100_000])
def test_a_record_that_is_none_does_not_hide_the_model(
    settings: Settings, ctranslate2_model: Path, record: str
) -> None:
    place = settings.models_folder / "min-model"
    place.parent.mkdir(parents=True)
    ctranslate2_model.rename(place)
    (place / "talerstol-model.json").write_text(record)
    assert installed_models(settings)["min-model"]
    assert model_record(settings, "min-model") is None
    assert find_model(settings.model_copy(update={"model": "min-model"})).path == place


@pytest.mark.usefixtures("untried")
def test_weights_that_changed_since_are_refused(
    settings: Settings, ctranslate2_model: Path, stages: Stages
) -> None:
    done = install_model(settings, Wanted("min-model", ctranslate2_model), stages)
    with (done.path / "model.bin").open("r+b") as file:
        file.seek(100_000)
        file.write(b"other")
    with pytest.raises(InputError, match="sha256"):
        find_model(settings.model_copy(update={"model": "min-model"}))
