"""A model that does not decode is found out, even if it takes its process with it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from catalogue import EngineError
from tests.transcribe.installing.tiny_whisper import MEL_BINS
from transcribe import DecodingOptions
from transcribe.installing.apart import run_apart
from transcribe.installing.trial import try_model

HERE = DecodingOptions(device="cpu", compute_type="int8")


def test_weights_that_do_not_load_are_said_with_the_settings_that_were_tried(ctranslate2_model: Path) -> None:
    weights = ctranslate2_model / "model.bin"
    weights.write_bytes(weights.read_bytes()[:-100_000])
    with pytest.raises(
        EngineError, match=r"(?s)here: the model does not decode.*loaded.*int8.*TALERSTOL_DEVICE"
    ):
        try_model(ctranslate2_model, HERE, MEL_BINS, "here")


def test_a_crash_is_a_failed_piece_of_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crashing.py").write_text("import os, sys\nos.kill(os.getpid(), int(sys.argv[1]))\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run_apart("crashing", "11").complaint == "it crashed with SIGSEGV"
    assert run_apart("crashing", "9").complaint == "it was killed, probably for want of memory"
    (tmp_path / "json.py").write_text(
        "raise SystemExit('the folder that a person is in is not imported from')"
    )
    monkeypatch.setattr("sys.path", [path for path in sys.path if path != str(tmp_path)])
    assert (
        run_apart("json.tool", os.devnull).complaint != "the folder that a person is in is not imported from"
    )
