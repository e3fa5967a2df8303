"""Chapters in every kind of file that browsers play; sound and picture are not touched."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from ingest import decode_audio, probe, with_chapters
from tests.ingest.conftest import FFMPEG, PICTURE, TONE, ffmpeg, nothing

TITLE = "5: Høring; om = #1 \\ <b>\n & mere"
SAID = "5: Høring; om = #1 \\ <b> & mere"
CHAPTERS = ((0.0, 1.5, "1: Dagsorden"), (1.5, 2.25, TITLE), (2.5, 4.0, "3–7: Eventuelt"))
H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "10")
KINDS = {
    "film.mp4": (*PICTURE, *TONE, *H264, "-c:a", "aac", "-t", "4"),
    "film.webm": (*PICTURE, *TONE, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-t", "4"),
    "sound.m4a": (*TONE, "-c:a", "aac", "-t", "4"),
    "sound.mp3": (*TONE, "-c:a", "libmp3lame", "-t", "4"),
}


def chapters(file: Path) -> list[tuple[float, float, str]]:
    """As ffmpeg reads them."""
    done = subprocess.run(
        [FFMPEG, "-loglevel", "error", "-i", str(file), "-f", "ffmetadata", "pipe:1"],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    found = []
    for block in done.stdout.decode().split("[CHAPTER]\n")[1:]:
        base, start, end = re.findall(r"^(?:TIMEBASE=1/|START=|END=)(\d+)$", block, re.MULTILINE)
        title = re.sub(r"\\(.)", r"\1", block.split("title=")[1].strip())
        found.append((int(start) / int(base), int(end) / int(base), title))
    return found


def frames(file: Path) -> bytes:
    return subprocess.run(
        [FFMPEG, "-loglevel", "error", "-i", str(file), "-map", "0:v?", "-map", "0:a", "-f", "framemd5", "pipe:1"],
        capture_output=True, check=True, timeout=60,
    ).stdout  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_chapters_are_in_the_file_and_nothing_else_is_changed(tmp_path: Path, name: str) -> None:
    plain = tmp_path / name
    ffmpeg(*KINDS[name], str(plain))
    made = with_chapters(plain, tmp_path / "made", CHAPTERS, nothing)
    assert made.suffix == plain.suffix
    found = chapters(made)
    assert [title for _, _, title in found] == ["1: Dagsorden", SAID, "3–7: Eventuelt"]
    assert [start for start, _, _ in found] == pytest.approx(
        [0.0, 1.5, 2.5], abs=0.03
    )  # an encoder's lead-in
    assert all(start < after for (start, _, _), (after, _, _) in pairwise(found))
    assert b"".join(decode_audio(made)) == b"".join(decode_audio(plain))
    assert frames(made) == frames(plain)
    assert (probe(made).video, probe(made).audio) == (probe(plain).video, probe(plain).audio)
    other = with_chapters(made, tmp_path / "other", CHAPTERS[:1], nothing)
    assert [title for _, _, title in chapters(other)] == ["1: Dagsorden"]
    none = with_chapters(made, tmp_path / "none", (), nothing)
    assert chapters(none) == []
    assert b"Dagsorden" not in none.read_bytes()
    assert frames(none) == frames(plain)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, made.name, other.name, none.name])
