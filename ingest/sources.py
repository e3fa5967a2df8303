"""What a source is, and its original, whole."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from catalogue import Chapter, InputError, Recording, RecordingKind, Settings, SourceError
from ingest.hls import fetch_hls, is_manifest
from ingest.http import Head, Web
from ingest.media import MediaInfo, probe, require_sound, require_whole
from ingest.pages import resolve_page
from ingest.progress import Progress

NONE = "-"
MANIFEST_TYPES = {
    "application/vnd.apple.mpegurl",
    "application/x-mpegurl",
    "audio/mpegurl",
    "audio/x-mpegurl",
}
MEDIA_ENDINGS = {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".mp3", ".m4a", ".aac", ".wav", ".ogg", ".oga", ".opus", ".flac", ".ts"}  # fmt: skip
NO_PAGE = "Give the address of the recording itself, or a page with one player."
COPY_CHUNK = 1 << 22


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
        return RecordingKind.FILE, str(path.resolve())
    web.check(source)
    head = web.head(source)
    if is_manifest(head.start) or head.content_type in MANIFEST_TYPES:
        return RecordingKind.HLS, source
    if _is_page(head):
        try:
            resolve_page(source, web, settings)
        except SourceError as error:
            raise InputError(error.what, where=source, remedy=error.remedy or NO_PAGE) from error
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
    """A recording as it was published: the file, and the chapters that the publisher set in it or on its page."""

    file: Path
    chapters: tuple[Chapter, ...] = ()


def fetch(
    recording: Recording, workspace: Path, web: Web, settings: Settings, progress: Progress
) -> Original:
    """The recording's original as a file in the workspace. Killed and called again, it goes on where it stopped."""
    chapters: tuple[Chapter, ...] = ()
    workspace.mkdir(parents=True, exist_ok=True)
    if recording.kind is RecordingKind.FILE:
        file = _copy(Path(recording.source), workspace, settings.max_download_bytes, progress)
    elif recording.kind is RecordingKind.LIVE:
        raise SourceError(
            "was recorded live, and its file is gone",
            where=recording.id,
            remedy="Put it back from a backup: talerstol restore.",
        )
    elif recording.kind is RecordingKind.HLS:
        file = fetch_hls(recording.source, workspace, web, settings, progress)
    else:
        url, hls = recording.source, False
        if recording.kind is RecordingKind.PAGE:
            resolved = resolve_page(recording.source, web, settings)
            url, hls, chapters = resolved.url, resolved.hls, resolved.chapters
        if hls:
            file = fetch_hls(url, workspace, web, settings, progress)
        else:
            ending = _ending(url)
            file = workspace / f"original{ending if ending in MEDIA_ENDINGS else '.media'}"
            if not file.exists():
                web.download(url, file, settings.max_download_bytes, progress)
    info = _must_be_a_recording(file, recording.source, progress)
    return Original(file, chapters or info.chapters)


def _copy(source: Path, workspace: Path, limit: int, progress: Progress) -> Path:
    """A copy of its own: what happens to the user's file later does not touch the archive."""
    if not source.is_file():
        raise SourceError(
            "the file is no longer there", where=str(source), remedy="Put it back and run again."
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
        raise SourceError(f"cannot be copied ({error.strerror})", where=str(source)) from error
    return target


def _must_be_a_recording(file: Path, source: str, progress: Progress) -> MediaInfo:
    """What arrived is probed and walked through; if it is no whole recording with sound it is not kept."""
    try:
        info = probe(file)
        require_sound(info, source)
        require_whole(file, info, source, progress)
    except (InputError, SourceError) as error:
        file.unlink(missing_ok=True)
        raise SourceError(error.what, where=source, remedy=error.remedy) from error
    return info
