"""Short texts (names, titles) by the words they have and by how those begin; held in memory, changed in place."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

from search.analyser import analyse, asked
from search.query import Word
from search.tokens import respelling_key, tokenise
from search.vocabulary import LAST

Entry = TypeVar("Entry", bound=Hashable)


class Beginnings(Generic[Entry]):
    """Entries by the words of their texts. A word that was typed without æ, ø and å is found with them.

    Not safe between threads: whoever shares it locks it.
    """

    def __init__(self) -> None:
        self._words: dict[str, set[Entry]] = {}  # by the respelling keys of norms, and of lemmas
        self._sorted: list[str] = []  # the keys of norms alone: a lemma's beginning is nobody's word
        self._texts: dict[Entry, str] = {}

    def add(self, entry: Entry, text: str) -> None:
        """A new entry; one that is there has to be removed first."""
        self._texts[entry] = text
        for key, is_norm in _keys(text):
            self._words.setdefault(key, set()).add(entry)
            at = bisect_left(self._sorted, key)
            if is_norm and self._sorted[at : at + 1] != [key]:
                insort(self._sorted, key)

    def remove(self, entry: Entry) -> None:
        text = self._texts.pop(entry)
        for key, _ in _keys(text):
            self._words.get(key, set()).discard(entry)

    def find(self, words: Iterable[Word]) -> list[Entry]:
        """The entries that have all the words, in no order."""
        wanted = list(words)
        if not wanted:
            return []
        found = set.intersection(*(self._having(word) for word in wanted))
        typed = [word.token.norm for word in wanted if word.prefix and not word.token.surface.isascii()]
        # Who types ø means ø: "høn" is not the beginning of "honorar".
        return [entry for entry in found if all(_begins(self._texts[entry], norm) for norm in typed)]

    def _having(self, word: Word) -> set[Entry]:
        if not word.prefix:
            terms = asked(word.token.surface)
            keys: Iterable[str] = {respelling_key(term) for term in (terms.norm, *terms.lemmas)}
        else:
            key = respelling_key(word.token.norm)
            keys = self._sorted[bisect_left(self._sorted, key) : bisect_left(self._sorted, key + LAST)]
        return set().union(*(self._words.get(key, ()) for key in keys))


def _keys(text: str) -> Iterator[tuple[str, bool]]:
    """The keys a text is found by, and whether each is of a word as it stands there."""
    for _, terms in analyse(text):
        yield respelling_key(terms.norm), True
        for lemma in terms.lemmas:
            yield respelling_key(lemma), False


def _begins(text: str, norm: str) -> bool:
    return any(token.norm.startswith(norm) for token in tokenise(text))
