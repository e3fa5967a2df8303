"""A file of a recording that browsers play and seek, with nothing in it of the time that is withheld."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from catalogue import Interval, SourceError
from ingest.clock import SAMPLE_RATE, decoded, plays_as_heard, samples, steady, with_picture
from ingest.media import MediaInfo, measure, probe, require_sound
from ingest.process import chain, local, recording, run
from ingest.progress import Progress
from ingest.silence import picture_filters, sound_filters

RATE = 48_000  # Hz of encoded sound

# What browsers play and seek in each container: (video codecs, audio codecs).
_MP4 = ({"h264"}, {"aac", "mp3"})
_SHOWN = {"yuv420p", "yuvj420p"}  # browsers show no other H.264
_WEBM = ({"vp8", "vp9", "av1"}, {"opus", "vorbis"})
_BARE = {"map_metadata": -1, "map_chapters": -1, "y": None}
_AAC = {"c:a": "aac", "b:a": "96k"}
_OPUS = {"c:a": "libopus", "b:a": "96k"}


def make_playable(
    path: Path,
    target_stem: Path,
    silenced: Sequence[Interval],
    progress: Progress,
    heard: float | None = None,
) -> Path:
    """A file that browsers play and seek; returns its path: `target_stem` with the ending that fits.

    Without `silenced` time (seconds on the recording's clock) the streams are copied where browsers know the
    codecs and the sound is then on that clock, which takes how many seconds were `heard` (None: find out).
    With it everything is encoded: no sound and no picture in that time, so nothing withheld can be heard or seen.
    """
    info = probe(path)
    require_sound(info, path.name)
    if not silenced:
        # What cannot be copied as it is can still be encoded.
        with contextlib.suppress(SourceError):
            copied = _copy(path, info, target_stem, progress)
            if copied is not None:
                if plays_as_heard(copied, heard or _heard(path, info, target_stem, progress)):
                    return copied
                copied.unlink()
        with contextlib.suppress(SourceError):
            if suffix := _picture_goes_into(info):
                sound = _OPUS if suffix == ".webm" else _AAC
                return _encode(path, info, target_stem, suffix, sound | {"c:v": "copy"}, progress)
    options: dict[str, Any] = dict(_AAC)
    if filters := sound_filters(silenced):
        options["af"] = ",".join(filters)
    if info.video is None:
        return _encode(path, info, target_stem, ".m4a", options, progress)
    return _encode(path, info, target_stem, ".mp4", options | _picture(silenced), progress)


def _heard(path: Path, info: MediaInfo, stem: Path, progress: Progress) -> float:
    """How many seconds of sound there are on the clock."""
    sound = stem.with_name(stem.name + ".flac")
    nodes = [decoded(path, info.video is not None, SAMPLE_RATE, 1), steady(local(sound), format="flac")]
    try:
        chain(nodes, path.name, progress, info.duration)
        return measure(sound)
    finally:
        sound.unlink(missing_ok=True)


def _copy(path: Path, info: MediaInfo, stem: Path, progress: Progress) -> Path | None:
    """A file with the streams as they are; None: there is no container for them that browsers know."""
    suffix = _goes_into(info)
    if suffix is None:
        return None
    source, target = recording(path), _fresh(stem, suffix)
    streams = [source["a:0"]] if info.video is None else [source["V:0"], source["a:0"]]
    node = ffmpeg.output(*streams, local(target), c="copy", **_BARE, **_ending(suffix))
    run(node, path.name, progress, info.duration)
    return target


def _encode(
    path: Path, info: MediaInfo, stem: Path, suffix: str, options: dict[str, Any], progress: Progress
) -> Path:
    """A file whose sound is encoded from the clock."""
    target, channels = _fresh(stem, suffix), 2 if info.video else 1
    options = options | _BARE | _ending(suffix)
    sound = samples(RATE, channels)
    if info.video is None:
        last = ffmpeg.output(sound["a:0"], local(target), **options)
    else:
        last = with_picture(path, sound, local(target), **options)
    nodes = [decoded(path, info.video is not None, RATE, channels), steady("pipe:1", format="s16le"), last]
    chain(nodes, path.name, progress, info.duration)
    return target


def _fresh(stem: Path, suffix: str) -> Path:
    """The file to write: an ffmpeg of a killed run may still write to one that is there, and keeps it."""
    target = stem.with_name(stem.name + suffix)
    target.unlink(missing_ok=True)
    return target


def _ending(suffix: str) -> dict[str, str]:
    return {"movflags": "+faststart"} if suffix in (".mp4", ".m4a") else {}


def _goes_into(info: MediaInfo) -> str | None:
    """The ending of the container into which the streams can be copied for browsers; None: they cannot."""
    if info.video is None:
        endings = {"aac": ".m4a", "mp3": ".mp3", "opus": ".webm", "vorbis": ".webm"}
        return endings.get(info.audio or "")
    suffix = _picture_goes_into(info)
    sounds = {".mp4": _MP4[1], ".webm": _WEBM[1]}.get(suffix or "", set())
    return suffix if info.audio in sounds else None


def _picture_goes_into(info: MediaInfo) -> str | None:
    if info.video in _MP4[0] and info.pixels in _SHOWN:
        return ".mp4"
    return ".webm" if info.video in _WEBM[0] else None


def _picture(silenced: Sequence[Interval]) -> dict[str, Any]:
    """How the picture is encoded: black where it is silenced, without the captions that H.264 carries inside it."""
    even = "scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p"  # H.264 wants even sizes
    return {
        "c:v": "libx264", "preset": "veryfast", "crf": 24, "pix_fmt": "yuv420p", "g": 50, "a53cc": 0,
        "vf": ",".join([even, *picture_filters(silenced)]),
    }  # fmt: skip
