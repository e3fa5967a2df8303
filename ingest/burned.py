"""Words drawn into a picture: captions below, a credit line above, as an ASS document for ffmpeg's libass.

All of it is text from outside. ASS knows `{…}` for commands and `\\N` for a line break; neither can be written by it.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ffmpeg

from ingest.process import PROBE_SECONDS, command, local

HEIGHT = 720  # lines of the picture that sizes are counted in, whatever its real height
CAPTION, ALONE, CREDIT = 44, 58, 20  # height of letters, of `HEIGHT`; `ALONE`: there is nothing else to see
SLIM = 0.7  # of a picture this much higher than wide, letters are smaller
LIGHT = 100  # of 255; letters are white

_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 0
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name,Fontname,Fontsize,PrimaryColour,OutlineColour,BackColour,Bold,BorderStyle,Outline,Shadow,Alignment,MarginL,MarginR,MarginV,Encoding
Style: Said,sans-serif,{said},&H00FFFFFF,&H50000000,&H50000000,0,4,0,6,{place},40,40,32,1
Style: Credit,sans-serif,{credit},&H00FFFFFF,&H70000000,&H70000000,0,4,0,4,7,16,16,14,1

[Events]
Format: Layer,Start,End,Style,Text
"""


@dataclass(frozen=True, slots=True)
class ClipCaption:
    """One caption of a clip, in seconds from its beginning."""

    start: float
    end: float
    lines: tuple[str, ...]


def drawing(
    captions: Sequence[ClipCaption],
    credit: Sequence[str],
    seconds: float,
    shape: float = 16 / 9,
    alone: bool = False,
) -> str:
    """The ASS document for a clip of so many seconds, whose picture is `shape` times as wide as high.

    `alone`: there is no picture, so that captions are large and in the middle.
    """
    slim = SLIM if shape < 1 else 1.0
    head = _HEAD.format(
        width=round(HEIGHT * shape),
        height=HEIGHT,
        said=round((ALONE if alone else CAPTION) * slim),
        place=5 if alone else 2,
        credit=round(CREDIT * slim),
    )
    events = [_event(0.0, seconds, "Credit", credit)] if credit else []
    events += [_event(each.start, each.end, "Said", each.lines) for each in captions]
    return head + "".join(events)


@cache
def can_draw() -> bool:
    """Whether this machine's ffmpeg has libass and finds a font: letters drawn on black are not black."""
    with tempfile.TemporaryDirectory(prefix="talerstol-") as folder:
        file = Path(folder) / "try.ass"
        file.write_text(drawing([ClipCaption(0.0, 1.0, ("Æblegrød",))], (), 1.0), encoding="utf-8")
        black = ffmpeg.input("color=c=black:s=640x360:r=1:d=1", f="lavfi")
        drawn = black.filter("ass", filename=local(file).removeprefix("file:"))
        node = drawn.output("pipe:1", format="rawvideo", pix_fmt="gray", vframes=1)
        try:
            tried = subprocess.run(
                command(node), stdin=subprocess.DEVNULL, capture_output=True, timeout=PROBE_SECONDS, check=False
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return False
    return tried.returncode == 0 and max(tried.stdout, default=0) > LIGHT


def _event(start: float, end: float, style: str, lines: Sequence[str]) -> str:
    text = "\\N".join(_text(line) for line in lines)
    return f"Dialogue: 0,{_time(start)},{_time(end)},{style},{text}\n"


def _text(line: str) -> str:
    """A line as ASS shows it as it stands; an invisible joiner keeps a backslash from meaning anything."""
    plain = "".join(c if c.isprintable() else " " for c in line)
    return plain.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def _time(seconds: float) -> str:
    hundredths = round(max(0.0, seconds) * 100)
    return f"{hundredths // 360_000}:{hundredths // 6000 % 60:02}:{hundredths // 100 % 60:02}.{hundredths % 100:02}"
