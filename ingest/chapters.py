"""Chapters inside a media file: the streams copied, the list of chapters written anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ffmpeg

from ingest.media import probe
from ingest.process import local, only_files, recording, run
from ingest.progress import Progress

# What ffmpeg's metadata files give a meaning, and so is written behind a backslash.
_SPECIAL = str.maketrans({c: "\\" + c for c in "=;#\\\n"})


def with_chapters(
    path: Path, target_stem: Path, chapters: Sequence[tuple[float, float, str]], progress: Progress
) -> Path:
    """A copy of a playable file with exactly these chapters: (start, end, title), seconds from the file's start.

    Nothing is encoded. Returns the copy: `target_stem` with the file's own ending. Raises `SourceError`.
    """
    target = target_stem.with_name(target_stem.name + path.suffix)
    notes = target_stem.with_name(target_stem.name + ".ffmetadata")
    notes.write_text(_metadata(chapters), encoding="utf-8")
    target.unlink(missing_ok=True)
    info = probe(path)
    source = recording(path)
    listed = ffmpeg.input(local(notes), f="ffmetadata", **only_files(("ffmetadata",)))
    streams = [source["a:0"]] if info.video is None else [source["V:0"], source["a:0"]]
    options = {"movflags": "+faststart"} if path.suffix in (".mp4", ".m4a") else {}
    # The list holds no stream: naming one that may be missing is what makes it an input.
    node = ffmpeg.output(
        *streams, listed["a?"], local(target), c="copy", map_metadata=1, map_chapters=1, y=None, **options
    )
    try:
        run(node, path.name, progress, info.duration)
    finally:
        notes.unlink(missing_ok=True)
    return target


def _metadata(chapters: Sequence[tuple[float, float, str]]) -> str:
    """ffmpeg's own format of metadata (`ffmetadata`)."""
    blocks = [";FFMETADATA1\n"]
    for start, end, title in chapters:
        times = f"TIMEBASE=1/1000\nSTART={round(start * 1000)}\nEND={round(end * 1000)}"
        blocks.append(f"[CHAPTER]\n{times}\ntitle={' '.join(title.split()).translate(_SPECIAL)}\n")
    return "".join(blocks)
