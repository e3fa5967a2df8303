"""HLS: a manifest becomes one file. The playlist is only read here; every byte comes through `Web`.

Each segment is a file of its own in the workspace, so that a transfer goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

import m3u8

from catalogue import Settings, SourceError
from ingest.http import CutTransfer, HttpFailure, Progress, TooLarge, Web
from ingest.media import join_segments, merge_sound

MOST_SEGMENTS = 50_000  # 24 hours of 2-second segments is 43,200
BEST_HEIGHT = 720  # pixels; more helps nobody to follow a council


@dataclass(frozen=True, slots=True)
class Renditions:
    """The media playlists to fetch: one with picture and sound, or one for each."""

    main: str
    sound: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A segment that the server no longer has; `at` in seconds from the recording's start."""

    at: float
    duration: float


def fetch_hls(url: str, workspace: Path, web: Web, settings: Settings, progress: Progress) -> Path:
    """The whole recording behind a manifest. Raises `SourceError` for one still live or with missing segments."""
    wanted = _renditions(url, web, settings.max_document_bytes)
    target = workspace / "original.mkv"
    if wanted.sound is None:
        _fetch_playlist(wanted.main, workspace / "main", target, web, settings, progress)
        return target
    picture, sound = workspace / "picture.mkv", workspace / "sound.mkv"
    _fetch_playlist(wanted.main, workspace / "main", picture, web, settings, progress)
    _fetch_playlist(wanted.sound, workspace / "sound", sound, web, settings, progress)
    merge_sound(picture, sound, target, progress)
    return target


def is_manifest(start: bytes) -> bool:
    """Whether the first bytes of a file are an HLS manifest's."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"#EXTM3U")


def _load(url: str, web: Web, limit: int) -> m3u8.M3U8:
    document = web.read(url, limit)
    if not is_manifest(document.data):
        raise SourceError("this is no HLS manifest", where=url)
    try:
        return m3u8.loads(document.data.decode("utf-8", "replace"), uri=document.url)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise SourceError("the HLS manifest is malformed", where=url) from error


def _renditions(url: str, web: Web, limit: int) -> Renditions:
    playlist = _load(url, web, limit)
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


def _worth(variant: m3u8.Playlist) -> tuple[bool, int]:
    info = variant.stream_info
    height = info.resolution[1] if info.resolution else 0
    return height <= BEST_HEIGHT, info.bandwidth or 0


def _fetch_playlist(
    url: str, folder: Path, target: Path, web: Web, settings: Settings, progress: Progress
) -> None:
    if target.exists():
        return  # joined before a run was stopped
    playlist = _load(url, web, settings.max_document_bytes)
    if not playlist.is_endlist and playlist.playlist_type != "vod":
        raise SourceError(
            "is still being broadcast", where=url, remedy="Run it again when the meeting has ended."
        )
    segments = playlist.segments
    if not 0 < len(segments) <= MOST_SEGMENTS:
        raise SourceError(f"the HLS manifest has {len(segments)} segments", where=url)
    folder.mkdir(parents=True, exist_ok=True)
    files = _Files(folder, web, settings.max_download_bytes)
    total, done = sum(s.duration or 0.0 for s in segments), 0.0
    gaps: list[Gap] = []
    for segment in segments:
        try:
            segment.uri = files.get(segment.absolute_uri, "segment")
        except (HttpFailure, CutTransfer):
            gaps.append(Gap(done, segment.duration or 0.0))
        done += segment.duration or 0.0
        progress(done, total)
    if gaps:
        raise _missing(url, gaps, len(segments))
    _join(playlist, files, folder, target, progress, total)


def _missing(url: str, gaps: list[Gap], total: int) -> SourceError:
    places = ", ".join(f"{gap.at:.0f} s" for gap in gaps[:5]) + (" …" if len(gaps) > 5 else "")
    return SourceError(
        f"{len(gaps)} of {total} segments are missing, at {places}",
        where=url,
        remedy="Run it again: what has arrived is kept.",
    )


class _Files:
    """Segments, keys and headers as files of one folder, each fetched once."""

    def __init__(self, folder: Path, web: Web, limit: int) -> None:
        self._folder, self._web, self._limit = folder, web, limit
        self._names: dict[str, str] = {}
        self._bytes = 0

    def get(self, url: str, kind: str) -> str:
        """The name of the file in the folder; a whole file is fetched once, also where ranges of it are used."""
        if url not in self._names:
            stem = f"{kind}-{len(self._names):05}"
            file = next(self._folder.glob(f"{stem}.known.*"), None)
            if file is None:
                arrived = self._folder / stem
                self._web.download(url, arrived, self._limit - self._bytes, lambda _, __: None)
                file = arrived.rename(self._folder / f"{stem}.known{_ending(arrived, kind, url)}")
            self._bytes += file.stat().st_size
            if self._bytes > self._limit:
                raise TooLarge(url, self._limit)
            self._names[url] = file.name
        return self._names[url]


def _ending(file: Path, kind: str, url: str) -> str:
    """The ending that ffmpeg wants to see for what a file holds: it refuses segments named otherwise."""
    with file.open("rb") as handle:
        start = handle.read(12)
    if kind == "key":
        return ".key"
    if start[4:8] in (b"ftyp", b"styp", b"moof", b"sidx", b"moov", b"emsg", b"prft"):
        return ".mp4"
    if start[:1] == b"\x47":
        return ".ts"
    if start[:3] == b"ID3" or start[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return ".aac"
    told = PurePosixPath(urlsplit(url).path).suffix.lower()  # an encrypted one shows nothing
    return told if told in (".ts", ".mp4", ".m4s", ".aac") else ".ts"


def _join(
    playlist: m3u8.M3U8, files: _Files, folder: Path, target: Path, progress: Progress, total: float
) -> None:
    """Rewrite the playlist to the files that were fetched, and copy them into one."""
    encrypted = False
    for key in {id(s.key): s.key for s in playlist.segments if s.key}.values():
        if key.method and key.method != "NONE":
            if key.method != "AES-128" or not key.uri:
                raise SourceError(f"is protected ({key.method})", where=str(playlist.base_uri))
            encrypted = True
            key.uri = files.get(key.absolute_uri, "key")
    for header in {id(s.init_section): s.init_section for s in playlist.segments if s.init_section}.values():
        header.uri = files.get(header.absolute_uri, "header")
    playlist.is_endlist = True
    local = folder / "local.m3u8"
    local.write_text(playlist.dumps(), encoding="utf-8")
    unfinished = target.with_name("unfinished-" + target.name)
    join_segments(local, unfinished, encrypted, progress, total)
    unfinished.replace(target)
