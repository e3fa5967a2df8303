"""ffmpeg, in one place: what a file holds, its sound for the recogniser, and a file that browsers can seek.

ffmpeg-python only builds the arguments. Every file is named with `file:` and only that protocol is allowed, so
neither a name like `-y.wav` nor an address inside a hostile file is followed. There is no ffprobe: see
docs/decisions/0003.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from catalogue import EngineError, InputError, Interval, SourceError
from ingest.progress import Progress, throttled
from ingest.silence import STEADY, picture_filters, sound_filters

SAMPLE_RATE = 16_000  # Hz, what speech models hear
PROBE_SECONDS = 60.0  # a probe reads headers only
STALL_SECONDS = 300.0  # without any progress ffmpeg is given up
CHUNK = 1 << 20  # bytes of samples handed on at a time, 33 s of sound
MOST_STREAMS = 64  # a file with more is hostile
# Containers of recordings. What is not among them (playlists, subtitles, scripts) could name other files here.
CONTAINERS = (
    "aac", "ac3", "aiff", "amr", "asf", "avi", "caf", "eac3", "flac", "flv", "matroska", "mov", "mp3",
    "mpeg", "mpegts", "ogg", "w64", "wav",
)  # fmt: skip
PICTURES = ("image2", "png_pipe", "jpeg_pipe")
# A recording whose sound ends this much before its announced end was cut off.
CUT_SHARE, CUT_SECONDS = 0.98, 2.0

_DURATION = re.compile(r"^\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", re.MULTILINE)
_CONTAINER = re.compile(r"^Input #0, (\S+), from", re.MULTILINE)
_STREAM = re.compile(r"^\s*Stream #0:\d+\S*: (Video|Audio): (\w+)(.*)$", re.MULTILINE)
_SIZE = re.compile(r"\b([1-9]\d{1,4})x([1-9]\d{1,4})\b")
_PIXELS = re.compile(r"\b(yuvj?4\d\d\w*|nv12|gray\w*|rgb\w*|bgr\w*|gbr\w*|pal8)\b")
_BREAKS_OFF = re.compile(r"partial file|ended prematurely|truncat|error reading|invalid data", re.IGNORECASE)
_NOISE = re.compile(r"^\[[^\]]*\]\s*|file:\S*/")

# What browsers play and seek in each container: (video codecs, audio codecs).
_MP4 = ({"h264"}, {"aac", "mp3"})
_SHOWN = {"yuv420p", "yuvj420p"}  # browsers show no other H.264
_WEBM = ({"vp8", "vp9", "av1"}, {"opus", "vorbis"})


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file holds, as it says itself. `duration` in seconds, None where it does not say."""

    duration: float | None
    video: str | None
    audio: str | None
    container: str
    width: int | None = None
    height: int | None = None
    pixels: str | None = None  # ffmpeg's name of the pixel format


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run of ffmpeg ended: what it complained of, and how many seconds it wrote."""

    complaints: str
    seconds: float


@cache
def program() -> str:
    """The machine's ffmpeg, else the one in the package imageio-ffmpeg."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise EngineError(
            "there is no ffmpeg on this machine", where="ffmpeg", remedy="Install ffmpeg."
        ) from error


def ffmpeg_version() -> str:
    """The version line, for `talerstol check`."""
    said = subprocess.run(
        [program(), "-version"], capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
    )
    return " ".join(said.stdout.split()[:3])


def probe(path: Path) -> MediaInfo:
    """What a file on this machine holds. Raises `InputError` for what is missing, empty or no recording."""
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), remedy="Check the path.")
    if path.stat().st_size == 0:
        raise InputError("the file is empty", where=str(path))
    command = [program(), "-nostdin", "-hide_banner"]
    for name, value in _only_files(CONTAINERS).items():
        command += [f"-{name}", value]
    command += ["-i", local(path)]
    try:
        said = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PROBE_SECONDS, check=False
        ).stderr.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as error:
        raise InputError("ffmpeg cannot make out what this file is", where=str(path)) from error
    streams = _STREAM.findall(said)
    if not streams or len(streams) > MOST_STREAMS:
        raise InputError(
            f"this is no recording ({_reason(said)})", where=str(path), remedy="Give a sound or video file."
        )
    pictures = [
        (codec, rest) for kind, codec, rest in streams if kind == "Video" and "attached pic" not in rest
    ]
    sounds = [codec for kind, codec, _ in streams if kind == "Audio"]
    size = _SIZE.search(pictures[0][1]) if pictures else None
    pixels = _PIXELS.search(pictures[0][1]) if pictures else None
    container = _CONTAINER.search(said)
    return MediaInfo(
        # An estimate from the bit rate can be off by half: it announces nothing.
        duration=None if "Estimating duration from bitrate" in said else _seconds(said),
        video=pictures[0][0] if pictures else None,
        audio=sounds[0] if sounds else None,
        container=container.group(1).rstrip(",") if container else "",
        width=int(size.group(1)) if size else None,
        height=int(size.group(2)) if size else None,
        pixels=pixels.group(1) if pixels else None,
    )


def require_sound(info: MediaInfo, where: str) -> None:
    if info.audio is None:
        raise InputError(
            "this recording has no sound", where=where, remedy="Give one in which something can be heard."
        )


def extract_audio(path: Path, target: Path, progress: Progress, max_hours: float) -> float:
    """The first sound track as 16 kHz mono FLAC. Returns its duration in seconds, measured from what was decoded."""
    info = probe(path)
    require_sound(info, path.name)
    if info.duration is not None and info.duration > max_hours * 3600:
        raise _too_long(path, max_hours)
    node = ffmpeg.output(
        _input(path)["a:0"], local(target), format="flac", acodec="flac", ac=1, ar=SAMPLE_RATE, af=STEADY, map_metadata=-1, t=max_hours * 3600 + 1, y=None,
    )  # fmt: skip
    ran = run(node, path.name, progress, info.duration)
    duration = measure(target)
    if duration > max_hours * 3600:
        raise _too_long(path, max_hours)
    if duration <= 0:
        raise SourceError("no sound could be decoded", where=path.name)
    # Sound may end before the picture does (microphones off); a file that breaks off is another thing.
    if info.video is None or _BREAKS_OFF.search(ran.complaints):
        _refuse_cut(path.name, info, duration)
    return duration


def require_whole(path: Path, info: MediaInfo, where: str, progress: Progress) -> None:
    """Walk through a file without decoding it. Raises `SourceError` if it breaks off."""
    source = _input(path)
    streams = [source["a:0"]] if info.video is None else [source["V:0"], source["a:0"]]
    node = ffmpeg.output(*streams, "pipe:2", format="null", c="copy")
    ran = run(node, where, progress, info.duration)
    if "partial file" in ran.complaints or ran.seconds <= 0:
        raise _cut_off(where, ran.seconds, info.duration)
    _refuse_cut(where, info, ran.seconds)


def _too_long(path: Path, max_hours: float) -> SourceError:
    return SourceError(
        f"longer than {max_hours:g} hours",
        where=path.name,
        remedy="Raise TALERSTOL_MAX_HOURS if that is right.",
    )


def _refuse_cut(where: str, info: MediaInfo, duration: float) -> None:
    told = info.duration or 0.0
    if duration < CUT_SHARE * told and told - duration > CUT_SECONDS:
        raise _cut_off(where, duration, told)


def _cut_off(where: str, duration: float, told: float | None) -> SourceError:
    of = f" of {told:.0f} s" if told is not None else ""
    return SourceError(
        f"the recording is cut off: {duration:.0f} s{of} could be read",
        where=where,
        remedy="Get it whole from its source, then run the same command again.",
    )


def measure(audio: Path) -> float:
    """The duration in seconds of what can be decoded of our own sound file."""
    return sum(len(chunk) for chunk in decode_audio(audio)) / (2 * SAMPLE_RATE)


def decode_audio(path: Path, start: float = 0.0, seconds: float | None = None) -> Iterator[bytes]:
    """The samples of a sound file: 16 kHz, mono, signed 16-bit, in chunks of at most `CHUNK` bytes.

    `start` and `seconds` take a part; of our own FLAC files it is exact to the sample. Raises `SourceError` where
    the file cannot be read to the end.
    """
    part = {} if seconds is None else {"t": f"{seconds:.6f}"}
    node = _input(path, start).output("pipe:", format="s16le", ac=1, ar=SAMPLE_RATE, vn=None, **part)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            _command(node), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        assert process.stdout is not None
        try:
            while chunk := process.stdout.read(CHUNK):
                yield chunk
            if process.wait(timeout=STALL_SECONDS) != 0:
                said.seek(0)
                reason = _reason(said.read().decode("utf-8", "replace"))
                raise SourceError(f"the sound cannot be read ({reason})", where=path.name)
        finally:
            process.stdout.close()
            process.kill()  # where whoever asked wanted no more
            process.wait()


def make_playable(path: Path, target_stem: Path, silenced: Sequence[Interval], progress: Progress) -> Path:
    """A file that browsers play and seek; returns its path: `target_stem` with the ending that fits.

    Without `silenced` time (seconds on the recording's clock) the streams are copied where browsers know the
    codecs. With it everything is encoded: no sound and no picture in that time, so nothing withheld can be
    heard or seen.
    """
    info = probe(path)
    require_sound(info, path.name)
    suffix = None if silenced else _copies_into(info)
    if suffix is not None:
        with contextlib.suppress(
            SourceError
        ):  # streams that cannot be copied as they are can still be encoded
            return _write(path, info, target_stem, suffix, {"c": "copy"}, progress)
    suffix = ".mp4" if info.video else ".m4a"
    return _write(path, info, target_stem, suffix, _encoding(info, silenced), progress)


def _write(
    path: Path, info: MediaInfo, stem: Path, suffix: str, options: dict[str, Any], progress: Progress
) -> Path:
    source = _input(path)
    streams = [source["a:0"]] if info.video is None else [source["V:0"], source["a:0"]]
    if suffix in (".mp4", ".m4a"):
        options = options | {"movflags": "+faststart"}
    target = stem.with_name(stem.name + suffix)
    target.unlink(missing_ok=True)  # an ffmpeg of a killed run may still write to it: it keeps its own file
    node = ffmpeg.output(*streams, local(target), map_metadata=-1, map_chapters=-1, y=None, **options)
    run(node, path.name, progress, info.duration)
    return target


def _copies_into(info: MediaInfo) -> str | None:
    """The ending of the container into which the streams can be copied for browsers; None: they cannot."""
    if info.video is None:
        endings = {"aac": ".m4a", "mp3": ".mp3", "opus": ".webm", "vorbis": ".webm"}
        return endings.get(info.audio or "")
    for (videos, audios), suffix in ((_MP4, ".mp4"), (_WEBM, ".webm")):
        shown = info.video != "h264" or info.pixels in _SHOWN
        if info.video in videos and info.audio in audios and shown:
            return suffix
    return None


def _encoding(info: MediaInfo, silenced: Sequence[Interval]) -> dict[str, Any]:
    options: dict[str, Any] = {"c:a": "aac", "b:a": "96k", "ac": 2 if info.video else 1}
    options["af"] = ",".join(sound_filters(silenced))
    if info.video is None:
        return options
    if not silenced and info.video == "h264" and info.pixels in _SHOWN and info.audio not in _MP4[1]:
        return options | {"c:v": "copy"}  # only the sound is of a kind that browsers do not know
    black = picture_filters(silenced)
    even = "scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p"  # H.264 wants even sizes
    return options | {
        "c:v": "libx264", "preset": "veryfast", "crf": 24, "pix_fmt": "yuv420p", "g": 50,
        "vf": ",".join([even, *black]),
    }  # fmt: skip


def join_segments(
    playlist: Path, target: Path, encrypted: bool, progress: Progress, duration: float | None
) -> None:
    """The segments that a local playlist names, copied into one file."""
    source = ffmpeg.input(
        local(playlist),
        allowed_extensions="ALL",
        format="hls",
        **_only_files(("hls", *CONTAINERS), encrypted),
    )
    node = ffmpeg.output(source["V:0?"], source["a:0"], local(target), c="copy", y=None)
    run(node, target.name, progress, duration)


def make_hls(sound: Path, picture: Path, manifest: Path) -> None:
    """A recording as a livestream's platform would keep it: an HLS manifest with its segments beside it."""
    manifest.parent.mkdir(parents=True, exist_ok=True)
    still = ffmpeg.input(local(picture), loop=1, framerate=2, **_only_files(PICTURES))
    node = ffmpeg.output(
        still["v:0"], _input(sound)["a:0"], local(manifest), vcodec="libx264", tune="stillimage", preset="veryfast",
        pix_fmt="yuv420p", vf="scale=640:-2", g=12, acodec="aac", ar=44100, shortest=None,
        **{"b:a": "64k", "f": "hls", "hls_time": 6, "hls_playlist_type": "vod"}, y=None,
    )  # fmt: skip
    run(node, sound.name, lambda _, __: None, None)


def local(path: Path) -> str:
    """A path that ffmpeg can take for nothing else."""
    return "file:" + os.fspath(path.resolve())


def _input(path: Path, start: float = 0.0) -> Any:
    seek = {"ss": f"{start:.6f}"} if start else {}
    return ffmpeg.input(local(path), **seek, **_only_files(CONTAINERS))


def _only_files(containers: Sequence[str], encrypted: bool = False) -> dict[str, str]:
    """No addresses, and only these containers: a playlist among them could lead to any file here."""
    return {
        "protocol_whitelist": "file,crypto" if encrypted else "file",
        "format_whitelist": ",".join(containers),
    }


def _command(node: Any) -> list[str]:
    quiet = node.global_args("-nostdin", "-hide_banner", "-loglevel", "error")
    return list(ffmpeg.compile(quiet, cmd=program()))


def run(node: Any, name: str, progress: Progress, duration: float | None) -> Ran:
    """Run ffmpeg to its end. Raises `SourceError` with its last words if it fails, or makes no progress."""
    command = _command(node.global_args("-progress", "pipe:1"))
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, bufsize=0
        )
        try:
            reached = _follow(process, throttled(progress), duration)
        except BaseException:
            process.kill()
            raise
        finally:
            if process.stdout:
                process.stdout.close()
        if reached is None:
            process.kill()
        failed = process.wait() != 0
        said.seek(0)
        words = said.read().decode("utf-8", "replace")
    if failed:
        reason = "it made no progress" if reached is None else _reason(words)
        raise SourceError(
            f"ffmpeg cannot read it ({reason})",
            where=name,
            remedy="Fetch it again whole, or give another file.",
        )
    return Ran(words, reached or 0.0)


def _follow(process: subprocess.Popen[bytes], progress: Progress, duration: float | None) -> float | None:
    """Pass on how far ffmpeg is until it ends; returns that in seconds, or None if it stalled."""
    assert process.stdout is not None
    lines, reached = b"", 0.0
    while select.select([process.stdout], [], [], STALL_SECONDS)[0]:
        read = process.stdout.read(65536)
        if not read:
            return reached
        *whole, lines = (lines + read).split(b"\n")
        times = [line[12:] for line in whole if line.startswith(b"out_time_us=")]
        if times and times[-1].isdigit():
            reached = max(reached, int(times[-1]) / 1e6)
            progress(reached, duration)
    return None


def _seconds(said: str) -> float | None:
    found = _DURATION.search(said)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None


def _reason(said: str) -> str:
    """ffmpeg's last words that mean something, without paths of this machine."""
    lines = [_NOISE.sub("", line).strip() for line in said.splitlines()]
    telling = [
        line for line in lines if line and not line.startswith(("At least one output", "Conversion failed"))
    ]
    return telling[-1].rpartition(": ")[2][:200] if telling else "it gives no reason"
