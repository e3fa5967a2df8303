"""What a file holds, its sound, and a file for browsers in which withheld time is really silent and black."""

from __future__ import annotations

import array
import math
import os
import subprocess
from pathlib import Path

import pytest

from catalogue import InputError, Interval, SourceError, TalerstolError
from ingest import decode_audio, extract_audio, ffmpeg_version, make_hls, make_playable, missing, probe
from ingest.media import walk
from tests.ingest.conftest import FFMPEG, H264, PICTURE, TONE, Media, ffmpeg, nothing

RATE = 16_000


def samples(path: Path) -> array.array[int]:
    return array.array("h", b"".join(decode_audio(path)))


def loudness(heard: array.array[int], start: float, end: float) -> float:
    """Root mean square of what is heard from `start` to `end` (seconds)."""
    part = heard[int(start * RATE) : int(end * RATE)]
    return math.sqrt(sum(value * value for value in part) / len(part))


def brightness(path: Path, at: float) -> int:
    """The brightest value (0–255) of the picture at a second."""
    seen = subprocess.run(
        [FFMPEG, "-loglevel", "error", "-ss", str(at), "-i", str(path), "-frames:v", "1", "-f", "rawvideo",
         "-pix_fmt", "gray", "pipe:1"], capture_output=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    return max(seen)


def test_ffmpeg_is_there() -> None:
    assert ffmpeg_version().startswith("ffmpeg")


def test_probe(media: Media) -> None:
    info = probe(media.video)
    assert (info.video, info.audio, info.width, info.height) == ("h264", "aac", 320, 180)
    assert info.duration == pytest.approx(10, abs=0.1)
    assert "mp4" in info.container
    assert probe(media.sound).video is None
    assert probe(media.silent_film).audio is None


def test_a_cover_is_no_picture(media: Media, tmp_path: Path) -> None:
    cover, song = tmp_path / "cover.png", tmp_path / "song.mp3"
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1", str(cover))
    ffmpeg("-i", str(media.sound), "-i", str(cover), "-map", "0:a", "-map", "1", "-c", "copy", "-id3v2_version", "3",
           "-disposition:v", "attached_pic", str(song))  # fmt: skip
    assert probe(song).video is None
    played = make_playable(song, tmp_path / "play", [], nothing)
    assert (played.suffix, probe(played).video) == (".mp3", None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp4", b""),
        ("text.mp4", b"This is only text.\n" * 100),
        ("captions.mp4", b"1\n00:00:00,000 --> 00:00:02,000\nHej\n"),
        ("page.mp3", b"<!doctype html><title>404</title>"),
        ("noise.mp4", bytes(range(256)) * 40),
    ],
)
def test_what_is_no_recording(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError) as refused:
        probe(file)
    one_clear_sentence(refused.value)
    assert name in str(refused.value)


def test_no_such_file(tmp_path: Path) -> None:
    for path in (tmp_path / "none.mp4", tmp_path):
        with pytest.raises(InputError) as refused:
            probe(path)
        one_clear_sentence(refused.value)


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{secret}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {name}\n",
    ],
)
@pytest.mark.parametrize("disguise", ["list.m3u8", "list.mp4", "list.ts", "list.ffconcat"])
def test_a_playlist_does_not_lead_to_other_files(
    media: Media, tmp_path: Path, playlist: str, disguise: str
) -> None:
    secret, hostile = tmp_path / "secret.mp4", tmp_path / disguise
    secret.write_bytes(media.video.read_bytes())
    hostile.write_text(playlist.format(secret=secret, name=secret.name))
    with pytest.raises(InputError):
        probe(hostile)
    with pytest.raises(TalerstolError):
        extract_audio(hostile, tmp_path / "out.flac", nothing, 24)
    with pytest.raises(TalerstolError):
        make_playable(hostile, tmp_path / "play", [], nothing)


@pytest.mark.parametrize("name", ["-y.wav", "concat:x.wav", "a b'c%d.wav", "http:__x.wav", "æøå|x.wav"])
def test_names_are_only_names(
    media: Media, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(media.wav.read_bytes())
    assert probe(Path(name)).audio == "pcm_s16le"
    assert extract_audio(Path(name), Path("-out.flac"), nothing, 24) == pytest.approx(10, abs=0.01)
    played = make_playable(Path(name), Path("-play"), [Interval(1, 2)], nothing)
    assert probe(played).audio == "aac"


def test_the_sound_for_the_recogniser(media: Media, tmp_path: Path) -> None:
    target = tmp_path / "audio.flac"
    told: list[tuple[float, float | None]] = []
    duration = extract_audio(media.video, target, lambda d, t: told.append((d, t)), 24)
    assert duration == pytest.approx(10, abs=0.1)
    assert target.read_bytes()[:4] == b"fLaC"
    heard = samples(target)
    assert len(heard) == round(duration * RATE)
    assert loudness(heard, 0.5, 9.5) > 1000
    assert told and told == sorted(told)


def test_sound_that_begins_late_or_has_a_hole_keeps_its_time(tmp_path: Path) -> None:
    """Two seconds of tone at 3 s and at 8 s, under a picture that begins at 0."""
    source = tmp_path / "late.mkv"
    ffmpeg(
        *PICTURE, *TONE, *H264, "-af", "aselect='between(t,3,5)+between(t,8,9.9)'", "-c:a", "aac", str(source)
    )
    target = tmp_path / "late.flac"
    assert extract_audio(source, target, nothing, 24) == pytest.approx(10, abs=0.3)
    heard = samples(target)
    assert [loudness(heard, at, at + 0.5) > 500 for at in (1, 3.5, 6, 8.5)] == [False, True, False, True]


def test_too_long(media: Media, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="hours"):
        extract_audio(media.sound, tmp_path / "a.flac", nothing, 9 / 3600)


@pytest.mark.parametrize("kind", ["mp4", "mkv", "mp3", "m4a"])
def test_a_recording_that_was_cut_off(media: Media, tmp_path: Path, kind: str) -> None:
    whole, half = tmp_path / f"whole.{kind}", tmp_path / f"half.{kind}"
    source = media.video if kind in ("mp4", "mkv") else media.wav
    ffmpeg("-i", str(source), *(["-movflags", "+faststart"] if kind in ("mp4", "m4a") else []), str(whole))
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    for file, complete in ((whole, True), (half, False)):
        info = probe(file)
        walked = walk(file, info, file.name, nothing)
        heard = extract_audio(file, tmp_path / "a.flac", nothing, 24)
        assert (missing(info.duration, walked.seconds) == "") is complete
        assert (missing(info.duration, heard) == "") is complete


def test_a_recording_without_its_table_of_contents(media: Media, tmp_path: Path) -> None:
    late, half = tmp_path / "late.mp4", tmp_path / "half.mp4"
    ffmpeg("-i", str(media.video), "-c", "copy", str(late))
    half.write_bytes(late.read_bytes()[: late.stat().st_size // 2])
    with pytest.raises(InputError) as refused:
        probe(half)
    one_clear_sentence(refused.value)
    assert str(tmp_path) not in refused.value.what


def test_sound_that_ends_before_the_picture_is_not_cut_off(tmp_path: Path) -> None:
    source = tmp_path / "off.mp4"
    ffmpeg(*PICTURE, "-f", "lavfi", "-i", "sine=duration=4", *H264, "-c:a", "aac", str(source))
    assert extract_audio(source, tmp_path / "a.flac", nothing, 24) == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize(
    ("made", "suffix", "video", "audio"),
    [
        (["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "x.mkv"], ".mp4", "h264", "aac"),
        (["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "x.ts"], ".mp4", "h264", "aac"),
        (["-c:v", "libx264", "-pix_fmt", "yuv422p10le", "-c:a", "aac", "x.mkv"], ".mp4", "h264", "aac"),
        (["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "flac", "x.mkv"], ".mp4", "h264", "aac"),
        (["-c:v", "mpeg4", "-c:a", "libmp3lame", "x.avi"], ".mp4", "h264", "aac"),
        (["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "x.mkv"], ".webm", "vp8", "opus"),
        (["-vn", "-c:a", "aac", "x.mkv"], ".m4a", None, "aac"),
        (["-vn", "-c:a", "libmp3lame", "x.mp3"], ".mp3", None, "mp3"),
        (["-vn", "x.flac"], ".m4a", None, "aac"),
    ],
)
def test_what_browsers_play(
    media: Media, tmp_path: Path, made: list[str], suffix: str, video: str | None, audio: str
) -> None:
    *options, name = made
    source = tmp_path / name
    ffmpeg("-i", str(media.video), *options, "-t", "4", str(source))
    played = make_playable(source, tmp_path / "play", [], nothing)
    info = probe(played)
    assert (played.suffix, info.video, info.audio) == (suffix, video, audio)
    assert info.duration == pytest.approx(4, abs=0.3)
    assert played.parent == tmp_path and played.stem == "play"
    if suffix == ".mp4":
        start = played.read_bytes()
        assert start.index(b"moov") < start.index(b"mdat")
        said = subprocess.run(
            [FFMPEG, "-hide_banner", "-i", str(played)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        ).stderr
        assert "yuv420p" in said


@pytest.mark.parametrize(
    "encoded",
    [
        ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "x.mp4"],
        ["-vn", "-c:a", "libmp3lame", "x.mp3"],
        ["-vn", "-ar", "8000", "x.wav"],
        ["-vn", "-ar", "16000", "x.flac"],
        ["-vn", "-c:a", "libopus", "-frame_duration", "60", "x.ogg"],
    ],
    ids=["mp4", "mp3", "wav-8k", "flac-16k", "opus-60"],
)
def test_withheld_time_is_silent_and_black(media: Media, tmp_path: Path, encoded: list[str]) -> None:
    *options, name = encoded
    source = tmp_path / name
    ffmpeg("-i", str(media.video), *options, str(source))
    played = make_playable(source, tmp_path / "play", [Interval(3.05, 5.01), Interval(8.2, 8.9)], nothing)
    heard = samples(played)
    assert loudness(heard, 3.05, 5.01) < 2 and loudness(heard, 8.2, 8.9) < 2
    assert all(loudness(heard, a, b) > 500 for a, b in [(0.3, 2.7), (5.4, 7.8), (9.2, 9.8)])
    if probe(played).video:
        assert all(brightness(played, at) < 30 for at in (3.1, 4.0, 4.9, 8.3))
        assert all(brightness(played, at) > 100 for at in (1.0, 6.0, 9.5))


def test_a_great_many_withheld_stretches(media: Media, tmp_path: Path) -> None:
    cuts = [Interval(2 + n / 1000, 2 + n / 1000 + 0.0005) for n in range(3000)] + [
        Interval(9, 5),
        Interval(7, 7),
    ]
    played = make_playable(media.video, tmp_path / "play", cuts, nothing)
    heard = samples(played)
    assert loudness(heard, 2.0, 4.99) < 2
    assert loudness(heard, 0.2, 1.7) > 500 and loudness(heard, 5.5, 9.5) > 500


def test_withheld_to_the_end_and_before_the_beginning(media: Media, tmp_path: Path) -> None:
    played = make_playable(media.sound, tmp_path / "play", [Interval(-5, 2), Interval(7, math.inf)], nothing)
    heard = samples(played)
    assert loudness(heard, 0, 2) < 2 and loudness(heard, 7, 9.9) < 2 and loudness(heard, 3, 6) > 500


def test_titles_and_chapters_are_left_out(media: Media, tmp_path: Path) -> None:
    chapters, source = tmp_path / "chapters.txt", tmp_path / "x.mkv"
    chapters.write_text(
        ";FFMETADATA1\ntitle=Lukket sag\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=5\ntitle=Granvænget\n"
    )
    ffmpeg("-i", str(media.video), "-i", str(chapters), "-map_metadata", "1", "-c", "copy", str(source))
    for silenced in ([], [Interval(1, 2)]):
        played = make_playable(source, tmp_path / "play", silenced, nothing).read_bytes()
        assert b"Lukket" not in played and "Granvænget".encode() not in played


def test_the_package_s_ffmpeg_does_the_same(
    media: Media, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the machine has none: another version, without ffprobe."""
    import ingest.media

    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    ingest.media.program.cache_clear()
    try:
        assert "imageio" in ingest.media.program()
        assert (probe(media.video).video, probe(media.video).audio) == ("h264", "aac")
        assert extract_audio(media.video, tmp_path / "a.flac", nothing, 24) == pytest.approx(10, abs=0.1)
        played = make_playable(media.video, tmp_path / "play", [Interval(3, 5)], nothing)
        heard = samples(played)
        assert loudness(heard, 3, 5) < 2 and loudness(heard, 0.3, 2.7) > 500
    finally:
        ingest.media.program.cache_clear()


def test_a_livestream_for_the_demo(media: Media, tmp_path: Path) -> None:
    card, manifest = tmp_path / "card.png", tmp_path / "live" / "stream.m3u8"
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=321x181", "-frames:v", "1", str(card))
    make_hls(media.wav, card, manifest)
    assert "#EXT-X-ENDLIST" in manifest.read_text()
    assert all(
        (manifest.parent / line).is_file() for line in manifest.read_text().splitlines() if line[0] != "#"
    )


def one_clear_sentence(error: TalerstolError) -> None:
    assert 1 <= len(str(error).splitlines()) <= 2
    assert "Traceback" not in str(error) and "0x" not in str(error)
