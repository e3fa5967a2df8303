"""A document as lines of text with what is seen of each: the step between a page or a PDF and its items."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from catalogue import Attachment

LONGEST_LINE = 4_000  # characters; what is longer is a paragraph, of which the beginning tells enough
_JOINED = re.compile(r"\u00ad\s*")
_SPACES = re.compile(r"\s+")
_SUSPENDED = re.compile(r"(?:og|eller|samt|til)\b")


class Rank(IntEnum):
    """How much a line stands out."""

    BODY = 0
    BOLD = 1
    HEADING = 2


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line. Lines of one `style` look alike; `number` is what a list or the row's first cell gives it.

    `block` says that it is a paragraph of its own and so does not go on from the line before; `anchor` is the id that
    the source gives the place.
    """

    text: str
    style: str = "p"
    rank: Rank = Rank.BODY
    number: str = ""
    block: bool = False
    links: tuple[Attachment, ...] = ()
    anchor: str = ""


def clean(text: str) -> str:
    """A line's letters in one form: ligatures parted, hyphens of line ends gone, nothing unseen or turned around."""
    text = unicodedata.normalize("NFKC", _JOINED.sub("", text[: 2 * LONGEST_LINE]))
    seen = "".join(_shown(letter) for letter in text)
    return _SPACES.sub(" ", seen).strip()[:LONGEST_LINE]


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    # Format characters (zero width, bidi, soft hyphen) part no words; controls and separators do.
    return "" if unicodedata.category(letter) in ("Cf", "Cs", "Co", "Cn") else " "


def joined(text: str, below: str) -> str:
    """Two lines as one: a word parted at the line's end is whole again, "klima-\nog miljø" keeps its hyphen."""
    parted = text.endswith("-") and below[:1].islower() and not _SUSPENDED.match(below)
    return text[:-1] + below if parted else f"{text} {below}".strip()
