"""Where a meeting, a second of it, and its media are on this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from web.moments import address_seconds


def meeting_address(meeting: str, second: float | None = None) -> str:
    """A meeting's page, at that second of it."""
    page = f"/moeder/{meeting}"
    return page if second is None else f"{page}?t={address_seconds(second)}"


def quality_address(meeting: str) -> str:
    """How well a meeting was heard."""
    return f"/moeder/{meeting}/kvalitet"


def sentence_anchor(second: float) -> str:
    """The place on a meeting's page of the sentence that begins there."""
    return f"s-{address_seconds(second)}"


def media_address(meeting: str, ordinal: int) -> str:
    return f"/medie/{meeting}/{ordinal}"


def captions_address(meeting: str, ordinal: int) -> str:
    return f"/moeder/{meeting}/undertekster/{ordinal}.vtt"


def subtitles_address(meeting: str, ordinal: int) -> str:
    """The captions as SubRip, to keep."""
    return f"/moeder/{meeting}/undertekster/{ordinal}.srt"


def chapters_address(meeting: str, ordinal: int) -> str:
    return f"/moeder/{meeting}/kapitler/{ordinal}.vtt"


def quote_address(meeting: str, start: float, end: float, version: str = "") -> str:
    """The words between two seconds, as they stood in a version of the text."""
    return f"/moeder/{meeting}/citat?{_between(start, end)}" + (f"&v={version}" if version else "")


def quote_picture_address(meeting: str, start: float, end: float, version: str = "") -> str:
    """The same words as a picture."""
    return f"/moeder/{meeting}/citat.png?{_between(start, end)}" + (f"&v={version}" if version else "")


def clip_address(meeting: str, start: float, end: float) -> str:
    """Where that stretch becomes a file."""
    return f"/moeder/{meeting}/klip?{_between(start, end)}"


def report_address(meeting: str, second: float) -> str:
    """Where a reader says what is wrong at that second."""
    return f"/moeder/{meeting}/fejl?t={address_seconds(second)}"


def _between(start: float, end: float) -> str:
    return f"fra={address_seconds(start)}&til={address_seconds(end)}"


def podcast_chapters_address(meeting: str, ordinal: int) -> str:
    return f"/moeder/{meeting}/kapitler/{ordinal}.json"


def sound_address(meeting: str, ordinal: int) -> str:
    """The sound of a recording by itself."""
    return f"/moeder/{meeting}/lyd/{ordinal}.m4a"


def outward(address: str) -> str | None:
    """An address elsewhere that may become a link: http or https with a host, and nothing that hides in it."""
    if not address.isprintable() or any(c in address for c in ' \\"<>'):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    told = parts.username is not None or parts.password is not None
    return address if parts.scheme in ("http", "https") and parts.hostname and not told else None
