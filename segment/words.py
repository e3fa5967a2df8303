"""Spoken Danish reduced to comparable tokens, and numbers read from words and digits.

Number words follow Danish (units first: "syvoghalvtreds" is 57); no library at hand reads both the fused and
the spaced forms that recognisers write without also turning every "en" into 1 (danish.md, section 3).
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"[0-9a-zæøåéüöä]+")

_UNITS = {
    "en": 1, "et": 1, "én": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7,
    "otte": 8, "ni": 9,
}  # fmt: skip
_TEENS = {
    "ti": 10, "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16,
    "sytten": 17, "atten": 18, "nitten": 19,
}  # fmt: skip
_TENS = {
    "tyve": 20, "tredive": 30, "fyrre": 40, "fyrretyve": 40, "halvtreds": 50, "halvtredsindstyve": 50,
    "tres": 60, "tresindstyve": 60, "halvfjerds": 70, "halvfjerdsindstyve": 70, "firs": 80,
    "firsindstyve": 80, "halvfems": 90, "halvfemsindstyve": 90,
}  # fmt: skip
_FUSED = {f"{unit}og{ten}": u + t for unit, u in _UNITS.items() for ten, t in _TENS.items()}
_BELOW_HUNDRED = _UNITS | _TEENS | _TENS | _FUSED
_HUNDREDS = {f"{unit}hundrede": 100 * u for unit, u in _UNITS.items()} | {"hundrede": 100, "hundred": 100}


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """Lower-case words and numbers in order, without punctuation."""
    return tuple(_TOKEN.findall(text.lower()))


def read_number(words: tuple[str, ...], at: int) -> tuple[str, int] | None:
    """The number that begins at a place, as digits, and how many tokens it takes; None if none begins there."""
    if at >= len(words):
        return None
    if words[at].isdecimal():
        return str(int(words[at])), 1
    hundreds, used = _read_hundreds(words, at)
    # "og" between the hundreds and the rest may be said or swallowed
    skip = 1 if hundreds and words[at + used : at + used + 1] == ("og",) else 0
    rest = _read_below_hundred(words, at + used + skip)
    if rest:
        return str(hundreds + rest[0]), used + skip + rest[1]
    return (str(hundreds), used) if hundreds else None


def _read_hundreds(words: tuple[str, ...], at: int) -> tuple[int, int]:
    if words[at] in _HUNDREDS:
        return _HUNDREDS[words[at]], 1
    if words[at] in _UNITS and words[at + 1 : at + 2] in (("hundrede",), ("hundred",)):
        return 100 * _UNITS[words[at]], 2
    return 0, 0


def _read_below_hundred(words: tuple[str, ...], at: int) -> tuple[int, int] | None:
    if at >= len(words) or words[at] not in _BELOW_HUNDRED:
        return None
    value = _BELOW_HUNDRED[words[at]]
    if (
        words[at] in _UNITS
        and words[at + 1 : at + 2] == ("og",)
        and at + 2 < len(words)
        and words[at + 2] in _TENS
    ):
        return value + _TENS[words[at + 2]], 3
    return value, 1


@lru_cache(maxsize=262144)
def alike(a: str, b: str) -> bool:
    """Whether two words may be the same one misheard or inflected: few edits for their length, or a shared stem."""
    if a == b:
        return True
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) < 4 or a.isdecimal() or b.isdecimal():
        return False
    if longer.startswith(shorter) and len(longer) - len(shorter) <= 3:
        return True
    allowed = 1 if len(shorter) < 7 else 2
    return abs(len(a) - len(b)) <= allowed and _distance_within(a, b, allowed)


def _distance_within(a: str, b: str, most: int) -> bool:
    """Whether the Levenshtein distance is at most `most`."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
        if min(row) > most:
            return False
    return row[-1] <= most
