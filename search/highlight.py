"""Which words of a passage are the hit: found in the canonical text, the same for both engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from search.analyser import Terms, analyse, places, terms
from search.contract import Hit, Passage
from search.plan import Alternatives, Plan
from search.stored import context
from search.tokens import Token, surfaces

Ranges = tuple[tuple[int, int], ...]


class Marker:
    """Marks what a plan means, in one passage after the other; a word that it has seen it only looks up."""

    def __init__(self, plan: Plan, required: Sequence[Alternatives] = ()) -> None:
        """`required`: the words that a hit may lack, and then says so."""
        self._plan, self._required = plan, required
        self._wanted: dict[Sequence[Alternatives], _Wanted] = {}
        self._titles: dict[str, Ranges] = {}

    def hit(self, passage: Passage) -> Hit:
        """The passage with its highlights, and the second of the first sentence that has one."""
        titles = "\n".join(context(passage))
        highlights = self.highlight(passage.text, beside=titles)
        first = highlights[0][0] if highlights else 0
        start = next((at for place, at, _ in reversed(passage.sentences) if place <= first), passage.start)
        said = f"{passage.text}\n{titles}"
        return Hit(
            passage,
            highlights,
            start,
            missing=self._missing(said),
            item_highlights=self._title(passage.item_title or "", said),
            title_highlights=self._title(passage.title, said),
        )

    def highlight(self, text: str, beside: str = "") -> Ranges:
        """Character ranges of the words that match, in order; those of a phrase only where it stands whole.

        Of a compound only the part that was meant: "skole" marks "Folke|skolen|". A part of a compound that is said
        apart is marked if the others stand in the text or `beside` it.
        """
        words = self._ways(text, beside)
        wanted = self._wanted.get(words)
        if wanted is None:
            wanted = self._wanted[words] = _Wanted(words)
        marked = {(at + a, at + b) for at, surface in surfaces(text) for a, b in wanted[surface]}
        if self._plan.phrases:
            marked |= _phrases(analyse(text), self._plan.phrases)
        return tuple(_joined(sorted(marked)))

    def _title(self, title: str, said: str) -> Ranges:
        """The highlights of a title, which many passages have; only parts of a compound depend on the passage."""
        if any(word.apart for word in self._plan.words):
            return self.highlight(title, beside=said)
        known = self._titles.get(title)
        if known is None:
            known = self._titles[title] = self.highlight(title)
        return known

    def _ways(self, text: str, beside: str) -> tuple[Alternatives, ...]:
        """The words, and the parts of those that are said apart here."""
        words = self._plan.words
        if not any(word.apart for word in words):
            return words
        said = [found for _, found in (*analyse(text), *analyse(beside))]
        return tuple(way for word in words for way in word.said_in(said))

    def _missing(self, text: str) -> tuple[str, ...]:
        if not self._required:
            return ()
        said = [found for _, found in analyse(text)]
        return tuple(word.surface for word in self._required if not word.said_in(said))


class _Wanted(dict[str, Ranges]):
    """For each token what of it some words mean: all of it, or parts of a compound. Each is found out once."""

    def __init__(self, words: Sequence[Alternatives]) -> None:
        self._norms = frozenset[str]().union(*(word.norms for word in words))
        self._lemmas = frozenset[str]().union(*(word.lemmas | word.within for word in words))
        self._parts = frozenset[str]().union(*(word.parts for word in words))
        self._prefixes = tuple(word.prefix for word in words if word.prefix is not None)

    def __missing__(self, surface: str) -> Ranges:
        found = self[surface] = self._find(surface)
        return found

    def _find(self, surface: str) -> Ranges:
        found = terms(surface)
        whole = found.norm in self._norms or not self._lemmas.isdisjoint(found.lemmas)
        if whole or (self._prefixes and found.norm.startswith(self._prefixes)):
            return ((0, len(surface)),)
        if self._parts.isdisjoint(found.parts):
            return ()
        return tuple((a, b) for part, a, b in places(surface) if part in self._parts and part in found.parts)


def _phrases(
    tokens: Sequence[tuple[Token, Terms]], phrases: Iterable[tuple[str, ...]]
) -> set[tuple[int, int]]:
    starts = ((at, phrase) for phrase in phrases for at in phrase_starts(tokens, phrase))
    return {
        (tokens[n][0].start, tokens[n][0].end) for at, phrase in starts for n in range(at, at + len(phrase))
    }


def phrase_starts(tokens: Sequence[tuple[Token, Terms]], phrase: tuple[str, ...]) -> Iterator[int]:
    """The places among the tokens at which the phrase begins."""
    norms, length = [found.norm for _, found in tokens], len(phrase)
    return (at for at in range(len(norms) - length + 1) if tuple(norms[at : at + length]) == phrase)


def _joined(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges that overlap or touch as one."""
    begin = end = -1
    for a, b in ranges:
        if a > end:
            if begin >= 0:
                yield begin, end
            begin, end = a, b
        else:
            end = max(end, b)
    if begin >= 0:
        yield begin, end
