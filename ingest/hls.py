"""HLS: a manifest becomes one file. The playlist is only read here; every byte comes through `Web`.

Each segment is a file of its own in the workspace, so that a transfer goes on where it stopped.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import m3u8

from catalogue import Settings, SourceError
from ingest.http import HttpFailure, Web
from ingest.local_playlist import Key, Piece, write_master, write_playlist
from ingest.media import join_segments
from ingest.progress import Progress, throttled
from ingest.segment_files import Budget, NoMedia, SegmentFiles

MOST_SEGMENTS = 50_000  # 24 hours of 2-second segments is 43,200
MOST_GAPS = 100  # so many missing, and the rest is not asked for
LONGEST_SEGMENT = 3600.0  # seconds
_PICTURE_CODECS = ("avc", "hvc", "hev", "vp0", "vp8", "vp9", "av01", "mp4v")
BEST_HEIGHT = 720  # pixels; more helps nobody to follow a council


@dataclass(frozen=True, slots=True)
class Renditions:
    """The media playlists to fetch: one with picture and sound, or one for each."""

    main: str
    sound: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A segment that the server has no more, or no media for; `at` in seconds from the recording's start."""

    at: float
    duration: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """A media playlist whose segments are all here. `duration` in seconds, as announced."""

    playlist: Path
    duration: float
    encrypted: bool


def fetch_hls(url: str, workspace: Path, web: Web, settings: Settings, progress: Progress) -> Path:
    """The whole recording behind a manifest. Raises `SourceError` for one still live or with missing segments."""
    target = workspace / "original.mkv"
    if target.exists():
        return target  # joined before a run was stopped
    wanted = choose_renditions(url, web, settings.max_document_bytes)
    budget = Budget(settings.max_download_bytes)
    main = _gather(wanted.main, workspace / "main", web, settings, budget, progress)
    playlist, encrypted = main.playlist, main.encrypted
    if wanted.sound is not None:
        sound = _gather(wanted.sound, workspace / "sound", web, settings, budget, progress)
        # Joined as one stream: read one by one, each would begin at its own zero.
        playlist = workspace / "both.m3u8"
        playlist.write_text(write_master("main/local.m3u8", "sound/local.m3u8"), encoding="utf-8")
        encrypted = encrypted or sound.encrypted
    unfinished = workspace / "unfinished.mkv"
    unfinished.unlink(
        missing_ok=True
    )  # an ffmpeg of a killed run may still write to it: it keeps its own file
    join_segments(playlist, unfinished, encrypted, progress, main.duration)
    unfinished.replace(target)
    return target


def is_manifest(start: bytes) -> bool:
    """Whether the first bytes of a file are an HLS manifest's."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"#EXTM3U")


def load_manifest(url: str, web: Web, limit: int) -> m3u8.M3U8:
    """The manifest at an address, of at most `limit` bytes. Raises `SourceError` for what is none."""
    document = web.read(url, limit)
    if not is_manifest(document.data):
        raise SourceError("this is no HLS manifest", where=url)
    try:
        return m3u8.loads(document.data.decode("utf-8", "replace"), uri=document.url)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise SourceError("the HLS manifest is malformed", where=url) from error


def read_pieces(playlist: m3u8.M3U8, url: str) -> list[Piece]:
    """What the playlist says of its segments, each value checked. Raises `SourceError` for what is malformed."""
    try:
        return [_piece(segment) for segment in playlist.segments]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise SourceError("the HLS manifest is malformed", where=url) from error


def _piece(segment: m3u8.Segment) -> Piece:
    duration = float(segment.duration or 0.0)
    if not (math.isfinite(duration) and 0 <= duration <= LONGEST_SEGMENT):
        raise ValueError(f"a segment of {duration} s")
    header = segment.init_section
    return Piece(
        url=str(segment.absolute_uri),
        duration=duration,
        span=_span(segment.byterange),
        discontinuity=bool(segment.discontinuity),
        key=_key(segment.key),
        header=str(header.absolute_uri) if header else None,
        header_span=_span(header.byterange) if header else None,
    )


def _span(text: str | None) -> str | None:
    if text and not re.fullmatch(r"\d{1,15}(@\d{1,15})?", text):
        raise ValueError("a range that is none")
    return text or None


def _key(key: m3u8.Key | None) -> Key | None:
    if key is None or key.method in (None, "NONE"):
        return None
    if key.method != "AES-128" or not key.uri or (key.keyformat or "identity") != "identity":
        raise SourceError(
            f"this stream is protected ({str(key.method)[:20]})",
            where=str(key.base_uri),
            remedy="Ask the municipality for the recording itself.",
        )
    if key.iv and not re.fullmatch(r"0[xX][0-9a-fA-F]{1,32}", key.iv):
        raise ValueError("an initial vector that is none")
    return Key(str(key.absolute_uri), key.iv or None)


def choose_renditions(url: str, web: Web, limit: int) -> Renditions:
    """Which media playlists to fetch: those of a master playlist's best, or the one at the address itself."""
    playlist = load_manifest(url, web, limit)
    if not playlist.is_variant:
        return Renditions(url, None)
    variants = [p for p in playlist.playlists if p.uri]
    if not variants:
        raise SourceError("the HLS manifest names no recording", where=url)
    best = max(variants, key=_worth)
    sounds = [m for m in best.media if m.type == "AUDIO" and m.uri]
    sound = next((m for m in sounds if m.default == "YES"), sounds[0] if sounds else None)
    base = playlist.base_uri or url
    return Renditions(urljoin(base, best.uri), urljoin(base, sound.uri) if sound else None)


def _worth(variant: m3u8.Playlist) -> tuple[bool, bool, int]:
    """A picture before none, one of modest size before a large one, then the best of them."""
    info = variant.stream_info
    height = info.resolution[1] if info.resolution else 0
    seen = bool(height) or not info.codecs or any(c in info.codecs for c in _PICTURE_CODECS)
    bandwidth = info.bandwidth or 0
    return seen, height <= BEST_HEIGHT, bandwidth if height <= BEST_HEIGHT else -bandwidth


def _gather(
    url: str, folder: Path, web: Web, settings: Settings, budget: Budget, progress: Progress
) -> Gathered:
    """Fetch all that a media playlist names, and write one that names the files here."""
    playlist = load_manifest(url, web, settings.max_document_bytes)
    if not playlist.is_endlist and playlist.playlist_type != "vod":
        raise SourceError(
            "is still being broadcast", where=url, remedy="Run it again when the meeting has ended."
        )
    pieces = read_pieces(playlist, url)
    if not 0 < len(pieces) <= MOST_SEGMENTS:
        raise SourceError(f"the HLS manifest has {len(pieces)} segments", where=url)
    folder.mkdir(parents=True, exist_ok=True)
    files = SegmentFiles(folder, web, budget)
    total, done, told = sum(p.duration for p in pieces), 0.0, throttled(progress)
    gaps: list[Gap] = []
    for piece in pieces:
        try:
            files.get(piece.url, "segment", sealed=piece.key is not None)
        except (HttpFailure, NoMedia):
            gaps.append(Gap(done, piece.duration))
            if len(gaps) == MOST_GAPS:
                break
        done += piece.duration
        told(done, total)
    if gaps:
        raise _missing(url, gaps, len(pieces))
    local = folder / "local.m3u8"
    local.write_text(write_playlist(pieces, playlist.media_sequence, files.get), encoding="utf-8")
    return Gathered(local, total, any(p.key for p in pieces))


def _missing(url: str, gaps: list[Gap], total: int) -> SourceError:
    places = ", ".join(f"{gap.at:.0f} s" for gap in gaps[:5]) + (" …" if len(gaps) > 5 else "")
    count = f"at least {len(gaps)}" if len(gaps) == MOST_GAPS else f"{len(gaps)}"
    return SourceError(
        f"{count} of {total} segments are missing, at {places}",
        where=url,
        remedy="Run it again: what has arrived is kept.",
    )
