"""Values of a document read into an agenda's: one line of text, a day, a list that is not too long."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from catalogue import InputError

MOST_ITEMS = 2_000
LONGEST_TITLE = 2_000  # characters
MOST_LINKS = 500  # of one item: above any annex list seen
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Marks nobody sees: soft hyphen, zero width, direction of writing. They hide or turn round what is written.
_UNSEEN = re.compile(r"[\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december")  # fmt: skip
_DANISH_DAY = re.compile(rf"(\d{{1,2}})\.?\s+({'|'.join(_MONTHS)})\s+(\d{{4}})", re.IGNORECASE)


def rows(value: Any, name: str, source: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f'"{name}" is not a list', where=source)
    if len(value) > MOST_ITEMS:
        raise InputError(
            f"the agenda has more than {MOST_ITEMS:,} items",
            where=source,
            remedy="Check that it is the agenda of one meeting.",
        )
    return value


def line(value: Any) -> str:
    """One line of text, its letters in one form; nothing where the value is no text or number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", str(value)[: LONGEST_TITLE * 2]))
    return " ".join(_CONTROL.sub(" ", text).split())[:LONGEST_TITLE]


def plain(value: Any) -> str:
    """The text of a value that may be HTML."""
    text = str(value)[: 100 * LONGEST_TITLE] if isinstance(value, str) else value
    if isinstance(text, str) and ("<" in text or "&" in text):
        reader = _TextOf()
        reader.feed(text)
        reader.close()
        text = html.unescape("".join(reader.said))
    return line(text)


class _TextOf(HTMLParser):
    """The text between tags; what scripts and styles hold is no text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style") and self._silent > 0
        self._part(tag)

    def _part(self, tag: str) -> None:
        """Lines and paragraphs part words; `<b>` within a word does not."""
        if tag in ("br", "div", "h1", "h2", "h3", "h4", "li", "ol", "p", "td", "tr", "ul"):
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def day(value: Any) -> date | None:
    """A day from "2025-10-08T16:00:00" or "onsdag den 8. oktober 2025 kl. 16.00"; None where there is none."""
    text = value if isinstance(value, str) else ""
    iso, danish = _ISO_DAY.search(text), _DANISH_DAY.search(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if danish:
            return date(int(danish[3]), _MONTHS.index(danish[2].lower()) + 1, int(danish[1]))
    except ValueError:
        return None
    return None


def address(value: Any) -> str:
    """An absolute http(s) address; nothing where it is anything else."""
    text = line(value)
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if known and not set(text) & set(" \"'<>\\") else ""


def listed(value: Any) -> list[Any]:
    """A list's first values; nothing where it is no list."""
    return value[:MOST_LINKS] if isinstance(value, list) else []


def says_yes(value: Any) -> bool:
    """Whether a mark in an export is a plain yes; anything else is in doubt."""
    return line(value).casefold() in ("true", "1", "ja", "yes", "sand")


def says_no(value: Any) -> bool:
    """Whether a mark in an export is a plain no; anything else is in doubt."""
    return line(value).casefold() in ("false", "0", "nej", "no", "falsk")
