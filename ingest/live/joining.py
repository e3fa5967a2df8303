"""A live recording as one file: every stretch by itself, then one after the other with the holes cut out.

A stretch is what has one clock and one coding inside. Joined by itself it begins at zero, so that neither a sender
that began anew nor a hole moves what follows: where a hole is in the file is the length of what was joined before.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from catalogue import Gap, GapReason, SourceError
from ingest.live.holes import Hole, Layout, Stretch
from ingest.local_playlist import Piece, write_master, write_playlist
from ingest.media import MediaInfo, join_segments, probe
from ingest.process import CONTAINERS, local, only_files, recording, run
from ingest.progress import Progress

_LIST = ("concat", *CONTAINERS)
_WORK = "joining"  # a folder beside the segments


@dataclass(frozen=True, slots=True)
class Joined:
    """The whole recording: its file, its seconds, and where something is missing on its clock."""

    file: Path
    duration: float
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    file: Path
    info: MediaInfo
    duration: float


def room_needed(layout: Layout) -> int:
    """Bytes that joining takes beside the segments: as much again, and once more where stretches are put together."""
    size = sum(segment.size for stretch in layout.stretches for segment in stretch.segments)
    return size if len(layout.stretches) < 2 else 2 * size


@contextmanager
def joined(folder: Path, layout: Layout, progress: Progress) -> Iterator[Joined]:
    """Join what lies in `folder` into one file there, which is gone after the block unless it was moved away.

    A stretch that cannot be read is left out and becomes a gap. After a kill it begins anew. Raises `SourceError` where
    nothing can be made of it, `DiskFull`, and `OSError`.
    """
    drop_half_joined(folder)
    work = folder / _WORK
    work.mkdir()
    try:
        yield _join(folder, work, layout, progress)
    finally:
        drop_half_joined(folder)


def drop_half_joined(folder: Path) -> None:
    """Remove what a kill left of joining what lies in `folder`: it takes the room that joining anew needs."""
    shutil.rmtree(folder / _WORK, ignore_errors=True)


def _join(folder: Path, work: Path, layout: Layout, progress: Progress) -> Joined:
    total = sum(s.piece.duration for stretch in layout.stretches for s in stretch.segments)
    pieces: list[_Piece] = []
    holes: list[tuple[float, Hole]] = []
    done = 0.0
    for n, stretch in enumerate(layout.stretches):
        if stretch.before:
            holes.append((done, stretch.before))
        made = _stretch(folder, work, n, stretch, _part(progress, done, total))
        if made is None:
            lost = sum(one.piece.duration for one in stretch.segments)
            holes.append((done, Hole(lost, GapReason.DAMAGED)))
            continue
        pieces.append(made)
        done += made.duration
        progress(done, 2 * total)
    if not pieces:
        raise SourceError("nothing of what was recorded can be read", where=folder.name)
    if layout.after:
        holes.append((done, layout.after))
    file = pieces[0].file if len(pieces) == 1 else _one_after_the_other(work, pieces, progress)
    return Joined(file, done, _gaps(holes))


def _gaps(holes: Sequence[tuple[float, Hole]]) -> tuple[Gap, ...]:
    """Holes at the same place are one gap."""
    found: list[Gap] = []
    for at, hole in holes:
        at = round(at, 3)
        lost = None if hole.lost is None else round(hole.lost, 3)
        if found and found[-1].at == at:
            before = found.pop()
            both = None if lost is None or before.lost is None else round(before.lost + lost, 3)
            found.append(Gap(at, both, before.reason))
        else:
            found.append(Gap(at, lost, hole.reason))
    return tuple(found)


def _stretch(folder: Path, work: Path, n: int, stretch: Stretch, progress: Progress) -> _Piece | None:
    """One stretch as a file; None where ffmpeg can make nothing of it."""
    main = [one.piece for one in stretch.segments]
    sounds = [one.sound for one in stretch.segments if one.sound]
    sealed = any(piece.key for piece in (*main, *sounds))
    playlist = _playlist(folder, f"joining-{n}.m3u8", main)
    if sounds:
        sound = _playlist(folder, f"joining-{n}-sound.m3u8", sounds)
        playlist = folder / f"joining-{n}-both.m3u8"
        playlist.write_text(write_master(f"joining-{n}.m3u8", sound.name), encoding="utf-8")
    target = work / f"{n:05}.mkv"
    try:
        join_segments(playlist, target, sealed, progress, None)
        info = probe(target)
    except SourceError:
        return None
    finally:
        for left in folder.glob(f"joining-{n}*.m3u8"):
            left.unlink()
    return _Piece(target, info, info.duration) if info.duration else None


def _playlist(folder: Path, name: str, pieces: Sequence[Piece]) -> Path:
    file = folder / name
    file.write_text(write_playlist(pieces, 0, lambda url, _: url), encoding="utf-8")
    return file


def _one_after_the_other(work: Path, pieces: Sequence[_Piece], progress: Progress) -> Path:
    total = sum(piece.duration for piece in pieces)
    if len({_coding(piece.info) for piece in pieces}) > 1:
        pieces = _alike(work, pieces, lambda _, __: progress(total, 2 * total))
    listing = work / "all.txt"
    lines = [f"file {piece.file.name}\nduration {piece.duration:.3f}" for piece in pieces]
    listing.write_text("\n".join(["ffconcat version 1.0", *lines, ""]), encoding="utf-8")
    target = work / "all.mkv"
    source = ffmpeg.input(local(listing), format="concat", **only_files(_LIST))
    streams = [source["V:0"], source["a:0"]] if pieces[0].info.video else [source["a:0"]]
    node = ffmpeg.output(*streams, local(target), c="copy", y=None)
    run(node, "the recording", _part(progress, total, total), total)
    return target


def _part(progress: Progress, before: float, total: float) -> Progress:
    """What comes after `before` seconds of the twice `total` that there are to do."""
    tell: Callable[[float, float | None], None] = lambda done, _: progress(before + done, 2 * total)  # noqa: E731
    return tell


def _coding(info: MediaInfo) -> tuple[object, ...]:
    return info.video, info.width, info.height, info.pixels, info.audio, info.layout


def _alike(work: Path, pieces: Sequence[_Piece], progress: Progress) -> list[_Piece]:
    """All encoded to the same: the sender changed its picture or sound midway."""
    seen = [piece.info for piece in pieces if piece.info.video]
    width = max((info.width or 0 for info in seen), default=0) // 2 * 2
    height = max((info.height or 0 for info in seen), default=0) // 2 * 2
    made = []
    for piece in pieces:
        target = work / f"alike-{piece.file.name}"
        _encode(piece, target, (width, height) if width and height else None, progress)
        info = probe(target)
        made.append(_Piece(target, info, piece.duration))
    return made


def _encode(piece: _Piece, target: Path, size: tuple[int, int] | None, progress: Progress) -> None:
    source = recording(piece.file)
    streams: list[Any] = [source["a:0"]]
    options: dict[str, Any] = {"c:a": "aac", "ar": 48_000, "ac": 2, "b:a": "128k", "t": piece.duration}
    if size:
        width, height = size
        if piece.info.video:
            streams.insert(0, source["V:0"])
        else:  # sound alone: the picture is black meanwhile
            black = f"color=black:size={width}x{height}:rate=5"
            streams.insert(0, ffmpeg.input(black, format="lavfi", **only_files(("lavfi",)))["v:0"])
        fit = (
            f"scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:-1:-1,setsar=1"
        )
        options |= {"c:v": "libx264", "preset": "veryfast", "crf": 23, "pix_fmt": "yuv420p", "vf": fit}
    run(ffmpeg.output(*streams, local(target), y=None, **options), piece.file.name, progress, None)
