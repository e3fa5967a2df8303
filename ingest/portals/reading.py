"""Values out of a portal's JSON, whatever it holds."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalogue import SourceError
from ingest.documents import decode_text

LONGEST = 300  # characters of a name; published ones stay under 150
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class NotJson(SourceError):
    """The portal answers with something else than JSON. A page may mean that it wants a cookie first."""

    def __init__(self, url: str, page: bool) -> None:
        self.page = page
        super().__init__(
            "the portal answers with a page instead of JSON"
            if page
            else "the portal's answer is no whole JSON",
            where=url,
            remedy="Check the address in municipalities.toml."
            if page
            else "Run the same command again later; if it stays so, tell whoever runs the portal.",
        )


def json_object(data: bytes, url: str) -> dict[str, Any]:
    """Raises `NotJson`, or `SourceError` for JSON that is no object."""
    try:
        raw = json.loads(decode_text(data))
    except (ValueError, RecursionError) as error:
        raise NotJson(url, page=data.lstrip()[:1] == b"<") from error
    if not isinstance(raw, dict):
        raise SourceError("the portal's answer is no JSON object", where=url)
    return raw


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; none where it is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def line(value: Any) -> str:
    """One line of text; empty where the value is none."""
    if not isinstance(value, str):
        return ""
    text = unicodedata.normalize("NFC", value[: LONGEST * 4])
    return " ".join(_CONTROL.sub(" ", text).split())[:LONGEST]


def moment(value: Any) -> tuple[date, time | None] | None:
    """Day and time in Denmark from "2026-05-04T14:00:00+02:00"; None where there is none.

    Portals write Danish time with its offset. What is written as UTC is turned into it.
    """
    try:
        when = datetime.fromisoformat(str(value)) if isinstance(value, str) else None
        if when is None or when.year < 1900:
            return None
        if when.tzinfo is not None and not when.utcoffset():
            when = when.astimezone(ZoneInfo("Europe/Copenhagen"))
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return None
    return when.date(), (when.time().replace(tzinfo=None) if "T" in str(value) or ":" in str(value) else None)


def web_address(value: Any, base: str) -> str:
    """An absolute http(s) address; empty where the value is none."""
    if not isinstance(value, str) or not value.strip() or len(value) > 4000:
        return ""
    try:
        url = urljoin(base, _CONTROL.sub("", value).strip())
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""
