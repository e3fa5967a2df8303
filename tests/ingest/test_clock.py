"""One clock: what is heard, what is played and what is silenced agree, however crooked the recording's own is."""

from __future__ import annotations

import array
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest.process
from catalogue import Interval
from ingest import decode_audio, extract_audio, make_playable, probe
from tests.ingest.conftest import H264, ffmpeg, nothing

RATE = 16_000
LENGTH = 24
BURSTS = (3, 14, 20)  # seconds at which a second of tone begins
TONES = "+".join(f"between(t,{at},{at + 1})" for at in BURSTS)
OFF = 0.2  # seconds that an encoder may add at the beginning and at each change
SAME = 0.06  # seconds within which what is heard, played and silenced agree
HOLE = "aselect='not(between(t,5,12))'"


def tones(rate: int = 44_100, length: int = LENGTH) -> list[str]:
    return ["-f", "lavfi", "-i", f"aevalsrc='0.5*sin(2764*t)*({TONES})':s={rate}:d={length}"]


PICTURE = ["-f", "lavfi", "-i", f"testsrc=size=160x90:rate=5:duration={LENGTH}"]
LATE = [*PICTURE, "-itsoffset", "3", *tones(length=LENGTH - 3), *H264, "-c:a", "aac"]
HOLED = ["-af", HOLE]


@pytest.fixture(params=["the machine's", "the package's"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Both versions of ffmpeg."""
    ingest.process.program.cache_clear()
    if request.param == "the package's":
        monkeypatch.setenv("PATH", os.fspath(tmp_path))
    yield
    ingest.process.program.cache_clear()


def heard_at(path: Path) -> list[float]:
    """The seconds at which a tone begins, of what a player would play."""
    sound = array.array("h", b"".join(decode_audio(path)))
    step = RATE // 100
    loud = [max(map(abs, sound[n : n + step])) > 5000 for n in range(0, len(sound), step)]
    return [n / 100 for n, now in enumerate(loud) if now and not any(loud[max(0, n - 20) : n])]


def agree(source: Path, folder: Path, at: list[float], off: float = OFF) -> Path:
    """Hear, play and silence a recording with tones at these seconds. Returns the playable file."""
    seconds = extract_audio(source, folder / "a.flac", nothing, 24)
    heard = heard_at(folder / "a.flac")
    assert heard == pytest.approx(at, abs=off)
    played = make_playable(source, folder / "play", [], nothing, seconds)
    assert heard_at(played) == pytest.approx(heard, abs=SAME)
    silent = make_playable(source, folder / "silent", [Interval(heard[-1], heard[-1] + 1)], nothing, seconds)
    assert heard_at(silent) == pytest.approx(heard[:-1], abs=SAME)
    return played


@pytest.mark.parametrize("kind", ["mp4", "mkv", "ts", "flv"])
def test_sound_that_begins_after_the_picture(either: None, tmp_path: Path, kind: str) -> None:
    source = tmp_path / f"late.{kind}"
    ffmpeg(*LATE, str(source))
    agree(source, tmp_path, [6, 17, 23])


@pytest.mark.parametrize("kind", ["mp4", "ts"])
def test_a_picture_that_begins_after_the_sound(tmp_path: Path, kind: str) -> None:
    source = tmp_path / f"late.{kind}"
    late = ["-itsoffset", "3", "-f", "lavfi", "-i", f"testsrc=size=160x90:rate=5:duration={LENGTH - 3}"]
    ffmpeg(*tones(), *late, "-map", "0:a", "-map", "1:v", *H264, "-c:a", "aac", str(source))
    agree(source, tmp_path, list(BURSTS))


def test_a_clock_that_runs_over(tmp_path: Path) -> None:
    """The times of MPEG-TS have 33 bits."""
    source = tmp_path / "over.ts"
    offset = ["-output_ts_offset", str(2**33 / 90_000 - 10)]
    ffmpeg(*tones(), *PICTURE, *H264, "-c:a", "aac", *offset, str(source))
    agree(source, tmp_path, list(BURSTS))


def test_a_clock_that_begins_anew(tmp_path: Path) -> None:
    """The encoder was restarted during the meeting."""
    part, source = tmp_path / "part.ts", tmp_path / "anew.ts"
    ffmpeg(*tones(), *PICTURE, *H264, "-c:a", "aac", str(part))
    source.write_bytes(2 * part.read_bytes())
    agree(source, tmp_path, [at + again * LENGTH for again in (0, 1) for at in BURSTS], off=0.5)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("hole.mp4", ["-c:a", "aac"]),
        ("hole.mkv", ["-c:a", "aac"]),
        ("hole.ts", ["-c:a", "aac"]),
        ("mp3.mka", ["-c:a", "libmp3lame"]),
        ("aac.mka", ["-c:a", "aac"]),
        ("opus.mka", ["-c:a", "libopus"]),
        ("mp3.ts", ["-c:a", "libmp3lame"]),
    ],
)
def test_a_hole_in_the_sound(tmp_path: Path, name: str, options: list[str]) -> None:
    source, picture = tmp_path / name, [*PICTURE, *H264] if name.startswith("hole") else []
    ffmpeg(*tones(), *picture, *HOLED, *options, str(source))
    agree(source, tmp_path, list(BURSTS))


def test_a_hole_that_is_longer_than_ffmpeg_believes(tmp_path: Path) -> None:
    """The picture goes on, so it is no other recording's clock."""
    source = tmp_path / "hole.ts"
    ffmpeg(*tones(), *PICTURE, "-af", "aselect='not(between(t,5,18))'", *H264, "-c:a", "aac", str(source))
    agree(source, tmp_path, [3, 20])


@pytest.mark.parametrize(
    ("kind", "off"),
    [("mp3", OFF), ("aac", 2.0), ("ts", OFF), ("picture.ts", OFF)],
)
def test_sound_that_changes_midway(either: None, tmp_path: Path, kind: str, off: float) -> None:
    """From stereo at 44.1 kHz to mono at 48 kHz. A bare .aac has no times, and ffmpeg counts by its first rate."""
    source = tmp_path / f"changed.{kind}"
    with source.open("wb") as whole:
        for n, (rate, channels) in enumerate(((44_100, "2"), (48_000, "1"))):
            part = tmp_path / f"part{n}.{kind}"
            form = {
                "mp3": ["-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0"],
                "aac": ["-c:a", "aac", "-f", "adts"],
                "ts": ["-c:a", "aac", "-output_ts_offset", str(n * LENGTH)],
                "picture.ts": [*H264, "-c:a", "aac", "-output_ts_offset", str(n * LENGTH)],
            }[kind]
            ffmpeg(*tones(rate), *(PICTURE if "picture" in kind else []), "-ac", channels, *form, str(part))
            whole.write(part.read_bytes())
    agree(source, tmp_path, [at + part * LENGTH for part in (0, 1) for at in BURSTS], off)


@pytest.mark.parametrize(
    ("options", "name", "audio"),
    [
        (["-c:a", "libmp3lame"], "x.mp3", "mp3"),
        (["-c:a", "aac"], "x.m4a", "aac"),
        (["-c:a", "libopus"], "x.webm", "opus"),
        ([*H264, "-c:a", "aac"], "x.mp4", "aac"),
    ],
)
def test_good_sound_is_not_encoded_again(tmp_path: Path, options: list[str], name: str, audio: str) -> None:
    source = tmp_path / name
    ffmpeg(*tones(), *(PICTURE if "-c:v" in options else []), *options, "-b:a", "64k", str(source))
    played = agree(source, tmp_path, list(BURSTS))
    assert (probe(played).audio, played.suffix) == (audio, source.suffix)
    assert played.stat().st_size == pytest.approx(source.stat().st_size, rel=0.05)
    unknown = make_playable(source, tmp_path / "unknown", [], nothing)  # how long the sound is
    assert (probe(unknown), unknown.stat().st_size) == (probe(played), played.stat().st_size)
