"""The sound of a playable file by itself, for whoever only listens."""

from __future__ import annotations

from pathlib import Path

import ffmpeg

from ingest.media import probe, require_sound
from ingest.process import local, recording, run
from ingest.progress import Progress


def extract_sound(playable: Path, target: Path, progress: Progress) -> None:
    """Write the sound of a playable file, with its chapters, as AAC in MPEG-4; copied where it is AAC already.

    Nothing withheld can be in it: what the playable file says, everybody may know. Raises `SourceError`.
    """
    info = probe(playable)
    require_sound(info, playable.name)
    how = {"c:a": "copy"} if info.audio == "aac" else {"c:a": "aac", "b:a": "96k"}
    node = ffmpeg.output(
        recording(playable)["a:0"], local(target), map_metadata=0, map_chapters=0, movflags="+faststart",
        f="ipod", y=None, **how,
    )  # fmt: skip
    run(node, playable.name, progress, info.duration)
