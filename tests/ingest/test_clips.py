"""Clips cut by the real ffmpeg: the right stretch, the words in it, and what the file says of itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import SourceError
from ingest import Clip, ClipCaption, ClipForm, can_draw, cut_clip, probe
from ingest.burned import drawing
from ingest.process import program

CREDIT = ("Møde i Aarhus Byråd, 8. oktober 2025, 0:02–0:06", "arkiv.example/moeder/x?t=2")
SAID = (ClipCaption(0.0, 2.0, ("Vi tager {\\b1}punkt <b>to</b>\\N og tre", "sammen: 100 %")),)


def clip(form: ClipForm, **changed: object) -> Clip:
    known = dict(
        start=2.0, seconds=4.0, form=form, captions=SAID, credit=CREDIT, title="Møde = ;#", comment="æ\nø"
    )
    return Clip(**{**known, **changed})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds: black, and grey from second 4; silence, and a tone from second 4."""
    file = tmp_path_factory.mktemp("film") / "film.mp4"
    ffmpeg(
        *("-f", "lavfi", "-i", "color=black:s=640x360:r=10:d=10,drawbox=c=gray:t=fill:enable='gte(t,4)'"),
        *("-f", "lavfi", "-i", "sine=f=440:d=10:r=16000,volume=0:enable='lt(t,4)'"),
        *("-c:v", "libx264", "-g", "100", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest", str(file)),
    )
    return file


def ffmpeg(*words: str) -> bytes:
    command = [program(), "-nostdin", "-loglevel", "error", *words]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def brightness(file: Path, second: float, rows: str) -> int:
    """The brightest point in some rows of the picture."""
    return max(
        ffmpeg(
            *("-ss", str(second), "-i", str(file), "-frames:v", "1", "-vf", f"crop=iw:{rows}"),
            *("-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"),
        )
    )


def loudness(file: Path, start: float, seconds: float) -> int:
    samples = ffmpeg(
        *("-ss", str(start), "-t", str(seconds), "-i", str(file), "-ac", "1", "-ar", "8000"),
        *("-f", "u8", "pipe:1"),
    )
    return max(abs(sample - 128) for sample in samples)


def told(file: Path) -> str:
    command = [program(), "-hide_banner", "-i", str(file)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).stderr.decode()


def cut(film: Path, folder: Path, made: Clip) -> Path:
    return cut_clip(film, folder, made, lambda done, total: None, lambda: False)


@pytest.mark.parametrize("form", list(ClipForm))
def test_the_stretch_and_nothing_else(film: Path, tmp_path: Path, form: ClipForm) -> None:
    made = cut(film, tmp_path, clip(form))
    info = probe(made)
    assert info.duration == pytest.approx(4.0, abs=0.15)
    assert (info.video is None) == (form is ClipForm.SOUND)
    assert info.audio == "aac"
    assert loudness(made, 0.0, 1.85) <= 1
    assert loudness(made, 2.15, 1.5) > 10
    said = told(made)
    assert "title           : Møde = ;#" in said
    assert "comment         : æ ø" in said
    assert ("Subtitle: mov_text" in said) == (form is ClipForm.TRACK)


@pytest.mark.skipif(not can_draw(), reason="this ffmpeg draws no letters")
def test_captions_and_credit_are_in_the_picture(film: Path, tmp_path: Path) -> None:
    """The film is black for the clip's first two seconds, so what is bright there are letters."""
    for name in "ab":
        (tmp_path / name).mkdir()
    burned = cut(film, tmp_path / "a", clip(ClipForm.BURNED))
    track = cut(film, tmp_path / "b", clip(ClipForm.TRACK))
    top, bottom = "ih/6:0:0", "ih/4:0:ih*3/4"
    for made in (burned, track):
        assert brightness(made, 1.0, top) > 150
        assert brightness(made, 1.0, "ih/3:0:ih/4") < 40
    assert brightness(burned, 1.0, bottom) > 150
    assert brightness(track, 1.0, bottom) < 40


def test_sound_alone_gets_a_picture_of_its_captions(film: Path, tmp_path: Path) -> None:
    sound = tmp_path / "sound.mp3"
    ffmpeg("-i", str(film), "-vn", "-c:a", "libmp3lame", str(sound))
    (tmp_path / "clip").mkdir()
    made = cut(sound, tmp_path / "clip", clip(ClipForm.BURNED))
    info = probe(made)
    assert (info.video, info.width, info.height) == ("h264", 1280, 720)
    assert loudness(made, 0.0, 1.8) <= 1
    assert loudness(made, 2.2, 1.5) > 10


@pytest.mark.parametrize("name", ["it's [a], b;c:d", "-y", "æøå %d"])
def test_odd_names_of_folders(film: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    assert cut(film, folder, clip(ClipForm.TRACK, seconds=1.0)).stat().st_size > 1000


@pytest.mark.parametrize("size", ["1920x1080", "361x200", "202x360"])
def test_the_picture_is_of_a_size_that_captions_fit(tmp_path: Path, size: str) -> None:
    film = tmp_path / "film.mkv"
    ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc=s={size}:r=5:d=2", "-f", "lavfi", "-i", "sine=d=2"),
        *("-c:v", "mpeg4", "-c:a", "aac", str(film)),
    )
    info = probe(cut(film, tmp_path, clip(ClipForm.BURNED, start=0.0, seconds=1.0)))
    assert info.width and info.height
    assert info.width % 2 == info.height % 2 == 0
    assert info.height in (360, 720)


def test_work_aside_ends_when_it_is_given_up(film: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="given up"):
        cut_clip(film, tmp_path, clip(ClipForm.BURNED), lambda done, total: None, lambda: True)


@given(st.text(max_size=80), st.floats(0, 400), st.floats(0, 400))
def test_no_text_becomes_a_command(text: str, start: float, end: float) -> None:
    written = drawing([ClipCaption(start, end, (text, "b"))], (), 300.0)
    events = written.partition("[Events]\n")[2].splitlines()
    assert len(events) == 2
    said = events[1].split(",", 4)[4]
    assert said.count("\\N") == 1
    bare = said.replace("\\N", "", 1).replace("\\{", "").replace("\\}", "").replace("\\\u2060", "")
    assert not set(bare) & set("{}\\")
