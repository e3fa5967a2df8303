"""A stretch of a playable file as a file of its own: captions drawn in or as a track, and where it comes from.

Only the playable file is cut: what is withheld is not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import ffmpeg

from ingest.burned import ClipCaption, can_draw, drawing
from ingest.clock import STEADY
from ingest.media import MediaInfo, probe, require_sound
from ingest.process import local, only_files, recording, run
from ingest.progress import Progress

WIDEST = 1280
LOWEST, HIGHEST = 360, 720  # lines of a clip's picture: room for its captions, and bounded work
PAGE = "color=c=0x17324a:s=1280x720:r=10"  # what is seen where only sound was recorded
THREADS = 2

_PICTURE = {
    "c:v": "libx264", "preset": "veryfast", "crf": 23, "maxrate": "2500k", "bufsize": "5000k", "pix_fmt": "yuv420p",
    "g": 50, "a53cc": 0, "fpsmax": 30, "threads": THREADS,
}  # fmt: skip
_SOUND = {"c:a": "aac", "b:a": "128k", "ar": 48_000, "ac": 2}


class ClipForm(StrEnum):
    """What a clip is: captions in the picture, captions that can be turned off, or sound alone."""

    BURNED = "burned"
    TRACK = "track"
    SOUND = "sound"

    @property
    def suffix(self) -> str:
        return ".m4a" if self is ClipForm.SOUND else ".mp4"


@dataclass(frozen=True, slots=True)
class Clip:
    """What is cut. `start` is in seconds on the file's own clock, captions count from the clip's beginning.

    `credit` are the lines that are drawn, `title` and `comment` what the file says about itself.
    """

    start: float
    seconds: float
    form: ClipForm
    captions: tuple[ClipCaption, ...]
    credit: tuple[str, ...]
    title: str
    comment: str


def cut_clip(path: Path, folder: Path, clip: Clip, progress: Progress, given_up: Callable[[], bool]) -> Path:
    """The clip of the playable file at `path`, made in an empty `folder`. Raises `SourceError`.

    It gives way to all other work on the machine, and ends within a second when it is `given_up`.
    """
    info = probe(path)
    require_sound(info, path.name)
    target = folder / f"clip{clip.form.suffix}"
    node = (
        _sound(path, info, target, clip)
        if clip.form is ClipForm.SOUND
        else _picture(path, info, target, clip)
    )
    run(node, path.name, progress, clip.seconds, given_up)
    return target


def _sound(path: Path, info: MediaInfo, target: Path, clip: Clip) -> Any:
    source = recording(path, clip.start)
    sound = ffmpeg.output(_steady(source), local(target), **_SOUND, **_about(clip))
    if info.video is None:
        return sound
    # The picture is kept in use: the clock begins where picture or sound does (see `ingest.clock`).
    unseen = ffmpeg.output(source["V:0"], "pipe:2", format="null", c="copy", t=_number(clip.seconds))
    return ffmpeg.merge_outputs(sound, unseen)


def _picture(path: Path, info: MediaInfo, target: Path, clip: Clip) -> Any:
    source = recording(path, clip.start)
    if info.video is None:
        seen, shape = ffmpeg.input(f"{PAGE}:d={_number(clip.seconds)}", f="lavfi")["v:0"], WIDEST / HIGHEST
    else:
        seen, shape = _sized(source["V:0"]), (info.width or 16) / (info.height or 9)
    burned = clip.form is ClipForm.BURNED
    if can_draw():
        drawn = target.with_suffix(".ass")
        said = clip.captions if burned else ()
        drawn.write_text(
            drawing(said, clip.credit, clip.seconds, shape, alone=info.video is None), encoding="utf-8"
        )
        seen = seen.filter("ass", filename=str(drawn.resolve()))
    streams, options = [seen, _steady(source)], _PICTURE | _SOUND | _about(clip)
    if clip.captions and not burned:
        streams.append(_track(target, clip))
        options |= {"c:s": "mov_text", "metadata:s:s:0": "language=dan", "disposition:s:0": "default"}
    return ffmpeg.output(*streams, local(target), **options)


def _sized(picture: Any) -> Any:
    """The picture with square points, in its own shape, and of a size that captions fit and a machine can bear."""
    square = picture.filter("scale", w="trunc(iw*max(sar,1e-3)/2)*2", h="trunc(ih/2)*2").filter("setsar", "1")
    return square.filter(
        "scale", w=WIDEST, h=f"min({HIGHEST},max({LOWEST},ih))",
        force_original_aspect_ratio="decrease", force_divisible_by=2,
    )  # fmt: skip


def _steady(source: Any) -> Any:
    name, _, options = STEADY.partition("=")
    return source["a:0"].filter(name, **dict(option.split("=") for option in options.split(":")))


def _track(target: Path, clip: Clip) -> Any:
    file = target.with_suffix(".srt")
    file.write_text("\n".join(_srt(n, each) for n, each in enumerate(clip.captions, 1)), encoding="utf-8")
    return ffmpeg.input(local(file), f="srt", **only_files(("srt",)))["s:0"]


def _srt(number: int, caption: ClipCaption) -> str:
    # The track is styled text: what looks like a tag would become one, and `{\\…}` an ASS command.
    plain = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")", "\\": "/"})
    lines = "\n".join(" ".join(line.split()).translate(plain) for line in caption.lines)
    return f"{number}\n{_srt_time(caption.start)} --> {_srt_time(caption.end)}\n{lines}\n"


def _srt_time(seconds: float) -> str:
    thousandths = round(max(0.0, seconds) * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"


def _about(clip: Clip) -> dict[str, Any]:
    # One option under its two names, because an option can be given once.
    return {
        "t": _number(clip.seconds), "map_metadata": -1, "map_chapters": -1, "movflags": "+faststart", "y": None,
        "metadata": f"title={_line(clip.title)}", "metadata:g": f"comment={_line(clip.comment)}",
    }  # fmt: skip


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _number(seconds: float) -> str:
    return f"{seconds:.3f}"
