"""Numbers of agenda items as they are said and as recognisers write them: digits, words, ordinals, parts.

Number words follow Danish (units first: "syvoghalvtreds" is 57); no library at hand reads both the fused and
the spaced forms that recognisers write without also turning every "en" into 1 (danish.md, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

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
_SMALL_ORDINALS = {
    "første": 1, "andet": 2, "anden": 2, "tredje": 3, "fjerde": 4, "femte": 5, "sjette": 6, "syvende": 7,
    "ottende": 8, "niende": 9, "tiende": 10, "ellevte": 11, "elfte": 11, "tolvte": 12, "trettende": 13,
    "fjortende": 14, "femtende": 15, "sekstende": 16, "syttende": 17, "attende": 18, "nittende": 19,
    "tyvende": 20, "tredivte": 30, "fyrretyvende": 40,
    "halvtredsindstyvende": 50, "tresindstyvende": 60, "halvfjerdsindstyvende": 70, "firsindstyvende": 80,
    "halvfemsindstyvende": 90,
}  # fmt: skip
_ORDINALS = _SMALL_ORDINALS | {
    f"{unit}og{ten}": u + t for unit, u in _UNITS.items() for ten, t in _SMALL_ORDINALS.items() if t >= 20
}
# "femmeren", "toeren": an item by its number, as a noun
_NOUNS = {
    "etteren": 1, "toeren": 2, "treeren": 3, "treren": 3, "fireren": 4, "femmeren": 5, "sekseren": 6, "syveren": 7,
    "otteren": 8, "nieren": 9, "tieren": 10, "elleveren": 11, "tolveren": 12, "trettenen": 13,
}  # fmt: skip
MOST = 999


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was said: its digits (with a letter where it has one), and the tokens it takes."""

    value: str
    used: int


def read_number(words: tuple[str, ...], at: int) -> Number | None:
    """The number that begins at a place; None if none begins there. Cardinals to 999, digits, "femmeren"."""
    if at >= len(words):
        return None
    word = words[at]
    if word.isdecimal():
        return _with_letter(str(int(word)), words, at, 1) if len(word) <= 6 else None
    if word[:-1].isdecimal() and word[-1].isalpha():  # "12a"
        return Number(f"{int(word[:-1])}{word[-1]}", 1)
    if word in _NOUNS:
        return Number(str(_NOUNS[word]), 1)
    hundreds, used = _read_hundreds(words, at)
    # "og" between the hundreds and the rest may be said or swallowed
    skip = 1 if hundreds and words[at + used : at + used + 1] == ("og",) else 0
    rest = _read_below_hundred(words, at + used + skip)
    if rest:
        return Number(str(hundreds + rest[0]), used + skip + rest[1])
    return Number(str(hundreds), used) if hundreds else None


def read_ordinal(word: str) -> str | None:
    value = _ORDINALS.get(word)
    return str(value) if value is not None else None


def _with_letter(value: str, words: tuple[str, ...], at: int, used: int) -> Number:
    """ "12 a" is an item of its own; "12 i" is not."""
    if words[at + used : at + used + 1] in (("a",), ("b",), ("c",)):
        return Number(value + words[at + used], used + 1)
    return Number(value, used)


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
    if words[at] in _UNITS and words[at + 1 : at + 2] == ("og",) and words[at + 2 : at + 3]:
        tens = _TENS.get(words[at + 2])
        if tens is not None:
            return value + tens, 3
    return value, 1


def plain(number: str) -> str:
    """A published number as it would be read: "12 A" is "12a", "5." is "5"."""
    squeezed = "".join(number.lower().split()).strip(".:")
    digits = squeezed.rstrip("abcdefghijklmnopqrstuvwxyzæøå")
    return str(int(digits)) + squeezed[len(digits) :] if digits.isdecimal() and len(digits) <= 6 else squeezed


@lru_cache(maxsize=4096)
def spoken_forms(number: str) -> tuple[str, ...]:
    """How a number from 1 to 999 may be written, without spaces; the digits first."""
    value = int(number) if number.isdecimal() and len(number) <= 3 else 0
    if not 0 < value <= MOST:
        return (number,)
    hundreds, rest = divmod(value, 100)
    below = [word for word, n in _BELOW_HUNDRED.items() if n == rest and not word.endswith("sindstyve")] or [
        ""
    ]
    if not hundreds:
        return (number, *below)
    if hundreds == 1:
        names = ["hundrede", "ethundrede"]
    else:
        names = [f"{word}hundrede" for word, n in _UNITS.items() if n == hundreds]
    return (number, *(name + joint + word for name in names for word in below for joint in ("", "og")))


@lru_cache(maxsize=65536)
def sounds_like(heard: str, number: str) -> float:
    """How near (0–1) what was heard, without spaces, comes to a number; short words must come nearer."""
    best = max(fuzz.ratio(heard, form) for form in spoken_forms(number)) / 100
    return best if len(heard) >= 4 or best >= 0.8 else 0.0
