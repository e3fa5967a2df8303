"""Stretches go over every second of a recording once, wherever it is taken up."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcribe.conftest import RATE, Samples, write_flac
from transcribe.stretches import (
    ENDING,
    PADDING,
    STEP,
    STRETCH,
    Prepared,
    Stretch,
    _before_a_pause,
    part,
    prepare,
    seen_whole,
)
from transcribe.whisper import FRAMES_A_SECOND, LONGEST_WINDOW, VAD_STEP
from transcribe.windows import LONGEST, MARGIN_AFTER, MARGIN_BEFORE, Speech, halves

MEL = 80
PROMISED = 300.0  # s; a checkpoint at least this often


@pytest.fixture(scope="module", autouse=True)
def _engine() -> None:
    pytest.importorskip("faster_whisper", reason="the extra [transcribe] is not installed")


def stretches(audio: Path, start: float = 0.0) -> list[Stretch]:
    found: list[Stretch] = []
    while not (found and found[-1].last):
        found.append(prepare(audio, found[-1].end if found else start, MEL))
        assert len(found) < 20, "this goes on for ever"
        assert found[-1].last or found[-1].end > found[-1].start
    return found


def check(found: list[Stretch], seconds: float) -> None:
    """All that holds of the stretches of any recording."""
    assert found[0].start == 0.0
    assert all(a.end == b.start for a, b in pairwise(found))
    assert found[-1].end == pytest.approx(seconds, abs=1 / RATE)
    assert [s.last for s in found] == [False] * (len(found) - 1) + [True]
    for stretch in found:
        assert stretch.end - stretch.start <= min(STRETCH, PROMISED)
        assert [p for w in stretch.windows for p in w.window.speech] == list(stretch.speech)
        for prepared in stretch.windows:
            check_prepared(prepared, stretch)
    speech = [piece for stretch in found for piece in stretch.speech]
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(speech))


def check_prepared(prepared: Prepared, stretch: Stretch) -> None:
    window = prepared.window
    assert stretch.start <= window.start < window.end <= stretch.end + 1e-6
    length = window.end - window.start
    assert length <= LONGEST + MARGIN_BEFORE + MARGIN_AFTER + 1e-6
    assert len(prepared.samples) == pytest.approx(length * RATE, abs=2)
    bins, frames = prepared.features.shape
    assert bins == MEL
    assert prepared.features.dtype == np.float32
    assert np.isfinite(prepared.features).all()
    assert frames % (STEP * FRAMES_A_SECOND) == 0
    shown = frames / FRAMES_A_SECOND
    assert length + PADDING <= shown + 1e-3 < length + PADDING + STEP + 2e-3 <= LONGEST_WINDOW + STEP
    assert 0.0 <= prepared.certainty <= 1.0


def same(a: Stretch, b: Stretch) -> bool:
    """Everything but how long the work took."""
    return (a.start, a.end, a.last, a.speech) == (b.start, b.end, b.last, b.speech) and all(
        p.window == q.window
        and p.certainty == q.certainty
        and np.array_equal(p.samples, q.samples)
        and np.array_equal(p.features, q.features)
        for p, q in zip(a.windows, b.windows, strict=True)
    )


@pytest.fixture(scope="module")
def meeting(clips: dict[str, Samples]) -> Samples:
    """Eight and a half minutes of speech with pauses."""
    pause = np.zeros(RATE, dtype=np.int16)
    once = np.concatenate([part for clip in clips.values() for part in (clip, pause)])
    return np.tile(once, 11)[: 510 * RATE]


@pytest.fixture(scope="module")
def unbroken(clips: dict[str, Samples]) -> Samples:
    """Ten minutes of four voices over one another: nobody ever pauses."""
    voices = np.concatenate(list(clips.values())).astype(np.float64)
    mixed = sum(np.roll(voices, n * len(voices) // 4) for n in range(4)) / 3
    return np.resize(np.clip(mixed, -32768, 32767).astype(np.int16), 600 * RATE)


def test_a_meeting_is_gone_over_once_and_the_same_wherever_it_is_taken_up(
    meeting: Samples, tmp_path: Path
) -> None:
    audio = write_flac(meeting, tmp_path / "meeting.flac")
    found = stretches(audio)
    check(found, 510.0)
    assert len(found) >= 510 / STRETCH
    spoken = sum(s.seconds for stretch in found for s in stretch.speech)
    assert 200 < spoken < 510
    for n in (1, 2):
        again = stretches(audio, found[n].start)
        assert all(same(a, b) for a, b in zip(again, found[n:], strict=True))


def test_no_stretch_ends_in_somebodys_speech(meeting: Samples, tmp_path: Path) -> None:
    found = stretches(write_flac(meeting, tmp_path / "meeting.flac"))
    for before, after in pairwise(found):
        assert before.end - before.speech[-1].end >= ENDING / 2 - VAD_STEP
        assert after.speech[0].start - after.start >= ENDING / 2 - VAD_STEP


def test_ten_minutes_without_a_pause_are_gone_over_once(unbroken: Samples, tmp_path: Path) -> None:
    found = stretches(write_flac(unbroken, tmp_path / "unbroken.flac"))
    check(found, 600.0)
    assert sum(s.seconds for stretch in found for s in stretch.speech) > 500
    assert all(stretch.end - stretch.start > STRETCH / 2 for stretch in found[:-1])


@pytest.mark.parametrize("samples", [0, 16, 160, 512, 513, RATE])  # FLAC has no block of fewer than 16
def test_a_recording_of_next_to_nothing_is_one_last_stretch(samples: int, tmp_path: Path) -> None:
    chance = np.random.default_rng(samples)
    sound = chance.integers(-200, 200, samples).astype(np.int16)
    found = stretches(write_flac(sound, tmp_path / "short.flac"))
    assert len(found) == 1
    check(found, samples / RATE)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_recording_just_as_long_as_a_stretch_comes_to_its_end(more: int, tmp_path: Path) -> None:
    sound = np.zeros(round(STRETCH * RATE) + more, dtype=np.int16)
    found = stretches(write_flac(sound, tmp_path / "silent.flac"))
    check(found, len(sound) / RATE)
    assert all(stretch.windows == () for stretch in found)


def test_speech_at_the_very_end_of_a_recording_is_found(clips: dict[str, Samples], tmp_path: Path) -> None:
    clip = clips["u0042018"]
    sound = np.zeros(round(STRETCH * RATE), dtype=np.int16)
    sound[-len(clip) :] = clip
    found = stretches(write_flac(sound, tmp_path / "late.flac"))
    check(found, STRETCH)
    assert sum(s.seconds for stretch in found for s in stretch.speech) > 0.7  # a word


def test_speech_that_goes_on_after_a_long_silence_is_left_to_the_next_stretch() -> None:
    """A meeting that begins just before the first stretch ends."""
    speech, end = _before_a_pause([Speech(115.2, STRETCH)], STRETCH)
    assert not any(piece.start < end < piece.end for piece in speech)
    assert end <= 115.2


def test_a_stretch_that_ends_in_an_early_pause_leaves_the_next_its_margin() -> None:
    _, end = _before_a_pause([Speech(0.0, 5.12), Speech(115.2, STRETCH)], STRETCH)
    assert end <= 115.2 - MARGIN_BEFORE


@st.composite
def spoken(draw: st.DrawFn) -> list[Speech]:
    """Pieces on the detector's steps, none longer than a window."""
    step, pieces = draw(st.integers(0, int(0.9 * STRETCH / VAD_STEP))), list[Speech]()
    longest = int(LONGEST / VAD_STEP)
    while step < STRETCH / VAD_STEP - 6 and len(pieces) < 60:
        length = draw(st.integers(6, longest))
        pieces.append(Speech(step * VAD_STEP, min((step + length) * VAD_STEP, STRETCH)))
        step += length + draw(st.sampled_from([0, 5, 8, 9, 10, 12, 40, 400]))
    return pieces


@given(spoken())
def test_a_stretch_ends_behind_its_speech_and_before_what_it_leaves(speech: list[Speech]) -> None:
    kept, end = _before_a_pause(speech, STRETCH)
    assert 0 < end <= STRETCH
    assert kept == speech[: len(kept)]
    step = VAD_STEP + 1e-6  # it ends on the detector's steps
    assert all(piece.end <= end + step for piece in kept)
    assert all(piece.start >= end - 1e-6 for piece in speech[len(kept) :])
    assert end / VAD_STEP == pytest.approx(round(end / VAD_STEP))


def test_a_moment_on_the_detectors_steps_is_its_own_step() -> None:
    for n in range(1, 7500):
        speech = [Speech(0.0, n * VAD_STEP), Speech(n * VAD_STEP, n * VAD_STEP + 5)]
        _, end = _before_a_pause(speech, n * VAD_STEP + 5)
        assert end == pytest.approx(n * VAD_STEP), n


def test_a_window_can_be_seen_filled_up_and_in_parts(meeting: Samples, tmp_path: Path) -> None:
    audio = write_flac(meeting[: 40 * RATE], tmp_path / "short.flac")
    (stretch,) = stretches(audio)
    for prepared in stretch.windows:
        whole = seen_whole(prepared, MEL)
        assert whole.features.shape == (MEL, LONGEST_WINDOW * FRAMES_A_SECOND)
        cut = halves(prepared.window)
        for half in cut or ():
            piece = part(prepared, half, MEL)
            check_prepared(piece, stretch)
            first = round((half.start - prepared.window.start) * RATE)
            assert np.array_equal(piece.samples, prepared.samples[first : first + len(piece.samples)])
