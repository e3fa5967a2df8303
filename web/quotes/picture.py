"""A quote as a picture of 1200 × 630 points, for the cards that other sites make of a link."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image, ImageDraw, ImageFont

from web.static_files import STATIC

WIDTH, HEIGHT, EDGE = 1200, 630, 72
MOST_LETTERS = 420  # of the quote; what does not fit at the smallest size is cut as well
LONGEST_LINE = 160  # letters of the other lines
SIZES = (60, 52, 45, 39)  # of the quote's letters; the largest that lets it fit
ROOM = 322  # points in height for the quote
SPEAKER = 660  # points that names may take; beside them stands how sure they are
WAITS = 3.0  # seconds that a picture may wait for the one being drawn

# The colours of the pages (`--deep`, `--now`); a picture cannot read a style sheet.
GROUND, TEXT, QUIET, MARK = "#17324a", "#ffffff", "#c9dbea", "#8fb8dc"
FONTS = STATIC / "vendor" / "dkfds" / "fonts" / "IBMPlexSans" / "complete" / "woff2"

_drawing = BoundedSemaphore(1)  # one at a time: it is all processor, and the fonts are shared


class Busy(Exception):
    """Other pictures are being drawn."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a picture says."""

    quote: str
    speaker: str
    speaker_note: str  # how sure the name is
    meeting: str
    facts: str
    site: str


def can_draw() -> bool:
    """Whether the letters are here: they come with the design system, which is fetched at set-up."""
    return (FONTS / "IBMPlexSans-Regular.woff2").is_file()


def draw(card: Card) -> bytes:
    """The picture as PNG. Takes some 50 ms. Raises `Busy` where others wait already."""
    if not _drawing.acquire(timeout=WAITS):
        raise Busy
    try:
        return _draw(card)
    finally:
        _drawing.release()


def _draw(card: Card) -> bytes:
    picture = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 14, HEIGHT), fill=MARK)
    lines, font, size = _fitted(f"»{_clean(card.quote, MOST_LETTERS)}«")
    height = round(size * 1.3)
    top = EDGE + max(0, (ROOM - height * len(lines)) // 3)
    for n, line in enumerate(lines):
        pen.text((EDGE, top + n * height), line, font=font, fill=TEXT)
    below = HEIGHT - EDGE - 126
    pen.line((EDGE, below - 28, WIDTH - EDGE, below - 28), fill=MARK, width=2)
    for text, weight, letters, colour, at in (
        (card.speaker, "SemiBold", 34, TEXT, 0),
        (card.meeting, "Regular", 28, QUIET, 48),
        (card.facts, "Regular", 28, QUIET, 88),
    ):
        line_font = _font(weight, letters)
        room = SPEAKER if at == 0 else WIDTH - 2 * EDGE - (260 if at == 88 else 0)
        pen.text((EDGE, below + at), _short(text, line_font, room), font=line_font, fill=colour)
    if card.speaker:
        names = _font("SemiBold", 34)
        beside = EDGE + 16 + names.getlength(_short(card.speaker, names, SPEAKER))
        note = _short(card.speaker_note, _font("Regular", 24), WIDTH - EDGE - beside)
        pen.text((beside, below + 10), note, font=_font("Regular", 24), fill=QUIET)
    _sign(pen, card.site, below + 88)
    written = BytesIO()
    picture.quantize(48, method=Image.Quantize.FASTOCTREE).save(written, "PNG")
    return written.getvalue()


def _sign(pen: ImageDraw.ImageDraw, site: str, top: int) -> None:
    """The archive's name and its rostrum, at the right."""
    font = _font("SemiBold", 28)
    name = _short(site, font, 200)
    left = WIDTH - EDGE - round(font.getlength(name))
    pen.text((left, top), name, font=font, fill=TEXT)
    x, y = left - 46, top + 4
    pen.polygon([(x, y + 8), (x + 32, y + 8), (x + 28, y + 15), (x + 4, y + 15)], fill=MARK)
    pen.polygon([(x + 8, y + 18), (x + 24, y + 18), (x + 26, y + 32), (x + 6, y + 32)], fill=MARK)


def _fitted(text: str) -> tuple[list[str], ImageFont.FreeTypeFont, int]:
    """The quote in lines, in the largest letters that fit."""
    room = WIDTH - 2 * EDGE
    for size in SIZES:
        font, most = _font("SemiBold", size), ROOM // round(size * 1.3)
        lines = _wrapped(text, font, room)
        if len(lines) <= most:
            return lines, font, size
    kept, end = lines[:most], " …«"
    while font.getlength(kept[-1] + end) > room and " " in kept[-1]:
        kept[-1] = kept[-1].rsplit(" ", 1)[0]
    kept[-1] = kept[-1].rstrip(" ,.;:") + end
    return kept, font, size


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= room:
            line = longer
            continue
        lines += [line] if line else []
        while font.getlength(word) > room:  # a word that no line has room for is broken
            fits = max(1, _fits(word, font, room))
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines


def _short(text: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    text = _clean(text, LONGEST_LINE)
    if font.getlength(text) <= room:
        return text
    fits = _fits(text, font, room - font.getlength("…"))
    return f"{text[:fits].rstrip(' ,·')}…"


def _fits(text: str, font: ImageFont.FreeTypeFont, room: float) -> int:
    """How many of its letters a line has room for, found by halves."""
    return bisect_right(range(1, len(text) + 1), room, key=lambda n: font.getlength(text[:n]))


def _clean(text: str, most: int) -> str:
    """One line of letters that can be drawn: no control characters, and no heap of accents on one letter."""
    whole = unicodedata.normalize("NFC", text[: 4 * most])
    plain = "".join(c if c.isprintable() else " " for c in whole if not unicodedata.combining(c))
    plain = " ".join(plain.split())
    if len(plain) <= most:
        return plain
    return plain[:most].rsplit(" ", 1)[0].rstrip(" ,.;:") + " …"


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    file = FONTS / f"IBMPlexSans-{weight}.woff2"
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)
