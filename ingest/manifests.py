"""What an HLS manifest says, each value checked."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import m3u8

from catalogue import SourceError, Version
from ingest.http import Web
from ingest.local_playlist import Key, Piece

MOST_SEGMENTS = 50_000  # 24 hours of 2-second segments is 43,200
MOST_LINES = 10 * MOST_SEGMENTS  # with dates, ranges and keys some five lines a segment
LONGEST_SEGMENT = 3600.0  # seconds
ASK = "Look whether it plays in a browser; if so, give the address of the recording itself."


@dataclass(frozen=True, slots=True)
class Told:
    """What a media playlist says of its recording. Times in seconds; `slack` is by how much `seconds` may be too long:
    older playlists round each segment up to whole seconds."""

    seconds: float
    slack: float
    version: Version


def is_manifest(start: bytes) -> bool:
    """Whether the first bytes of a file are an HLS manifest's."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"#EXTM3U")


def load(url: str, web: Web, limit: int) -> m3u8.M3U8:
    """The manifest at an address."""
    document = web.read(url, limit)
    return parse(document.data, document.url, url)


def parse(data: bytes, base: str, url: str) -> m3u8.M3U8:
    """A manifest whose names are relative to `base`. Raises `SourceError`, about `url`, for what is none, or has more
    lines than any recording needs."""
    if not is_manifest(data):
        raise SourceError("this is no HLS manifest", where=url, remedy=ASK)
    if data.count(b"\n") > MOST_LINES or data.count(b"#EXTINF") > MOST_SEGMENTS:
        raise SourceError(f"the HLS manifest has more than {MOST_SEGMENTS:,} segments", where=url, remedy=ASK)
    try:
        return m3u8.loads(data.decode("utf-8", "replace"), uri=base)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise SourceError("the HLS manifest is malformed", where=url, remedy=ASK) from error


def read_pieces(playlist: m3u8.M3U8, url: str) -> list[Piece]:
    """What the playlist says of its segments, each value checked. Raises `SourceError` for what is malformed."""
    try:
        return _with_offsets([_piece(s) for s in playlist.segments], begins=not playlist.media_sequence)
    except SourceError as error:  # which knows nothing but its segment
        raise SourceError(error.what, where=url, remedy=error.remedy) from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise SourceError("the HLS manifest is malformed", where=url, remedy=ASK) from error


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


def _with_offsets(pieces: Sequence[Piece], begins: bool) -> list[Piece]:
    """Each with the place of its range in its file: one without an offset follows the segment before, if that is of the
    same file (RFC 8216, section 4.3.2.2). Where a playlist `begins` the stream, its first may begin the file."""
    found: list[Piece] = []
    ends: tuple[str, int] | None = None  # the file and the byte after the range before
    for n, piece in enumerate(pieces):
        if piece.span is None:
            ends = None
        else:
            length, _, offset = piece.span.partition("@")
            if not offset:
                follows = ends[1] if ends and ends[0] == piece.url else 0 if n or begins else None
                if follows is None:
                    raise ValueError("a range that follows what is not named")
                piece = replace(piece, span=f"{length}@{follows}")
                offset = str(follows)
            ends = piece.url, int(offset) + int(length)
        found.append(piece)
    return found


def _span(text: str | None) -> str | None:
    if text and not re.fullmatch(r"\d{1,15}(@\d{1,15})?", text):
        raise ValueError("a range that is none")
    return text or None


def _key(key: m3u8.Key | None) -> Key | None:
    if key is None or key.method in (None, "NONE"):
        return None
    if key.method != "AES-128" or not key.uri or (key.keyformat or "identity") != "identity":
        raise SourceError(
            f"this stream is protected against copying ({str(key.method)[:20]})",
            where=str(key.base_uri),
            remedy="Ask the municipality for the recording itself.",
        )
    if key.iv and not re.fullmatch(r"0[xX][0-9a-fA-F]{1,32}", key.iv):
        raise ValueError("an initial vector that is none")
    return Key(str(key.absolute_uri), key.iv or None)


def told_by(playlist: m3u8.M3U8, pieces: Sequence[Piece]) -> Told:
    """What a media playlist of these segments says of its recording."""
    seconds = sum(piece.duration for piece in pieces)
    # Before version 3 durations are whole seconds (RFC 8216, section 7).
    rounded = int(playlist.version or 1) < 3 and all(p.duration == int(p.duration) for p in pieces)
    said = [f"{piece.url.partition('?')[0]} {piece.span or ''} {piece.duration}" for piece in pieces]
    ended = bool(playlist.is_endlist or playlist.playlist_type == "vod")
    tag = hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]
    return Told(seconds, float(len(pieces)) if rounded else 0.0, Version(tag, seconds=seconds, ended=ended))
