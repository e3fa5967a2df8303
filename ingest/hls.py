"""HLS: a manifest becomes one file. The playlist is only read here; every byte comes through `Web`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urljoin

import m3u8

from catalogue import Settings, SourceError, Version
from ingest.gathering import Sources, gather
from ingest.http import Web
from ingest.local_playlist import write_master
from ingest.manifests import ASK, Told, load, read_pieces, told_by
from ingest.media import join_segments
from ingest.progress import Progress
from ingest.segment_files import Budget

_PICTURE_CODECS = ("avc", "hvc", "hev", "vp0", "vp8", "vp9", "av01", "mp4v")
BEST_HEIGHT = 720  # pixels; more helps nobody to follow a council


@dataclass(frozen=True, slots=True)
class Renditions:
    """The media playlists to fetch: one with picture and sound, or one for each."""

    main: str
    sound: str | None


@dataclass(frozen=True, slots=True)
class Stream:
    """A recording that was behind a manifest: the file, and what the manifest said of it."""

    file: Path
    told: Told
    holes: str = ""  # what is missing in the middle of it, in words


def fetch_hls(
    ask: Callable[[], str],
    workspace: Path,
    web: Web,
    settings: Settings,
    progress: Progress,
    settled: Version | None = None,
    holes: bool = False,
) -> Stream:
    """The whole recording behind a manifest; `ask` gives its address, anew where links have expired.

    Raises `MissingSegments` where there are some (unless it is taken with `holes`), and `StillLive` for one that does not say that it ended, unless it
    stands as it did some time ago (`settled`).
    """
    target, kept = workspace / "original.mkv", workspace / "told.json"
    if target.exists() and kept.exists():
        return _load(target, kept)  # joined before a run was stopped
    limit = settings.max_document_bytes
    wanted = choose_renditions(ask(), web, limit)
    sources = Sources(web, settings, Budget(settings.max_download_bytes), progress, holes)

    def stands(version: Version) -> bool:
        return settled is not None and settled.same_as(version)

    main = gather(
        wanted.main, lambda: choose_renditions(ask(), web, limit).main, workspace / "main", sources, stands
    )
    playlist, encrypted, lost = main.playlist, main.encrypted, main.holes
    if wanted.sound is not None:
        first = wanted.sound
        sound = gather(
            first,
            lambda: choose_renditions(ask(), web, limit).sound or first,
            workspace / "sound",
            sources,
            lambda _: True,
        )
        # Joined as one stream: read one by one, each would begin at its own zero.
        playlist = workspace / "both.m3u8"
        playlist.write_text(write_master("main/local.m3u8", "sound/local.m3u8"), encoding="utf-8")
        encrypted, lost = encrypted or sound.encrypted, lost or sound.holes
    unfinished = workspace / "unfinished.mkv"
    unfinished.unlink(
        missing_ok=True
    )  # an ffmpeg of a killed run may still write to it: it keeps its own file
    try:
        join_segments(playlist, unfinished, encrypted, progress, main.told.seconds, bool(lost))
    except SourceError as error:
        why = (
            "its segments cannot be unlocked with the key that its server gives" if encrypted else error.what
        )
        raise SourceError(why, where=wanted.main, remedy=ASK) from error
    kept.write_text(json.dumps(asdict(main.told) | {"holes": lost}), encoding="utf-8")
    unfinished.replace(target)
    return Stream(target, main.told, lost)


def look_hls(url: str, web: Web, settings: Settings) -> Version:
    """What a manifest says of its recording now; asks for the playlists alone."""
    playlist = load(
        choose_renditions(url, web, settings.max_document_bytes).main, web, settings.max_document_bytes
    )
    return told_by(playlist, read_pieces(playlist, url)).version


def _load(target: Path, kept: Path) -> Stream:
    raw = json.loads(kept.read_text(encoding="utf-8"))
    return Stream(target, Told(raw["seconds"], raw["slack"], Version(**raw["version"])), raw["holes"])


def choose_renditions(url: str, web: Web, limit: int) -> Renditions:
    """Which media playlists to fetch: those of a master playlist's best, or the one at the address itself."""
    playlist = load(url, web, limit)
    if not playlist.is_variant:
        return Renditions(url, None)
    variants = [p for p in playlist.playlists if p.uri]
    if not variants:
        raise SourceError("the HLS manifest leads to no recording", where=url, remedy=ASK)
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
