"""Where the words of agenda titles are said: in full, in part, inflected, misheard, or split in two."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from catalogue import spoken_title
from segment.stream import Stream
from segment.words import edits_allowed, tokens

LONGEST = 14  # words of a title that a chair reads before the debate; more only dilutes the match
FIRST_WORDS = 3  # what is left of a title when a chair stops early
WINDOW = 26  # words in which a title is said
SHORTEST_PART = 3  # letters of a part of a compound that is written in two words
_COMMON = frozenset(
    (
        "af at de den der det en er et for fra i ind med nr og om op pr på som til ud under ved vedr vedrørende "
        "forslag lov kommune kommunens næste første sidste punkt sag"
    ).split()
)
_CLOSED = frozenset("lukket lukkede punkt punkter sag sager møde".split())  # says nothing of the item


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """How much of a title was said: weighted shares (0–1) of its telling words, and of the first of them."""

    share: float
    first: float


NOTHING = TitleMatch(0.0, 0.0)


class Titles:
    """The titles of one agenda in one meeting's words. Words that many titles share, or that all say, weigh little."""

    def __init__(self, titles: Sequence[str], stream: Stream) -> None:
        self._telling = [_telling(title) for title in titles]
        # Words side by side in some title
        self.pairs = frozenset(
            pair
            for title in titles
            for words in [tokens(title)]
            for pair in zip(words, words[1:], strict=False)
        )
        said = Counter(stream.words)
        in_titles = Counter(word for telling in self._telling for word in telling)
        total = max(1, len(titles))
        self._weight = {
            word: math.log(1 + total / count) / (1 + math.log1p(said[word] / 8))
            for word, count in in_titles.items()
        }
        self._items: dict[str, list[int]] = defaultdict(list)
        for item, telling in enumerate(self._telling):
            for word in telling:
                self._items[word].append(item)
        self._whole = [sum(self._weight[w] for w in telling) for telling in self._telling]
        self._first = [sum(self._weight[w] for w in telling[:FIRST_WORDS]) for telling in self._telling]
        self._leading = {telling[0] for telling in self._telling if telling}
        alike = _alike(list(in_titles), list(said))
        parts = _parts(in_titles)
        # For each place in the stream the title words that may be said there
        self._at = [
            alike.get(word, ()) + _split_here(parts, word, after)
            for word, after in zip_longest(stream.words, stream.words[1:], fillvalue="")
        ]

    def matches(self, begin: int, end: int) -> dict[int, TitleMatch]:
        """The items of whose titles anything was said from one place in the stream to before another."""
        heard = {word for at in range(begin, min(end, len(self._at))) for word in self._at[at]}
        return {item: self._match(item, heard) for item in {i for word in heard for i in self._items[word]}}

    def mentions(self, least: float) -> list[int]:
        """The places at which at least that share of some title begins to be said."""
        places: set[int] = set()
        by_item: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for at, words in enumerate(self._at):
            for word in words:
                for item in self._items[word]:
                    by_item[item].append((at, word))
        for item, said in by_item.items():
            places |= self._dense(item, said, least)
        return sorted(places)

    def first_word(self, begin: int, end: int) -> int | None:
        """The first place in a stretch where the first telling word of some title is said."""
        return next((at for at in range(begin, end) if any(w in self._leading for w in self._at[at])), None)

    def density(self, item: int, begin: int, end: int) -> float:
        """How much of the item's telling words is said, again and again, in a stretch: weight a word said."""
        whole = self._whole[item] or 1.0
        telling = set(self._telling[item])
        said = sum(
            self._weight[word]
            for at in range(begin, min(end, len(self._at)))
            for word in self._at[at]
            if word in telling
        )
        return said / whole

    def _dense(self, item: int, said: list[tuple[int, str]], least: float) -> set[int]:
        places: set[int] = set()
        free = -1
        for n, (at, _) in enumerate(said):
            if at < free:
                continue
            words = {word for later, word in said[n : n + 2 * LONGEST] if later < at + WINDOW}
            match = self._match(item, words)
            if match.share >= least or match.first >= 0.8:
                places.add(at)
                free = at + WINDOW // 2
        return places

    def _match(self, item: int, heard: set[str]) -> TitleMatch:
        telling = self._telling[item]
        found = sum(self._weight[w] for w in telling if w in heard)
        first = sum(self._weight[w] for w in telling[:FIRST_WORDS] if w in heard)
        return TitleMatch(found / (self._whole[item] or 1.0), first / (self._first[item] or 1.0))


def _telling(title: str) -> tuple[str, ...]:
    said = tokens(spoken_title(title))
    if said and set(said) <= _CLOSED:
        return ()
    words = [w for w in said if w not in _COMMON and (len(w) > 1 or w.isdecimal())]
    return tuple(dict.fromkeys(words or said))[:LONGEST]


def _alike(wanted: list[str], said: list[str]) -> dict[str, tuple[str, ...]]:
    """For each word said, the words of titles that it may be: the same, few letters off, or inflected."""
    found: dict[str, list[str]] = defaultdict(list)
    lettered = [word for word in said if len(word) >= 4 and not word.isdecimal()]
    present = set(said)
    for word in wanted:
        if len(word) < 4 or word.isdecimal():
            if word in present:
                found[word].append(word)
            continue
        near = process.extract(
            word, lettered, scorer=Levenshtein.distance, score_cutoff=edits_allowed(word), limit=None
        )
        for other, distance, _ in near:
            if distance <= edits_allowed(min(word, other, key=len)):
                found[other].append(word)
        for other in lettered:
            if other != word and _inflected(word, other) and word not in found[other]:
                found[other].append(word)
    return {word: tuple(dict.fromkeys(alike)) for word, alike in found.items()}


def _inflected(a: str, b: str) -> bool:
    shorter, longer = (a, b) if len(a) <= len(b) else (b, a)
    return len(longer) - len(shorter) <= 3 and longer.startswith(shorter)


def _parts(wanted: Counter[str]) -> dict[str, list[tuple[str, str]]]:
    """Beginnings of the titles' words, each with its rest and the word: "cykelsti" is heard as "cykel sti"."""
    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for word in wanted:
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            parts[word[:cut]].append((word[cut:], word))
    return parts


def _split_here(parts: dict[str, list[tuple[str, str]]], word: str, after: str) -> tuple[str, ...]:
    return tuple(whole for rest, whole in parts.get(word, ()) if after.startswith(rest))
