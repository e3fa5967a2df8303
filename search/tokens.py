"""Text to tokens with their places, and the folding that makes spellings equal.

Folding writes æ as ae, ø as oe, å as aa and drops other accents, so Aarhus equals Århus, but råd stays apart from
rad (search.md, section 2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from search.abbreviations import SAID

# A number with thousand separators is one token; "§ 18" and "§18" are one token, and so is "%"; else runs of letters
# and digits.
_TOKEN = re.compile(r"§\s?\d+|\d{1,3}(?:\.\d{3})+(?!\d)|[^\W_]+|%")
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: `text[start:end]` is `surface`, `norm` is how it is indexed."""

    start: int
    end: int
    surface: str
    norm: str


@lru_cache(maxsize=262144)
def fold(word: str) -> str:
    """Lower case, Danish letters spelled out, other accents gone. Of text in any Unicode form."""
    lower = unicodedata.normalize("NFKC", word).lower().translate(_DANISH)
    # Only letters and digits stay: "⑴" opens up to "(1)", and brackets mean something to the engines.
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if c.isalnum() or c == "§")


@lru_cache(maxsize=262144)
def norm_of(surface: str) -> str:
    """How a token is indexed; empty where folding leaves nothing of it. A sign stands for the word it is read as."""
    if surface == "%":
        return fold(SAID[surface])
    return fold(surface.replace(".", "") if surface[0].isdigit() else surface)


def surfaces(text: str) -> Iterator[tuple[int, str]]:
    """Where each token of a text begins, and the token as it stands there."""
    return ((found.start(), found.group()) for found in _TOKEN.finditer(text))


def words(text: str) -> list[str]:
    """The tokens of a text as they stand there, without their places."""
    return _TOKEN.findall(text)


def tokenise(text: str) -> Iterator[Token]:
    """The tokens of a text in order; a token whose folding leaves nothing is left out."""
    for start, surface in surfaces(text):
        norm = norm_of(surface)
        if norm:
            yield Token(start, start + len(surface), surface, norm)


def respelling_key(norm: str) -> str:
    """What is left of a folded word for those who type o for ø and a for å or æ: such words share a key."""
    return norm.replace("ae", "a").replace("oe", "o").replace("aa", "a")


def respelling_keys(norm: str) -> tuple[str, ...]:
    """The keys of what somebody typed: in "miljoet" an o and an e may stand, or an ø."""
    return tuple(dict.fromkeys((respelling_key(norm), norm)))
