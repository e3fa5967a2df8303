"""The playlist that ffmpeg reads: written by us, of files here. No word of a stranger's manifest is handed on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """What a segment is encrypted with (AES-128); `iv` is hexadecimal, None where it is the segment's number."""

    url: str
    iv: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment as the manifest has it. `duration` in seconds; a span is "length@offset" in bytes."""

    url: str
    duration: float
    span: str | None = None
    discontinuity: bool = False
    key: Key | None = None
    header: str | None = None
    header_span: str | None = None


def write_playlist(pieces: Sequence[Piece], first_number: int, name_of: Callable[[str, str], str]) -> str:
    """A media playlist; `name_of(url, kind)` is the file that an address was fetched to."""
    longest = math.ceil(max(piece.duration for piece in pieces))
    lines = playlist_head(longest, first_number, "VOD")
    key: Key | None = None
    header: tuple[str | None, str | None] = (None, None)
    for piece in pieces:
        if piece.discontinuity:
            lines.append("#EXT-X-DISCONTINUITY")
        if piece.key != key:
            key = piece.key
            lines.append(_key_line(key, name_of))
        if piece.header and (piece.header, piece.header_span) != header:
            header = piece.header, piece.header_span
            span = f',BYTERANGE="{piece.header_span}"' if piece.header_span else ""
            lines.append(f'#EXT-X-MAP:URI="{name_of(piece.header, "header")}"{span}')
        lines.append(f"#EXTINF:{piece.duration:.6f},")
        if piece.span:
            lines.append(f"#EXT-X-BYTERANGE:{piece.span}")
        lines.append(name_of(piece.url, "segment"))
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def playlist_head(longest: int, first_number: int, kind: str) -> list[str]:
    """The first lines of a media playlist; `longest` is a bound on its segments, in whole seconds."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{max(1, longest)}"]
    return [*lines, f"#EXT-X-MEDIA-SEQUENCE:{int(first_number or 0)}", f"#EXT-X-PLAYLIST-TYPE:{kind}"]


def write_master(picture: str, sound: str) -> str:
    """A master playlist of two media playlists here."""
    return (
        "#EXTM3U\n"
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,URI="{sound}"\n'
        f'#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="sound"\n{picture}\n'
    )


def _key_line(key: Key | None, name_of: Callable[[str, str], str]) -> str:
    if key is None:
        return "#EXT-X-KEY:METHOD=NONE"
    iv = f",IV={key.iv}" if key.iv else ""
    return f'#EXT-X-KEY:METHOD=AES-128,URI="{name_of(key.url, "key")}"{iv}'
