"""Stable, readable, URL-safe ids: `aarhus-byraadet-2025-10-08`."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "ae", "Ø": "oe", "Å": "aa", "ß": "ss"})
MAX_LENGTH = 100


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens; Danish letters as Danes spell them out."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_DANISH))
    return (
        re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower())
        .strip("-")[:MAX_LENGTH]
        .strip("-")
    )


def meeting_id(*, municipality: str, body: str, day: date | None, title: str) -> str:
    """The id of a meeting from what is known of it; "kommune" says nothing and is left out."""
    place = re.sub(r"-?kommune$", "", slug(municipality))
    parts = [place, slug(body)] if place or body else [slug(title)]
    if day is not None and day.isoformat() not in parts[-1]:
        parts.append(day.isoformat())
    return slug("-".join(part for part in parts if part)) or "moede"
