"""Spoken Danish reduced to comparable tokens."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

TOKEN = re.compile(r"[0-9a-zæøåéüöä]+")


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """Lower-case words and numbers in order, without punctuation."""
    return tuple(TOKEN.findall(text.lower()))


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
    return Levenshtein.distance(a, b, score_cutoff=edits_allowed(shorter)) <= edits_allowed(shorter)


def edits_allowed(shorter: str) -> int:
    """Letters that a word may be off: one, from seven letters two, from twelve three."""
    return 1 if len(shorter) < 7 else 2 if len(shorter) < 12 else 3
