"""What a file holds, its sound for the recogniser, and files that are whole.

ffmpeg-python only builds the arguments; how they are run is in `ingest.process`. There is no ffprobe: see
docs/decisions/0003.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ffmpeg

from catalogue import Chapter, InputError, SourceError
from ingest.clock import SAMPLE_RATE, decoded, jumping, steady
from ingest.guessing import READ, what_is
from ingest.local_files import why_no_file
from ingest.process import (
    CONTAINERS,
    PROBE_SECONDS,
    STALL_SECONDS,
    chain,
    command,
    ffmpeg_version,
    local,
    only_files,
    program,
    reason,
    recording,
    run,
)
from ingest.progress import Progress
from ingest.published_chapters import chapters_in

__all__ = [
    "MediaInfo",
    "Walked",
    "decode_audio",
    "extract_audio",
    "ffmpeg_version",
    "join_segments",
    "make_hls",
    "measure",
    "probe",
    "program",
    "require_sound",
    "walk",
]

CHUNK = 1 << 20  # bytes of samples handed on at a time, 33 s of sound
MOST_STREAMS = 64  # a file with more is hostile
UNKNOWN = "none"  # what ffmpeg calls the kind of a track that it does not know
PICTURES = ("image2", "png_pipe", "jpeg_pipe")

_DURATION = re.compile(r"^\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", re.MULTILINE)
_CONTAINER = re.compile(r"^Input #0, (\S+), from", re.MULTILINE)
_STREAM = re.compile(r"^\s*Stream #0:\d+\S*: (Video|Audio): (\w+)(.*)$", re.MULTILINE)
_SIZE = re.compile(r"\b([1-9]\d{1,4})x([1-9]\d{1,4})\b")
_PIXELS = re.compile(r"\b(yuvj?4\d\d\w*|nv12|gray\w*|rgb\w*|bgr\w*|gbr\w*|pal8)\b")
_LAYOUT = re.compile(r"\d+ Hz, [^,]+")


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
    chapters: tuple[Chapter, ...] = ()
    layout: str | None = None  # of the sound: "44100 Hz, stereo"


def probe(path: Path) -> MediaInfo:
    """What a file on this machine holds. Raises `InputError` for what is missing, empty or no recording."""
    if why := why_no_file(path):
        raise InputError(why, where=str(path), remedy="Check the path.")
    if path.stat().st_size == 0:
        raise InputError("the file is empty", where=str(path), remedy="Get it whole from its source.")
    command = [program(), "-nostdin", "-hide_banner"]
    for name, value in only_files(CONTAINERS).items():
        command += [f"-{name}", value]
    command += ["-i", local(path)]
    try:
        said = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PROBE_SECONDS, check=False
        ).stderr.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as error:
        raise InputError("ffmpeg cannot make out what this file is", where=str(path)) from error
    streams = _STREAM.findall(said)
    if not streams:
        raise _no_recording(path)
    if len(streams) > MOST_STREAMS:
        raise InputError(
            f"this file has {len(streams)} tracks",
            where=str(path),
            remedy=f"Give one with at most {MOST_STREAMS}.",
        )
    pictures = [
        (codec, rest)
        for kind, codec, rest in streams
        if kind == "Video" and codec != UNKNOWN and "attached pic" not in rest
    ]
    sounds = [codec for kind, codec, _ in streams if kind == "Audio" and codec != UNKNOWN]
    layouts = [
        found.group() for kind, _, rest in streams if kind == "Audio" and (found := _LAYOUT.search(rest))
    ]
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
        chapters=chapters_in(said),
        layout=layouts[0] if layouts else None,
    )


def _no_recording(path: Path) -> InputError:
    with path.open("rb") as file:
        guess = what_is(file.read(READ)) or "neither sound nor picture can be read in it"
    return InputError(
        f"this is no recording: {guess}", where=str(path), remedy="Give a sound or video file, whole."
    )


def require_sound(info: MediaInfo, where: str) -> None:
    if info.audio is None:
        raise InputError(
            "this recording has no sound", where=where, remedy="Give one in which something can be heard."
        )


def extract_audio(path: Path, target: Path, progress: Progress, max_hours: float) -> float:
    """The first sound track as 16 kHz mono FLAC on the recording's clock. Returns its seconds, as decoded."""
    info = probe(path)
    require_sound(info, path.name)
    if info.duration is not None and info.duration > max_hours * 3600:
        raise _too_long(path, max_hours)
    picture = info.video is not None
    nodes = [
        decoded(path, picture, SAMPLE_RATE, 1, max_hours * 3600 + 1),
        steady(local(target), format="flac", acodec="flac", map_metadata=-1),
    ]
    chain(nodes, path.name, progress, info.duration)
    duration = measure(target)
    if duration > max_hours * 3600:
        raise _too_long(path, max_hours)
    if duration <= 0:
        raise SourceError("no sound could be decoded", where=path.name)
    return duration


@dataclass(frozen=True, slots=True)
class Walked:
    """What can be read of a file: `seconds`, and whether the file itself breaks off in the middle of something."""

    seconds: float
    breaks_off: bool


def walk(path: Path, info: MediaInfo, where: str, progress: Progress) -> Walked:
    """Go through a file without decoding it. Raises `SourceError` if nothing of it can be read."""
    source = recording(path)
    streams = [source["a:0"]] if info.video is None else [source["V:0"], source["a:0"]]
    node = ffmpeg.output(*streams, "pipe:2", format="null", c="copy")
    ran = run(node, where, progress, info.duration)
    if ran.seconds <= 0:
        raise SourceError(
            "nothing of this recording can be read",
            where=where,
            remedy="Get it whole from its source, then run the same command again.",
        )
    return Walked(ran.seconds, "partial file" in ran.complaints)


def _too_long(path: Path, max_hours: float) -> SourceError:
    return SourceError(
        f"longer than {max_hours:g} hours",
        where=path.name,
        remedy="Raise TALERSTOL_MAX_HOURS if that is right.",
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
    node = recording(path, start).output("pipe:", format="s16le", ac=1, ar=SAMPLE_RATE, vn=None, **part)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command(node), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        assert process.stdout is not None
        try:
            while chunk := process.stdout.read(CHUNK):
                yield chunk
            if process.wait(timeout=STALL_SECONDS) != 0:
                said.seek(0)
                words = reason(said.read().decode("utf-8", "replace"))
                raise SourceError(f"the sound cannot be read ({words})", where=path.name)
        finally:
            process.stdout.close()
            process.kill()  # where whoever asked wanted no more
            process.wait()


def join_segments(
    playlist: Path,
    target: Path,
    encrypted: bool,
    progress: Progress,
    duration: float | None,
    holes: bool = False,
) -> None:
    """The segments that a local playlist names, copied into one file; those after `holes` keep their times."""
    source = ffmpeg.input(
        local(playlist),
        allowed_extensions="ALL",
        format="hls",
        **only_files(("hls", *CONTAINERS), encrypted),
    )
    node = ffmpeg.output(source["V:0?"], source["a:0"], local(target), c="copy", y=None)
    node = jumping(node) if holes else node
    run(node, target.name, progress, duration)


def make_hls(sound: Path, picture: Path, manifest: Path) -> None:
    """A recording as a livestream's platform would keep it: an HLS manifest with its segments beside it."""
    manifest.parent.mkdir(parents=True, exist_ok=True)
    still = ffmpeg.input(local(picture), loop=1, framerate=2, **only_files(PICTURES))
    node = ffmpeg.output(
        still["v:0"], recording(sound)["a:0"], local(manifest), vcodec="libx264", tune="stillimage", preset="veryfast",
        pix_fmt="yuv420p", vf="scale=640:-2", g=12, acodec="aac", ar=44100, t=measure(sound),
        **{"b:a": "64k", "f": "hls", "hls_time": 6, "hls_playlist_type": "vod"}, y=None,
    )  # fmt: skip
    run(node, sound.name, lambda _, __: None, None)


def _seconds(said: str) -> float | None:
    found = _DURATION.search(said)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None
