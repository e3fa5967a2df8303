"""How much of an agenda title is in what was said: a share of its telling words, misheard or inflected ones too."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from catalogue import spoken_title
from segment.words import alike, tokens

LONGEST = 14  # words of a title that a chair reads before the debate; more only dilutes the match
_COMMON = frozenset(
    (
        "af at de den der det en er et for fra i ind med nr og om op pr på som til ud under ved "
        "vedr vedrørende "
    ).split()
)


class Titles:
    """The titles of one agenda, ready to be looked for. Words that many titles share weigh little."""

    def __init__(self, titles: Sequence[str]) -> None:
        words = [self._telling(title) for title in titles]
        self._items: dict[str, list[int]] = defaultdict(list)
        for item, telling in enumerate(words):
            for word in telling:
                self._items[word].append(item)
        total = max(1, len(titles))
        self._weight = {word: math.log(1 + total / len(items)) for word, items in self._items.items()}
        self._whole = [sum(self._weight[w] for w in telling) for telling in words]
        self._heard: dict[str, tuple[str, ...]] = {}  # what was said, to the words of titles it may be

    @staticmethod
    def _telling(title: str) -> tuple[str, ...]:
        words = [w for w in tokens(spoken_title(title)) if w not in _COMMON]
        return tuple(dict.fromkeys(words or tokens(title)))[:LONGEST]

    def shares(self, text: str) -> list[float]:
        """For each title the weighted share (0–1) of its telling words that were said."""
        heard = {word for said in set(tokens(text)) for word in self._alike(said)}
        sums = [0.0] * len(self._whole)
        for word in heard:
            for item in self._items[word]:
                sums[item] += self._weight[word]
        return [found / whole if whole else 0.0 for found, whole in zip(sums, self._whole, strict=True)]

    def _alike(self, said: str) -> tuple[str, ...]:
        if said not in self._heard:
            self._heard[said] = tuple(word for word in self._items if alike(word, said))
        return self._heard[said]
