"""Real speech, broadcast live with all that goes wrong, and searchable the same night."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from catalogue import Gap, GapReason, Settings, Transcript
from pipeline.archive import open_archive
from tests.pipeline.conftest import Talerstol, ffmpeg
from tests.pipeline.live.broadcast import FACTS, MEETING, Sender, Sent, on_air, segments_in
from tests.speech import RATE, Samples, write_flac

PLACE = 12  # seconds from one clip's begin to the next one's: the longest is 8 s
SEGMENT = 2  # seconds
RESTART = 3  # clips before the encoder begins anew


@dataclass(frozen=True)
class Broadcast:
    """The clips one after the other, by two runs of an encoder."""

    files: dict[str, bytes]
    runs: tuple[list[tuple[str, float]], list[tuple[str, float]]]
    whole: Path


@pytest.fixture(scope="module")
def speech(clips: dict[str, Samples], tmp_path_factory: pytest.TempPathFactory) -> Broadcast:
    folder, files, runs = tmp_path_factory.mktemp("speech"), dict[str, bytes](), []
    chosen = sorted(clips.values(), key=len)[-6:]
    placed = [np.concatenate([clip, np.zeros(PLACE * RATE - len(clip), np.int16)]) for clip in chosen]
    for name, part in (("a", placed[:RESTART]), ("b", placed[RESTART:])):
        (folder / name).mkdir()
        sound = write_flac(np.concatenate(part), folder / f"{name}.flac")
        ffmpeg("-i", str(sound), "-c:a", "aac", "-b:a", "128k", "-f", "hls", "-hls_time", str(SEGMENT),
               "-hls_list_size", "0", str(folder / name / "a.m3u8"))  # fmt: skip
        made, lengths = segments_in(folder / name, name)
        files |= made
        runs.append(lengths)
    return Broadcast(files, (runs[0], runs[1]), write_flac(np.concatenate(placed), folder / "whole.flac"))


def broadcast(speech: Broadcast) -> Sender:
    """In the third clip a segment is lost and one breaks off; ten seconds after it the encoder begins anew; in the last
    pause it stands still for twenty seconds, by its dates."""
    order, second = [], 0.0
    for run, lengths in enumerate(speech.runs):
        second += 10.0 * run
        for number, (name, seconds) in enumerate(lengths):
            stall = 20.0 if run and number == len(lengths) - 1 else 0.0
            order.append(Sent(number, name, second + stall, seconds, discontinuity=bool(run and not number)))
            second += seconds
    lost, broken = speech.runs[0][12][0], speech.runs[0][3][0]
    return Sender(
        {name: data for name, data in speech.files.items() if name != lost},
        order,
        faults={broken: ["half", "growing", "503"], "live.m3u8": ["200", "503", "503"]},
    )


@pytest.mark.live
def test_what_was_said_between_the_gaps_is_found_the_same_night(
    speech: Broadcast, talerstol: Talerstol, settings: Settings
) -> None:
    with on_air(broadcast(speech), 1.0) as sender:
        recorded = talerstol("record", sender.address, *FACTS, "--json")
    assert recorded.code == 0, recorded.err
    ran = talerstol("night", "--json")
    assert ran.code == 0, ran.err
    with open_archive(settings) as archive:
        (recording,) = archive.catalogue.meeting(MEETING).recordings
        heard = archive.catalogue.transcript(recording.transcript or "")
    assert [(round(g.lost or 0), g.reason) for g in recording.gaps] == [
        (SEGMENT, GapReason.CONNECTION),
        (10, GapReason.RESTARTED),
        (20, GapReason.PAUSED),
    ]
    undisturbed = json.loads(talerstol("transcribe", str(speech.whole), "--format", "json").out)
    words = [
        (word["word"].strip(" .,?!").lower(), on_the_recording(word["start"], recording.gaps))
        for segment in undisturbed["segments"]
        for word in segment["words"]
        if word["start"] // PLACE != 2  # the clip with the hole in it
    ]
    there = list(words_of(heard))
    right = [
        any(word == other and abs(at - when) < 1.0 for other, when in there) for word, at in words if word
    ]
    assert len(right) > 40 and sum(right) / len(right) > 0.8, (right, there)
    longest, at = max(((word, at) for word, at in words if word.isalpha()), key=lambda one: len(one[0]))
    hits = json.loads(talerstol("search", longest, "--json").out)["hits"]
    assert any(hit["start"] - 1 <= at <= hit["end"] + 1 for hit in hits), (longest, at, hits)


def on_the_recording(second: float, gaps: tuple[Gap, ...]) -> float:
    """A second of the whole broadcast without its pauses, on the clock of the recording: only the lost segment moves it."""
    lost = next(gap for gap in gaps if gap.reason is GapReason.CONNECTION)
    return second - (lost.lost or 0.0) if second >= lost.at else second


def words_of(transcript: Transcript) -> Iterator[tuple[str, float]]:
    for segment in transcript.segments:
        for word in segment.words:
            yield word.word.strip(" .,?!").lower(), word.start
