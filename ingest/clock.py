"""The one clock of a recording: what is heard, what is played and what is silenced all count from its zero.

Zero is where picture or sound begins, whichever is first. ffmpeg takes it from the streams in use, so the picture
is kept in use wherever the sound is read, and the sound wherever the picture is. The sound is read in two
processes: the first makes one kind of sound of it, whatever changes midway, and keeps its times; the second turns
holes and a late start into silence. In one process a change midway would begin the silence again from zero.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import ffmpeg

from ingest.process import command, recording

STEADY = "aresample=async=1:first_pts=0"  # holes in the sound become silence, so that its time stays true
SAMPLE_RATE = 16_000  # Hz, what speech models hear
SAME = 0.05  # seconds by which the end of a copied sound may differ from what was heard
# A jump forward by so much is another recording's clock. By less (ffmpeg's own limit is 10 s) it is a hole, in
# which the picture may go on.
JUMP_SECONDS = 3600
_CHUNK = 1 << 20
# Told at each change of the sound: "tb:1/44100 samplefmt:fltp samplerate:44100 chlayout:stereo"
_KIND = re.compile(r"samplerate:(\d+) chlayout:(\S+)")


def decoded(path: Path, picture: bool, rate: int, channels: int, seconds: float | None = None) -> Any:
    """The first sound track in one kind, its times kept, for `steady` to read; of at most `seconds`."""
    source, part = recording(path), {} if seconds is None else {"t": seconds}
    sound = ffmpeg.output(
        source["a:0"], "pipe:1", format="nut", acodec="pcm_s16le", ar=rate, ac=channels, **part
    )
    if not picture:
        return jumping(sound)
    return jumping(
        ffmpeg.merge_outputs(sound, ffmpeg.output(source["V:0"], "pipe:2", format="null", c="copy", **part))
    )


def steady(target: str, **options: Any) -> Any:
    """What `decoded` wrote, without holes and from zero on, into `target`."""
    source = ffmpeg.input("pipe:0", format="nut", protocol_whitelist="pipe", format_whitelist="nut")
    return ffmpeg.output(source["a:0"], target, af=STEADY, y=None, **options).global_args("-copyts")


def samples(rate: int, channels: int) -> Any:
    """The samples that `steady` wrote to a pipe, as an input."""
    return ffmpeg.input("pipe:0", format="s16le", ar=rate, ac=channels, protocol_whitelist="pipe")


def with_picture(path: Path, sound: Any, target: str, **options: Any) -> Any:
    """The recording's picture, on the clock, with that sound, into `target`."""
    source = recording(path)
    both = ffmpeg.output(source["V:0"], sound["a:0"], target, **options)
    return jumping(
        ffmpeg.merge_outputs(both, ffmpeg.output(source["a:0"], "pipe:2", format="null", c="copy"))
    )


def jumping(node: Any) -> Any:
    """The same, taking times that jump forward for a hole and not for another clock."""
    return node.global_args("-dts_delta_threshold", str(JUMP_SECONDS))


def plays_as_heard(copied: Path, heard: float) -> bool:
    """Whether a copied sound can be played as it is: of one kind throughout, without holes, as long as was heard."""
    node = recording(copied).output("pipe:1", format="s16le", ac=1, ar=SAMPLE_RATE, vn=None)
    size = 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command(node, "verbose"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        assert process.stdout is not None
        try:
            while chunk := process.stdout.read(_CHUNK):
                size += len(chunk)
            failed = process.wait() != 0
        finally:
            process.stdout.close()
            process.kill()
            process.wait()
        said.seek(0)
        kinds = {match.groups() for line in said for match in _KIND.finditer(line.decode("utf-8", "replace"))}
    return not failed and len(kinds) == 1 and abs(size / (2 * SAMPLE_RATE) - heard) <= SAME
