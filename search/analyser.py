"""The one analysis of Danish text, for both engines, for indexing and for queries.

Every token has three terms: `norm` (the folded surface), `lemma` (the folded stem of its lemma) and `parts`
(the same of a compound's parts). Both engines index exactly these and match exactly these.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from search.compounds import parts
from search.lemmas import stem
from search.tokens import Token, fold, tokenise

ANALYSER_VERSION = "2"  # raise it with any change to what text is analysed to; indexes are then built anew


@dataclass(frozen=True, slots=True)
class Terms:
    """What a token is found by."""

    norm: str
    lemma: str
    parts: tuple[str, ...]


@lru_cache(maxsize=262144)
def terms(surface: str, norm: str) -> Terms:
    """The terms of a word type; numbers and the like are found by themselves alone."""
    word = surface.lower()
    if not word.isalpha():
        return Terms(norm, norm, ())
    return Terms(norm, fold(stem(word)), tuple(dict.fromkeys(fold(stem(part)) for part in parts(word))))


def analyse(text: str) -> list[tuple[Token, Terms]]:
    """The tokens of a text in order, each with its terms."""
    return [(token, terms(token.surface, token.norm)) for token in tokenise(text)]


def warm() -> None:
    """Load the word tables (0.6 s, 90 MB), so that the first reader does not wait for them."""
    analyse("Byrådet vedtog cykelstierne")
