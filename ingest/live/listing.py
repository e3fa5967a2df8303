"""One reading of a live stream: which segments its playlists name at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import m3u8

from catalogue import Settings, SourceError
from ingest.hls import Renditions
from ingest.http import Web
from ingest.local_playlist import Piece
from ingest.manifests import load, read_pieces

LONGEST_NUMBER = 10**15  # media sequence numbers begin at a clock's milliseconds with some encoders


@dataclass(frozen=True, slots=True)
class Listed:
    """A segment that a playlist names. `date` is when its first picture was made, by the sender's clock; `absent`:
    the sender itself says that it has none (EXT-X-GAP); `sound` is the same time's where it comes apart."""

    number: int
    piece: Piece
    date: datetime | None = None
    absent: bool = False
    sound: Piece | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What is named now, in order. `target` is the longest segment in seconds, `ended` that none will follow."""

    segments: tuple[Listed, ...]
    ended: bool
    target: float


def read_listing(at: Renditions, web: Web, settings: Settings) -> Listing:
    """Ask the stream's playlists once. Raises `SourceError`."""
    main = _listing(at.main, web, settings)
    return main if at.sound is None else _paired(main, _listing(at.sound, web, settings))


def _listing(url: str, web: Web, settings: Settings) -> Listing:
    playlist = load(url, web, settings.max_document_bytes)
    if playlist.is_variant:
        raise SourceError("a list of streams where a stream was", where=url)
    pieces = read_pieces(playlist, url)
    first, target = _number(playlist.media_sequence, url), float(playlist.target_duration or 0.0)
    segments = [
        Listed(first + n, piece, _date(segment), bool(segment.gap_tag))
        for n, (piece, segment) in enumerate(zip(pieces, playlist.segments, strict=True))
    ]
    longest = max((piece.duration for piece in pieces), default=target)
    return Listing(tuple(segments), bool(playlist.is_endlist), max(target, longest))


def _number(told: object, url: str) -> int:
    number = int(told) if isinstance(told, int) else 0
    if not 0 <= number <= LONGEST_NUMBER:
        raise SourceError("the HLS manifest is malformed", where=url)
    return number


def _date(segment: m3u8.Segment) -> datetime | None:
    told: datetime | None = segment.current_program_date_time
    return told if told is None or told.tzinfo else told.replace(tzinfo=UTC)


def _paired(main: Listing, sound: Listing) -> Listing:
    """Picture and sound of the same number are one segment: encoders cut both at the same places."""
    sounds = {listed.number: listed for listed in sound.segments}
    both = tuple(
        Listed(one.number, one.piece, one.date, one.absent or other.absent, other.piece)
        for one in main.segments
        if (other := sounds.get(one.number)) is not None
    )
    return Listing(both, main.ended and sound.ended, main.target)


def alike(main: Listing, sound: Listing) -> bool:
    """Whether picture and sound are cut at the same places, as far as these two listings tell."""
    sounds = {listed.number: listed.piece.duration for listed in sound.segments}
    common = [one for one in main.segments if one.number in sounds]
    return bool(common) and all(
        abs(one.piece.duration - sounds[one.number]) < one.piece.duration / 2 for one in common
    )


def followable(at: Renditions, web: Web, settings: Settings) -> Renditions:
    """The same, or the sound alone where picture and sound are not cut alike: what was said is what matters."""
    if at.sound is None:
        return at
    main, sound = _listing(at.main, web, settings), _listing(at.sound, web, settings)
    return at if alike(main, sound) or not (main.segments and sound.segments) else Renditions(at.sound, None)
