"""`talerstol models install` as a person meets it, killed in the middle too."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from tests.pipeline.conftest import Talerstol
from tests.transcribe.installing.conftest import _made, base_files, ctranslate2_model
from tests.transcribe.installing.hub_server import COMMIT, Hub, hub_of, serving

__all__ = ["_made", "base_files", "ctranslate2_model"]

IN_SMALL_PIECES = """
from huggingface_hub import constants
constants.DOWNLOAD_CHUNK_SIZE = 50_000
from pipeline.__main__ import main
main()
"""


class OfHub(Talerstol):
    """The command line, asking this hub; what has come is written more often than the usual 10 MB."""

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", IN_SMALL_PIECES, *words]


def wait_for(hub: Hub, part: Path, size: int) -> None:
    for _ in range(600):
        if part.exists() and part.stat().st_size >= size:
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing came: {hub.asked}")


def test_killed_in_the_middle_it_goes_on_when_run_again(tmp_path: Path, ctranslate2_model: Path) -> None:
    hub = hub_of(ctranslate2_model)
    hub.stalls, hub.cuts["model.bin"] = True, [1_000_000]
    with serving(hub) as address:
        talerstol = OfHub(tmp_path / "home", HF_ENDPOINT=address, HF_HOME=str(tmp_path / "hf"))
        process = talerstol.start("models", "install", "someone/tiny")
        models = talerstol.home / "models"
        wait_for(hub, models / ".someone--tiny.unfinished" / "source" / "model.bin.part", 1_000_000)
        process.kill()
        process.communicate()
        assert not list(models.glob("[!.]*"))

        again = talerstol("models", "install", "someone/tiny", "--json")
    assert again.code == 0, again.err
    assert "someone/tiny: downloading" in again.err
    assert hub.ranges_of("model.bin") == ["", "bytes=1000000-"]
    done = json.loads(again.out)
    assert (done["new"], done["installed"]["revision"]) == (True, COMMIT)
    assert not list(models.glob(".*.unfinished"))

    listed = {row["name"]: row for row in json.loads(talerstol("models", "--json").out)["models"]}
    assert listed["someone--tiny"]["here"]
    assert listed["someone--tiny"]["installed"] == done["installed"]


def test_what_cannot_be_installed_is_said_in_two_lines(talerstol: Talerstol, tmp_path: Path) -> None:
    said = talerstol("models", "install", "edda-v0.2", "--from", str(tmp_path))
    assert (said.code, said.out) == (2, "")
    where, remedy = said.err.strip().splitlines()
    assert (
        where
        == f"{tmp_path}: there are no weights (model.safetensors, or CTranslate2's model.bin with vocabulary.json)"
    )
    assert remedy
