"""What was measured on this machine is used for what it was measured with, and nothing else."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import InputError, Settings
from transcribe.machine import FILE, Tuning, cores, guess, options_here, read_tuning, write_tuning
from transcribe.options import DecodingOptions

MEASURED = Tuning("base", "cpu", "int8", batch_size=5, workers=3, threads=7, preparers=2)


def here(home: Path, **more: object) -> DecodingOptions:
    return options_here(Settings(home=home, model="base", device="cpu", compute_type="int8", **more))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _engine() -> None:
    pytest.importorskip("faster_whisper", reason="the extra [transcribe] is not installed")


def test_a_measurement_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_tuning(tmp_path) is None
    assert write_tuning(tmp_path, MEASURED) == tmp_path / FILE
    assert read_tuning(tmp_path) == MEASURED
    write_tuning(tmp_path, replace(MEASURED, batch_size=9))
    assert read_tuning(tmp_path) == replace(MEASURED, batch_size=9)
    assert [file.name for file in tmp_path.iterdir()] == [FILE]  # nothing unfinished is left behind


def test_a_measurement_decides_how_work_is_spread(tmp_path: Path) -> None:
    write_tuning(tmp_path, MEASURED)
    found = here(tmp_path)
    assert (found.batch_size, found.workers, found.threads, found.preparers) == (5, 3, 7, 2)


@pytest.mark.parametrize("other", [{"model": "large-v3"}, {"device": "cuda"}, {"compute_type": "float32"}])
def test_a_measurement_is_not_used_for_another_model_device_or_kind_of_number(
    tmp_path: Path, other: dict[str, str]
) -> None:
    write_tuning(tmp_path, replace(MEASURED, **other))  # type: ignore[arg-type]
    guessed = here(tmp_path / "nothing-measured")
    assert here(tmp_path) == guessed
    assert guessed.batch_size != MEASURED.batch_size


def test_what_is_measured_does_not_decide_the_text(tmp_path: Path) -> None:
    before = here(tmp_path).as_json()
    write_tuning(tmp_path, MEASURED)
    assert here(tmp_path).as_json() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"[1, 2]",
        b"null",
        b"3",
        b"\xff\xfe\x00",
        b'{"model": "base"}',
        json.dumps(asdict(MEASURED) | {"more": 1}).encode(),
    ],
)
def test_a_broken_measurement_is_said_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(InputError) as raised:
        here(tmp_path)
    assert str(tmp_path / FILE) in raised.value.where
    assert "--measure" in raised.value.remedy
    assert "delete" in raised.value.remedy


@pytest.mark.parametrize("figure", [0, -1, "many", None, 2.5])
def test_a_measurement_with_impossible_figures_is_broken(tmp_path: Path, figure: object) -> None:
    (tmp_path / FILE).write_text(json.dumps(asdict(MEASURED) | {"batch_size": figure, "workers": figure}))
    with pytest.raises(InputError):
        here(tmp_path)


@given(st.integers(1, 512), st.sampled_from(["cpu", "cuda"]))
def test_a_guess_fits_any_number_of_cores(count: int, device: str) -> None:
    tuning = guess("base", DecodingOptions(device=device, compute_type="int8"), count)
    assert min(tuning.batch_size, tuning.workers, tuning.preparers) >= 1
    if device == "cpu":
        assert 1 <= tuning.workers * tuning.threads <= count
    else:
        assert tuning.preparers <= max(1, count - 2)


def test_the_cores_that_were_set_are_the_cores_used(tmp_path: Path) -> None:
    assert cores(Settings(home=tmp_path, cpu_threads=3)) == 3  # type: ignore[call-arg]
    assert cores(Settings(home=tmp_path)) >= 1  # type: ignore[call-arg]
    found = here(tmp_path, cpu_threads=2)
    assert found.workers * found.threads == 2
