"""What a source is, and its original, whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from catalogue import Chapter, InputError, Recording, RecordingKind, Settings, SourceError, Version
from ingest.hls import fetch_hls, look_hls
from ingest.http import EXPIRED, Head, HttpFailure, Web
from ingest.local_files import why_no_file
from ingest.manifests import is_manifest
from ingest.media import MediaInfo, Walked, probe, require_sound, walk
from ingest.pages import resolve_page
from ingest.progress import Progress
from ingest.wholeness import clock, missing

NONE = "-"
MANIFEST_TYPES = {
    "application/vnd.apple.mpegurl",
    "application/x-mpegurl",
    "audio/mpegurl",
    "audio/x-mpegurl",
}
MEDIA_ENDINGS = {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".mp3", ".m4a", ".aac", ".wav", ".ogg", ".oga", ".opus", ".flac", ".ts"}  # fmt: skip
COPY_CHUNK = 1 << 22
MOST_LINKS = 50  # asked for one recording in one run: five minutes each for four hours


def register(
    source: str, ordinal: int, meeting_id: str, offset: float | None, web: Web, settings: Settings
) -> Recording:
    """A recording for the catalogue, once it is clear that the source is one. Fetches next to nothing."""
    kind, kept = _kind(source, web, settings)
    return Recording(f"{meeting_id}-{ordinal}", ordinal, kind, kept, offset)


def _kind(source: str, web: Web, settings: Settings) -> tuple[RecordingKind, str]:
    if source == NONE:
        return RecordingKind.NONE, source
    if "://" not in source:
        path = Path(source)
        require_sound(probe(path), source)
        return RecordingKind.FILE, os.path.realpath(path)
    web.check(source)
    head = web.head(source)
    if is_manifest(head.start) or head.content_type in MANIFEST_TYPES:
        return RecordingKind.HLS, source
    if _is_page(head):
        try:
            resolve_page(source, web, settings)
        except SourceError as error:
            raise InputError(error.what, where=source, remedy=error.remedy) from error
        return RecordingKind.PAGE, source
    told = head.content_type.startswith(("video/", "audio/")) or _ending(source) in MEDIA_ENDINGS
    if told or looks_like_media(head.start):
        return RecordingKind.HTTP, source
    raise InputError(
        f"this address is no recording (it is {head.content_type or 'of an unknown type'})",
        where=source,
        remedy="Give the address of a media file, an HLS manifest, or a page with a player.",
    )


def looks_like_media(start: bytes) -> bool:
    """Whether the first bytes are those of a recording, where neither type nor name tells."""
    if start[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide") or (
        start[:4] == b"RIFF" and start[8:12] in (b"WAVE", b"AVI ")
    ):
        return True
    return start.startswith((b"\x1a\x45\xdf\xa3", b"OggS", b"ID3", b"fLaC", b"FLV", b"\xff\xfb", b"\xff\xf1"))


def _is_page(head: Head) -> bool:
    start = head.start.lstrip()[:200].lower()
    return head.content_type in ("text/html", "application/xhtml+xml") or start.startswith(
        (b"<!doctype", b"<html")
    )


def _ending(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).suffix.lower()


@dataclass(frozen=True, slots=True)
class Original:
    """A recording as it was published: the file, and the chapters that the publisher set in it or on its page.

    `announced` is how long its source says it is (None where parts of it are missing there), `measured` how much can be
    read (seconds), `incomplete` what is missing, in words; `version` is what the source calls this file.
    """

    file: Path
    chapters: tuple[Chapter, ...] = ()
    announced: float | None = None
    measured: float = 0.0
    incomplete: str = ""
    has_video: bool = False
    version: Version = Version()


@dataclass(frozen=True, slots=True)
class _Transfer:
    """How one recording is fetched; what `settled` and `holes` mean, `fetch` says."""

    workspace: Path
    web: Web
    settings: Settings
    progress: Progress
    settled: Version | None
    holes: bool


@dataclass(frozen=True, slots=True)
class _Came:
    """A file that was fetched and what was said of it before anybody looked into it."""

    file: Path
    version: Version
    announced: float | None = None
    slack: float = 0.0
    chapters: tuple[Chapter, ...] = ()
    holes: str = ""


def fetch(
    recording: Recording,
    workspace: Path,
    web: Web,
    settings: Settings,
    progress: Progress,
    settled: Version | None = None,
    holes: bool = False,
) -> Original:
    """The recording's original as a file in the workspace. Killed and called again, it goes on where it stopped.

    A stream that does not say that it ended is taken where it stands as it did some time ago (`settled`), and one with
    missing segments with `holes`.
    """
    workspace.mkdir(parents=True, exist_ok=True)
    transfer = _Transfer(workspace, web, settings, progress, settled, holes)
    if recording.kind is RecordingKind.FILE:
        path = Path(recording.source)
        came = _Came(_copy(path, workspace, settings.max_download_bytes, progress), version_of_file(path))
    elif recording.kind is RecordingKind.LIVE:
        raise SourceError(
            "was recorded live, and its file is gone",
            where=recording.id,
            remedy="Put it back from a backup: talerstol restore.",
        )
    elif recording.kind is RecordingKind.PAGE:
        came = _from_page(recording.source, transfer)
    elif recording.kind is RecordingKind.HLS:
        came = _from_stream(lambda: recording.source, transfer)
    else:
        came = _from_address(recording.source, transfer)
    info, walked = _must_be_a_recording(came.file, recording.source, progress)
    announced = came.announced if came.announced is not None else info.duration
    incomplete = came.holes or missing(announced, walked.seconds, came.slack)
    if came.holes:
        announced = (
            None  # what a playlist announces may be rounded: it does not tell how much is in the holes
        )
    if walked.breaks_off and not incomplete:
        incomplete = f"the file breaks off after {clock(walked.seconds)}"
    return Original(
        came.file, came.chapters or info.chapters, announced, walked.seconds, incomplete,
        info.video is not None, came.version,
    )  # fmt: skip


def look(recording: Recording, web: Web, settings: Settings) -> Version:
    """What the source calls what it has now; costs a request or a few, and fetches no recording."""
    if recording.kind is RecordingKind.FILE:
        return version_of_file(Path(recording.source))
    if recording.kind is RecordingKind.HLS:
        return look_hls(recording.source, web, settings)
    if recording.kind is RecordingKind.HTTP:
        return web.version(recording.source)
    resolved = resolve_page(recording.source, web, settings)
    if resolved.seconds is not None:  # which of its files a page offers first may change from day to day
        return Version(seconds=resolved.seconds)
    return look_hls(resolved.url, web, settings) if resolved.hls else web.version(resolved.url)


def version_of_file(path: Path) -> Version:
    """Raises `SourceError` where the file is not there."""
    try:
        known = path.stat()
    except OSError as error:
        raise SourceError("the file is no longer there", where=str(path)) from error
    return Version(modified=str(known.st_mtime_ns), length=known.st_size)


def _from_page(source: str, transfer: _Transfer) -> _Came:
    """A page's recording; its links last for some time only, so they are asked for anew when they have expired."""
    resolved = resolve_page(source, transfer.web, transfer.settings)
    first = [resolved]

    def ask() -> str:
        return (first.pop() if first else resolve_page(source, transfer.web, transfer.settings)).url

    came = _from_stream(ask, transfer) if resolved.hls else _from_links(ask, transfer)
    told = resolved.seconds
    version = came.version if told is None else replace(came.version, seconds=told)
    announced = came.announced if told is None else told
    return replace(came, chapters=resolved.chapters, version=version, announced=announced)


def _from_stream(ask: Callable[[], str], by: _Transfer) -> _Came:
    stream = fetch_hls(ask, by.workspace, by.web, by.settings, by.progress, by.settled, by.holes)
    told = stream.told
    return _Came(stream.file, told.version, told.seconds, told.slack, holes=stream.holes)


def _from_links(ask: Callable[[], str], transfer: _Transfer) -> _Came:
    """A file whose link is asked for anew when it has expired; the transfer goes on."""
    url = ask()
    for _ in range(MOST_LINKS):
        try:
            return _from_address(url, transfer)
        except HttpFailure as error:
            if error.status not in EXPIRED or (fresh := ask()) == url:
                raise
            url = fresh
    return _from_address(url, transfer)


def _from_address(url: str, by: _Transfer) -> _Came:
    ending = _ending(url)
    file = by.workspace / f"original{ending if ending in MEDIA_ENDINGS else '.media'}"
    if file.exists():  # a run was killed just after it had come
        return _Came(file, Version(length=file.stat().st_size))
    return _Came(file, by.web.download(url, file, by.settings.max_download_bytes, by.progress))


def _copy(source: Path, workspace: Path, limit: int, progress: Progress) -> Path:
    """A copy of its own: what happens to the user's file later does not touch the archive."""
    if why := why_no_file(source):
        raise SourceError(
            "the file is no longer there" if why == "there is no such file" else why,
            where=str(source),
            remedy="Put it back and run again.",
        )
    total, done = source.stat().st_size, 0
    if total > limit:
        raise SourceError(
            f"larger than the {limit / 1024**2:,.0f} MB that are allowed",
            where=str(source),
            remedy="Raise TALERSTOL_MAX_DOWNLOAD_BYTES if that is right.",
        )
    ending = source.suffix.lower()
    target = workspace / f"original{ending if ending in MEDIA_ENDINGS else '.media'}"
    try:
        with source.open("rb") as original, target.open("wb") as copy:
            while chunk := original.read(COPY_CHUNK):
                copy.write(chunk)
                done += len(chunk)
                progress(done, total)
        shutil.copystat(source, target)
        target.chmod(0o644)
    except OSError as error:
        raise SourceError(
            f"cannot be copied ({error.strerror})",
            where=str(source),
            remedy="Check that the file can be opened and that there is room on the disk.",
        ) from error
    return target


def _must_be_a_recording(file: Path, source: str, progress: Progress) -> tuple[MediaInfo, Walked]:
    """What arrived is probed and walked through; if it is no recording with sound it is not kept."""
    try:
        info = probe(file)
        require_sound(info, source)
        return info, walk(file, info, source, progress)
    except (InputError, SourceError) as error:
        file.unlink(missing_ok=True)
        raise SourceError(error.what, where=source, remedy=error.remedy) from error
