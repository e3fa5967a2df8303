"""The real Whisper base on real speech, several recordings at a time."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from catalogue import EngineError, Segment, Settings, TranscriptOrigin
from tests.transcribe.conftest import RATE, Samples, hear, write_flac
from transcribe import Failed, Finished, Job, LocalTranscriber, ModelFolder, silent
from transcribe.local import MOST_UNKEPT
from transcribe.options import DecodingOptions
from transcribe.whisper import Heard, WhisperDecoder

Joined = Callable[[float, int], Path]


def check_times(segments: tuple[Segment, ...]) -> None:
    clock = 0.0
    for segment in segments:
        assert clock <= segment.start <= segment.end
        inside = segment.start
        for word in segment.words:
            assert inside <= word.start <= word.end <= segment.end
            assert 0.0 <= word.probability <= 1.0
            inside = word.end
        clock = segment.end


def test_speech_becomes_sentences_with_times(
    transcriber: LocalTranscriber, joined: Joined, tmp_path: Path
) -> None:
    heard = hear(transcriber, joined(60, 1), tmp_path / "heard.jsonl")
    assert sum(len(s.words) for s in heard.segments) > 60
    assert 5 < len(heard.segments) < 40
    check_times(heard.segments)
    assert heard.quality.covered > 0.9
    assert heard.quality.duration >= 60
    assert 0 < heard.quality.speech < heard.quality.duration


def test_a_word_is_where_it_was_said(
    transcriber: LocalTranscriber, clips: dict[str, Samples], tmp_path: Path
) -> None:
    """After ten seconds of silence the first word does not begin in the silence."""
    silence = np.zeros(10 * RATE, dtype=np.int16)
    audio = write_flac(np.concatenate([silence, clips["u0042018"], silence]), tmp_path / "late.flac")
    segments = hear(transcriber, audio, tmp_path / "heard.jsonl").segments
    assert segments[0].start >= 10.0
    assert segments[-1].end <= 10.0 + len(clips["u0042018"]) / RATE


def test_what_a_recording_comes_to_does_not_depend_on_its_company(
    transcriber: LocalTranscriber, joined: Joined, tmp_path: Path
) -> None:
    files = [joined(30, seed) for seed in (1, 2, 3)]
    alone = [hear(transcriber, file, tmp_path / f"{file.name}.alone").segments for file in files]
    for file in files:
        transcriber.submit(Job(file.name, file, file.name, 0.0, tmp_path / f"{file.name}.together"), silent)
    together: dict[str, tuple[Segment, ...]] = {}
    while len(together) < len(files):
        for result in transcriber.collect(5.0):
            assert not isinstance(result, Failed), result
            together[result.job.id] = result.segments
    assert [together[file.name] for file in files] == alone


def test_progress_rises_to_the_end(transcriber: LocalTranscriber, joined: Joined, tmp_path: Path) -> None:
    file, reached = joined(30, 4), list[float]()
    job = Job("progress", file, "progress", 31.0, tmp_path / "heard.jsonl")
    transcriber.submit(job, lambda done, _: reached.append(done))
    while not transcriber.collect(5.0):
        pass
    assert reached == sorted(reached)
    assert reached[-1] == pytest.approx(31.0, abs=2)


def test_a_kill_never_costs_more_than_five_minutes_of_sound(
    transcriber: LocalTranscriber, joined: Joined, tmp_path: Path
) -> None:
    """What is being heard and not yet kept; the sound of recordings in work is looked at with every question."""
    unkept = list[float]()
    answer = transcriber._answer

    def watched(pending: Any, heard: Heard, seconds: float) -> None:
        unkept.extend(r.next_start - r.checkpoint.reached for r in transcriber._recordings)
        answer(pending, heard, seconds)

    transcriber._answer = watched  # type: ignore[method-assign]
    try:
        hear(transcriber, joined(400, 1), tmp_path / "heard.jsonl")
    finally:
        transcriber._answer = answer  # type: ignore[method-assign]
    assert 100 < max(unkept) <= MOST_UNKEPT == 300


def test_silence_and_nothing_at_all_give_no_words(transcriber: LocalTranscriber, tmp_path: Path) -> None:
    for name, length in (("silent", 20 * RATE), ("empty", 0)):
        audio = write_flac(np.zeros(length, dtype=np.int16), tmp_path / f"{name}.flac")
        heard = hear(transcriber, audio, tmp_path / f"{name}.jsonl")
        assert heard.segments == ()
        assert (heard.quality.speech, heard.quality.covered) == (0.0, 1.0)


def test_a_name_that_was_told_is_written_as_told(
    transcriber: LocalTranscriber, clips: dict[str, Samples], tmp_path: Path
) -> None:
    """A list of names never worsens the account, and never comes out as text by itself."""
    audio = write_flac(np.concatenate(list(clips.values())), tmp_path / "all.flac")
    names = ("Gågaden", "Konfirmander", "Frederikssund", "Lillebæltsværket")
    without = hear(transcriber, audio, tmp_path / "without.jsonl")
    told = hear(transcriber, audio, tmp_path / "with.jsonl", names)
    said = " ".join(s.text for s in told.segments)
    assert "Frederikssund" not in said
    assert "Lillebæltsværket" not in said
    assert len(told.quality.doubtful) <= len(without.quality.doubtful)


def test_one_bad_recording_does_not_stop_the_others(
    transcriber: LocalTranscriber, joined: Joined, tmp_path: Path
) -> None:
    missing, good = tmp_path / "missing.flac", joined(30, 1)
    transcriber.submit(Job("missing", missing, "m", 10.0, tmp_path / "m.jsonl"), silent)
    transcriber.submit(Job("good", good, "g", 30.0, tmp_path / "g.jsonl"), silent)
    results: dict[str, Finished | Failed] = {}
    while len(results) < 2:
        results |= {result.job.id: result for result in transcriber.collect(5.0)}
    assert isinstance(results["missing"], Failed)
    assert not isinstance(results["good"], Failed)


def test_a_preparing_process_that_dies_is_replaced(
    transcriber: LocalTranscriber, joined: Joined, tmp_path: Path
) -> None:
    whole = hear(transcriber, joined(60, 1), tmp_path / "undisturbed.jsonl").segments
    for process in transcriber.preparing_processes():
        os.kill(process, signal.SIGKILL)
    assert hear(transcriber, joined(60, 1), tmp_path / "disturbed.jsonl").segments == whole


def test_a_transcript_says_how_it_was_made(transcriber: LocalTranscriber) -> None:
    made = transcriber.provenance("f" * 64)
    assert made.origin is TranscriptOrigin.MODEL
    assert (made.source, made.audio_sha256) == ("base", "f" * 64)
    assert len(made.revision) == 64
    options = json.loads(made.options)
    assert options["language"] == "da"
    assert options["compute_type"] in ("int8", "float16")
    assert "workers" not in options  # decides only the speed
    assert set(json.loads(made.tools)) == {"faster-whisper", "ctranslate2"}


def test_a_folder_that_is_no_model_is_said_in_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper", reason="the extra [transcribe] is not installed")
    for file in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / file).write_bytes(b"{}")
    with pytest.raises(EngineError, match="cannot be loaded"):
        WhisperDecoder(
            ModelFolder("broken", tmp_path, ""), DecodingOptions(device="cpu", compute_type="int8")
        )


def test_settings_choose_the_options(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, beam_size=2)  # type: ignore[call-arg]
    assert DecodingOptions.from_settings(settings).beam_size == 2


def test_a_checkpoint_that_cannot_be_written_fails_its_recording_alone(
    transcriber: LocalTranscriber, joined: Joined, tmp_path: Path
) -> None:
    file, good = tmp_path / "file", joined(30, 1)
    file.write_bytes(b"")
    transcriber.submit(Job("bad", good, "b", 30.0, file / "heard.jsonl"), silent)
    transcriber.submit(Job("good", good, "g", 30.0, tmp_path / "g.jsonl"), silent)
    results: dict[str, Finished | Failed] = {}
    while len(results) < 2:
        results |= {result.job.id: result for result in transcriber.collect(5.0)}
    assert isinstance(results["bad"], Failed)
    assert "cannot be kept" in results["bad"].error.sentence
    assert isinstance(results["good"], Finished)
