"""The one analysis of Danish text, for both engines, for indexing and for queries.

Every token has three kinds of terms: `norm` (the folded surface), `lemmas` (the folded stems of the dictionary forms
it may stand under, mostly one) and `parts` (the same of a compound's parts). Both engines index exactly these and match
exactly these.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from search.abbreviations import SAID
from search.compounds import Part, parts, split
from search.derivation import verb
from search.irregular import readings
from search.lemmas import lemma, stem
from search.tokens import Token, fold, norm_of, tokenise, words

ANALYSER_VERSION = "5"  # raise it with any change to what text is analysed to; indexes are then built anew


@dataclass(frozen=True, slots=True)
class Terms:
    """What a token is found by."""

    norm: str
    lemmas: tuple[str, ...]
    parts: tuple[str, ...]


@lru_cache(maxsize=262144)
def terms(surface: str) -> Terms:
    """The terms of a word type; numbers and the like are found by themselves alone."""
    word, norm = surface.lower(), norm_of(surface)
    if not word.isalpha():
        return Terms(norm, _folded((stem(word),)) if word in SAID else (norm,), ())
    stems = (stem(word), *(stem(reading) for reading in readings(word)))
    return Terms(norm, _folded(stems), _folded(tuple(stem(part) for part in parts(word))))


@lru_cache(maxsize=65536)
def apart(surface: str) -> tuple[frozenset[str], ...]:
    """For each part of a compound the stems it is said by on its own: skolelukning → skole, and lukning or lukke."""
    return tuple(
        frozenset(fold(stem(word)) for said in part.lemmas for word in (said, verb(said)) if word)
        for part in split(surface.lower())
    )


@lru_cache(maxsize=65536)
def places(surface: str) -> tuple[tuple[str, int, int], ...]:
    """The terms of a compound's parts and where in its surface each stands; all of it where that cannot be told."""
    word = surface.lower()
    whole, found = lemma(word), split(word)
    return tuple(
        (fold(stem(said)), *_place(part, whole, word, found)) for part in found for said in part.lemmas
    )


def _place(part: Part, whole: str, word: str, among: tuple[Part, ...]) -> tuple[int, int]:
    last = part is among[-1]  # takes the ending with it: skole|lukningen
    if word[: part.start] != whole[: part.start] or not (last or word.startswith(whole[: part.end])):
        return 0, len(word)
    return part.start, len(word) if last else part.end


def _folded(stems: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(found) for found in stems))


@lru_cache(maxsize=65536)
def asked(surface: str) -> Terms:
    """The terms of a word that somebody types. What is itself a dictionary entry means that entry: "tog" is a train
    to who looks for it, though in a text it may be the past of "tage"."""
    found = terms(surface)
    is_entry = lemma(surface.lower()) == surface.lower()
    return replace(found, lemmas=found.lemmas[:1]) if is_entry else found


def analyse(text: str) -> list[tuple[Token, Terms]]:
    """The tokens of a text in order, each with its terms."""
    return [(token, terms(token.surface)) for token in tokenise(text)]


def all_terms(text: str) -> list[Terms]:
    """The terms of a text's tokens in order."""
    return [found for found in map(terms, words(text)) if found.norm]


def warm() -> None:
    """Load the word tables (0.6 s, 90 MB), so that the first reader does not wait for them."""
    analyse("Byrådet vedtog cykelstierne")
