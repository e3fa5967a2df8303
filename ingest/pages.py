"""yt-dlp, in one place: a page with a player becomes the address of its recording.

yt-dlp only resolves; the recording itself comes through `Web`, which guards every connection.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from catalogue import Chapter, Settings, SourceError, TalerstolError
from ingest.http import Web
from ingest.published_chapters import chapters_of_page

BEST_HEIGHT = 720
MOST_LISTED = 2_000  # recordings of one page: ten years of weekly meetings are some 500
LONGEST_TITLE = 500
LONGEST_SECONDS = 1e6  # 11 days: no recording is longer
NO_PAGE = "Give the address of the recording itself, or a page with one player."
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a page's recording is; `hls` tells whether that is a manifest; `chapters` are those of the page, and
    `seconds` how long it says that the recording is."""

    url: str
    hls: bool
    chapters: tuple[Chapter, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A recording that a page lists: where it is, and what it is called there."""

    url: str
    title: str


def resolve_page(url: str, web: Web, settings: Settings) -> Resolved:
    """The recording that a page shows. Raises `SourceError` where yt-dlp finds none that can be fetched."""
    return _choose(url, _extract(url, web, settings))


def list_page(url: str, web: Web, settings: Settings) -> tuple[Listed, ...]:
    """The recordings that a page (a channel, a feed) lists, at most `MOST_LISTED`. Raises `SourceError`."""
    info = _extract(url, web, settings)
    entries = info.get("entries") if isinstance(info, dict) else None
    told = [one for one in islice(entries or (), MOST_LISTED) if isinstance(one, dict)]
    return tuple(
        Listed(str(one.get("url") or one.get("webpage_url")), str(one.get("title") or "")[:LONGEST_TITLE])
        for one in told
        if one.get("url") or one.get("webpage_url")
    )


def _extract(url: str, web: Web, settings: Settings) -> Any:
    """What yt-dlp finds out about a page."""
    web.check(url)
    os.environ["YTDLP_NO_PLUGINS"] = "1"  # only what yt-dlp itself brings may run
    import yt_dlp

    options = {
        "quiet": True, "no_warnings": True, "noprogress": True, "skip_download": True, "noplaylist": True,
        "extract_flat": "in_playlist", "socket_timeout": settings.http_timeout, "cachedir": False,
        "proxy": "", "logger": _Silent(), "allowed_extractors": ["default", "generic"],
    }  # fmt: skip
    try:
        with yt_dlp.YoutubeDL(options) as downloader:
            # All that yt-dlp asks for on its way goes out through our own guarded door.
            agent = downloader.params["http_headers"]
            downloader.urlopen = lambda request: _through(web, request, agent, settings.max_document_bytes)
            return downloader.sanitize_info(downloader.extract_info(url, download=False))
    except yt_dlp.utils.YoutubeDLError as error:
        reason = (
            _COLOUR.sub("", str(error)).removeprefix("ERROR: ").splitlines()[0].split("; please report")[0]
        )
        # That it knows no page of that kind is what we say ourselves.
        why = "" if reason.startswith("Unsupported URL") else f" ({reason[:200]})"
        raise SourceError(f"no recording was found on this page{why}", where=url, remedy=NO_PAGE) from error


def _through(web: Web, asked: Any, agent: Mapping[str, str], limit: int) -> Any:
    """Answer a request of yt-dlp's over `Web`: the same checks at every connection, the same bounds."""
    from yt_dlp import networking

    request = networking.Request(asked) if isinstance(asked, str) else asked
    data = request.data if isinstance(request.data, bytes) else None
    headers = {**agent, **request.headers, "Accept-Encoding": "gzip, deflate"}
    try:
        answer = web.exchange(request.method, request.url, headers, data, limit)
    except TalerstolError as error:
        raise networking.exceptions.TransportError(error.what, cause=error) from error
    response = networking.Response(io.BytesIO(answer.data), answer.url, dict(answer.headers), answer.status)
    if not 200 <= answer.status < 300:
        raise networking.exceptions.HTTPError(response)
    return response


class _Silent:
    """What yt-dlp says on the way; the error it ends with is what we report."""

    def debug(self, _: str) -> None: ...
    def info(self, _: str) -> None: ...
    def warning(self, _: str) -> None: ...
    def error(self, _: str) -> None: ...


def _choose(url: str, info: Any) -> Resolved:
    if not isinstance(info, dict):
        raise SourceError("no recording was found on this page", where=url, remedy=NO_PAGE)
    entries = info.get("entries")
    if entries is not None:
        entries = list(entries)
        if len(entries) != 1:
            raise SourceError(
                f"this page shows {len(entries)} recordings",
                where=url,
                remedy="Give the page of one of them.",
            )
        return _choose(url, entries[0])
    formats = [f for f in info.get("formats") or [info] if _usable(f)]
    if not formats:
        raise SourceError(
            "this page has no recording that can be fetched over http or HLS", where=url, remedy=NO_PAGE
        )
    best = max(formats, key=_worth)
    chapters, seconds = chapters_of_page(info.get("chapters")), _seconds(info.get("duration"))
    if str(best.get("protocol", "")).startswith("m3u8"):
        # The master knows where the sound is if it is apart; our own choice among its pictures is the same.
        return Resolved(str(best.get("manifest_url") or best["url"]), True, chapters, seconds)
    return Resolved(str(best["url"]), False, chapters, seconds)


def _seconds(told: object) -> float | None:
    known = isinstance(told, int | float) and not isinstance(told, bool) and 0 < told < LONGEST_SECONDS
    return float(told) if known else None  # type: ignore[arg-type]


def _usable(format: dict[str, Any]) -> bool:
    fetched = str(format.get("protocol", "")) in ("http", "https", "m3u8", "m3u8_native")
    heard = format.get("acodec") != "none" or bool(format.get("manifest_url"))
    return fetched and bool(format.get("url")) and heard and not format.get("has_drm")


def _worth(format: dict[str, Any]) -> tuple[bool, bool, float]:
    height = format.get("height") or 0
    return format.get("vcodec") != "none", height <= BEST_HEIGHT, float(format.get("tbr") or height)
