"""All segments of a media playlist, each a file of its own in the workspace, so that a transfer goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from catalogue import InputError, Settings, SourceError, Version
from ingest.http import EXPIRED, HttpFailure, Web
from ingest.local_playlist import Piece, write_playlist
from ingest.manifests import ASK, Told, load, read_pieces, told_by
from ingest.progress import Progress, throttled
from ingest.segment_files import Budget, NoMedia, SegmentFiles
from ingest.wholeness import clock

MOST_GAPS = 100  # so many missing, and the rest is not asked for


@dataclass(frozen=True, slots=True)
class Sources:
    """What all playlists of one recording share."""

    web: Web
    settings: Settings
    budget: Budget
    progress: Progress
    holes: bool  # whether one with missing segments is taken as well


@dataclass(frozen=True, slots=True)
class Gap:
    """A segment that the server has no more, or no media for; `at` in seconds from the recording's start."""

    number: int
    at: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """A media playlist whose segments are all here, and what it said of itself."""

    playlist: Path
    told: Told
    encrypted: bool
    holes: str = ""  # what is missing of it, in words


class MissingSegments(SourceError):
    """Some segments cannot be had. `places` says how many and where."""

    def __init__(self, url: str, gaps: list[Gap], total: int) -> None:
        some = ", ".join(clock(gap.at) for gap in gaps[:5]) + (" …" if len(gaps) > 5 else "")
        count = f"at least {len(gaps)}" if len(gaps) == MOST_GAPS else f"{len(gaps)}"
        self.places = f"{count} of {total} segments are missing, at {some}"
        super().__init__(self.places, where=url, remedy="Run it again: what has arrived is kept.")


class StillLive(SourceError):
    """The stream goes on. `version` is what there is of it now."""

    def __init__(self, url: str, version: Version) -> None:
        self.version = version
        super().__init__(
            "is still being broadcast", where=url, remedy="Run it again when the meeting has ended."
        )


def gather(
    url: str, anew: Callable[[], str], folder: Path, sources: Sources, stands: Callable[[Version], bool]
) -> Gathered:
    """Fetch all that a media playlist names, and write one that names the files here.

    Where a link has expired, `anew` gives the playlist's address again, and it goes on with the links that are there.
    Raises `StillLive` for one that does not say that it ended, unless it `stands` still.
    """
    web, limit = sources.web, sources.settings.max_document_bytes
    playlist = load(url, web, limit)
    pieces = read_pieces(playlist, url)
    told = told_by(playlist, pieces)
    if playlist.is_variant or (not pieces and told.version.ended):
        raise SourceError("the HLS manifest leads to no recording", where=url, remedy=ASK)
    if not told.version.ended and not stands(told.version):
        raise StillLive(url, told.version)
    folder.mkdir(parents=True, exist_ok=True)
    files = SegmentFiles(folder, web, sources.budget)
    files.expect(_named(pieces))

    def renewed(pieces: list[Piece]) -> list[Piece]:
        """The same segments under today's links; as they were where the playlist has become another."""
        address = anew()
        again = read_pieces(load(address, web, limit), address)[: len(pieces)]
        if [_place(piece) for piece in again] != [_place(piece) for piece in pieces]:
            return pieces
        files.expect(_named(again))
        return again

    try:
        pieces, gaps = _all(pieces, files, renewed, throttled(sources.progress), told.seconds)
    except InputError as error:
        raise SourceError(
            f"names a segment that may not be fetched ({error.where}: {error.what})",
            where=url,
            remedy=error.remedy,
        ) from error
    lost = MissingSegments(url, gaps, len(pieces)) if gaps else None
    if lost and (not sources.holes or len(gaps) in (MOST_GAPS, len(pieces))):
        raise lost
    gone = {gap.number for gap in gaps}
    pieces = [piece for number, piece in enumerate(pieces) if number not in gone]
    local = folder / "local.m3u8"
    local.write_text(write_playlist(pieces, playlist.media_sequence, files.get), encoding="utf-8")
    return Gathered(local, told, any(p.key for p in pieces), lost.places if lost else "")


def _all(
    pieces: list[Piece],
    files: SegmentFiles,
    renewed: Callable[[list[Piece]], list[Piece]],
    progress: Progress,
    total: float,
) -> tuple[list[Piece], list[Gap]]:
    """Fetch them in their order; returns them under the links that they were found at last, and what is missing."""
    gaps: list[Gap] = []
    done, number, asked_anew = 0.0, 0, -1
    while number < len(pieces) and len(gaps) < MOST_GAPS:
        piece = pieces[number]
        try:
            _one(piece, files)
        except (HttpFailure, NoMedia) as error:
            if isinstance(error, HttpFailure) and error.status in EXPIRED and asked_anew < number:
                before, asked_anew = pieces, number
                pieces = renewed(pieces)
                if pieces == before:
                    asked_anew = len(pieces)  # the links do not change
                continue
            gaps.append(Gap(number, done))
        done, number = done + piece.duration, number + 1
        progress(done, total)
    return pieces, gaps


def _one(piece: Piece, files: SegmentFiles) -> None:
    """A segment with what it cannot be read without, while their links last."""
    if piece.header:
        files.get(piece.header, "header")
    if piece.key:
        try:
            files.get(piece.key.url, "key")
        except HttpFailure as error:
            if error.status in EXPIRED:
                raise
            raise SourceError(
                f"the stream is encrypted, and its key cannot be fetched ({error.what})",
                where=piece.key.url,
                remedy="Ask the municipality for the recording itself.",
            ) from error
    files.get(piece.url, "segment", sealed=piece.key is not None)


def _named(pieces: list[Piece]) -> list[str]:
    keys = [piece.key.url for piece in pieces if piece.key]
    return [piece.url for piece in pieces] + [p.header for p in pieces if p.header] + keys


def _place(piece: Piece) -> tuple[str, str | None, float]:
    """What stays of a segment when its link is signed anew: its name, its part of the file, how long it is."""
    return piece.url.partition("?")[0].rpartition("/")[2], piece.span, piece.duration
