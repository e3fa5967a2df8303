"""Danish compounds into their parts: cykelsti → cykel, sti; byrådsmøde → by, råd, møde.

A word is split where both sides are words of the dictionary, with the link letters that Danish puts between
them. The method is that of Koehn and Knight (2003) without frequencies: the longest head that fits wins. Compounds
of words that no dictionary has are learned from the archive (vocabulary.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from search.lemmas import is_word, lemma

SHORTEST_WORD = 6  # letters of a word that is split at all
SHORTEST_PART = 4
LINKS = ("", "s", "e")
# Short words that are parts of many council words; any other short "part" is mostly an accident.
SHORT_PARTS = frozenset("by vej råd sø bus sti hus bil tog gas bog lov lån løn mad rum dyr køb træ".split())
# Endings that look like words but only derive: fællesskab is no "skab", sundhed no "hed".
ENDINGS = frozenset(
    (
        "hed heden heder skab skaber lig lige ende else elser ning inger ing som bar løs fuld tion iske tiske lede veje ager "
    ).split()
)
DEEPEST = 3
# Forms that words take in front of others and that the dictionary reads as something else.
COMBINING = {"børne": "barn", "mande": "mand", "lande": "land", "lære": "lære", "tande": "tand"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a compound: its lemma, two where it may be read in two ways, and its place in the compound's own lemma.

    An s between two parts may link them or begin the second: bibliotek-slukning, bibliotek-s-lukning.
    """

    lemmas: tuple[str, ...]
    start: int
    end: int


def parts(word: str) -> tuple[str, ...]:
    """The lemmas of a lower-case word's parts, first to last; empty where it is no compound."""
    return tuple(lemma for part in split(word) for lemma in part.lemmas)


@lru_cache(maxsize=262144)
def split(word: str) -> tuple[Part, ...]:
    """The parts of a lower-case word, first to last; empty where it is no compound."""
    return _split(lemma(word), 0, DEEPEST)


def _split(word: str, at: int, depth: int) -> tuple[Part, ...]:
    """`at`: where the word begins in the whole."""
    if depth == 0 or len(word) < SHORTEST_WORD or not word.isalpha():
        return ()
    for place in range(2, len(word) - 1):  # from the left: the longest head first
        head = word[place:]
        if not _is_part(head):
            continue
        front = _front(word[:place])
        if front is not None:
            return (*_further(front, at, depth), *_second(head, at + place, depth))
    return ()


def _further(word: str, at: int, depth: int) -> tuple[Part, ...]:
    return _split(word, at, depth - 1) or (Part((COMBINING.get(word) or lemma(word),), at, at + len(word)),)


def _second(word: str, at: int, depth: int) -> tuple[Part, ...]:
    found = _further(word, at, depth)
    if len(found) == 1 and word.startswith("s") and _is_part(word[1:]):
        return (replace(found[0], lemmas=(*found[0].lemmas, lemma(word[1:]))),)
    return found


def _front(text: str) -> str | None:
    """The word before the head, without the letters that link it."""
    for link in LINKS:
        front = text.removesuffix(link) if link else text
        if text.endswith(link) and _is_part(front):
            return front
    return None


def _is_part(text: str) -> bool:
    if text in ENDINGS:
        return False
    return text in SHORT_PARTS or (len(text) >= SHORTEST_PART and is_word(text))
