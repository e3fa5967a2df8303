"""The speakers of an index, by how any of their names begins."""

from __future__ import annotations

from collections.abc import Mapping

from search.beginnings import Beginnings
from search.party import without_party
from search.query import Word
from search.tokens import tokenise


class Names:
    """Names with the number of passages each has. Never changed, so safe between threads."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._beginnings = Beginnings[str]()
        for name in counts:
            self._beginnings.add(name, without_party(name))

    def beginning(self, typed: str) -> list[str]:
        """Those of whom each word typed begins a name, most passages first: "ka ho" is Karen Holm."""
        found = self._beginnings.find(Word(token, prefix=True) for token in tokenise(typed))
        return sorted(found, key=lambda name: (-self._counts[name], name))
