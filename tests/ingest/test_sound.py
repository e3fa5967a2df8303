"""The sound of a playable file: copied where it can be, with its chapters, and no longer than it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from catalogue import InputError
from ingest import extract_sound, probe, with_chapters


def nothing(done: float, total: float | None) -> None: ...


def make(file: Path, *codecs: str, picture: bool = True) -> Path:
    inputs = ["-f", "lavfi", "-i", "sine=frequency=300:duration=4"]
    if picture:
        inputs += ["-f", "lavfi", "-i", "color=red:s=32x32:r=5:d=4"]
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-nostdin",
        "-loglevel",
        "error",
        "-y",
        *inputs,
        *codecs,
        str(file),
    ]
    subprocess.run(command, check=True, timeout=60)
    return file


@pytest.mark.parametrize(
    ("name", "codecs"),
    [
        ("film.mp4", ("-c:v", "libx264", "-c:a", "aac")),
        ("film.webm", ("-c:v", "libvpx", "-c:a", "libopus")),
    ],
)
def test_sound_of_a_film(tmp_path: Path, name: str, codecs: tuple[str, ...]) -> None:
    film = with_chapters(make(tmp_path / name, *codecs), tmp_path / "med", [(0.0, 2.0, "1: Åbning")], nothing)
    target = tmp_path / "lyd.m4a"
    extract_sound(film, target, nothing)
    info = probe(target)
    assert (info.video, info.audio) == (None, "aac")
    assert info.duration == pytest.approx(4.0, abs=0.2)
    if name.endswith(".mp4"):
        assert "1: Åbning".encode() in target.read_bytes()


def test_without_sound_it_is_said(tmp_path: Path) -> None:
    silent = tmp_path / "stum.mp4"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-loglevel",
        "error",
        "-f",
        "lavfi",
        "-i",
        "color=red:s=32x32:d=1",
    ]
    subprocess.run([*command, str(silent)], check=True, timeout=60)
    with pytest.raises(InputError):
        extract_sound(silent, tmp_path / "lyd.m4a", nothing)
