"""The archive's own words, and how many passages each is in: what spellings and typos are resolved against."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from heapq import nlargest

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from search.compounds import ENDINGS, LINKS
from search.lemmas import is_word
from search.tokens import respelling_key, respelling_keys

MOST_TYPOS = 50  # candidates kept for one word, nearest and most frequent first
MOST_CONTINUATIONS = 1000
MOST_COMPOUNDS = 30
SHORTEST_PART, SHORTEST_COMPOUND = 3, 8  # letters; shorter ones are mostly accidents: bil+led, sam+tal
SAID_ENOUGH = 3  # passages with a word before it counts as a part: rarer ones are slips and names
NO_HEADS = ENDINGS | {"ring"}  # regul-e-ring
LAST = "\U0010ffff"  # sorts behind every letter
MOST_BEGINNING = 60  # words kept that begin alike


class Vocabulary:
    """Terms by kind (`norm`, `lemma`, `parts`) with the number of passages that hold them.

    `recount` is given where those numbers may include passages that are gone: it counts a term of a kind anew.
    """

    def __init__(
        self,
        norm: Mapping[str, int],
        lemma: Mapping[str, int],
        parts: Mapping[str, int],
        recount: Callable[[str, str], int] | None = None,
    ) -> None:
        self._norm, self._lemma, self._parts = norm, lemma, parts
        self._recount = lru_cache(maxsize=65536)(recount) if recount else None
        self._typos = lru_cache(maxsize=4096)(self._search_typos)
        self._compounds = lru_cache(maxsize=4096)(self._search_compounds)
        self._beginning = lru_cache(maxsize=4096)(self._search_beginning)

    def norm(self, term: str) -> int:
        return self._count("norm", self._norm, term)

    def lemma(self, term: str) -> int:
        return self._count("lemma", self._lemma, term)

    def part(self, term: str) -> int:
        return self._count("parts", self._parts, term)

    def _count(self, kind: str, terms: Mapping[str, int], term: str) -> int:
        listed = terms.get(term, 0)
        return self._recount(kind, term) if listed and self._recount else listed

    def continuations(self, prefix: str) -> int:
        """How many passages at most hold a word that begins so."""
        return sum(self.norm(term) for term in _begun(self._sorted, prefix)[:MOST_CONTINUATIONS])

    def beginning(self, prefix: str, respelled: bool = False) -> tuple[tuple[str, int], ...]:
        """The commonest words that begin so, with the passages that hold each (as listed: some may be gone).

        `respelled`: instead those that do so only for who types o for ø and a for å or æ.
        """
        return self._beginning(prefix, respelled)

    def _search_beginning(self, prefix: str, respelled: bool) -> tuple[tuple[str, int], ...]:
        if respelled:
            keys = _begun(self._sorted_keys, respelling_key(prefix))
            words = [word for key in keys for word in self._by_key[key] if not word.startswith(prefix)]
        else:
            words = list(_begun(self._sorted, prefix))
        return tuple(
            nlargest(MOST_BEGINNING, ((w, self._norm[w]) for w in words), key=lambda pair: (pair[1], pair[0]))
        )

    def respellings(self, norm: str) -> tuple[str, ...]:
        """Words that differ only in how æ, ø and å are typed."""
        like = (word for key in respelling_keys(norm) for word in self._by_key.get(key, ()))
        return tuple(dict.fromkeys(word for word in like if self.norm(word)))

    def compounds(self, stem: str) -> tuple[str, ...]:
        """Stems made of this one and another that the archive says on its own, one of them no word of the dictionary,
        so that it could not be split by that: vium → viumskole, skole → viumskole."""
        return self._compounds(stem)

    def _search_compounds(self, stem: str) -> tuple[str, ...]:
        if len(stem) < SHORTEST_PART or not stem.isalpha():
            return ()
        behind = (
            w[::-1] for w in _begun(self._backwards, stem[::-1])[:MOST_CONTINUATIONS] if stem not in NO_HEADS
        )
        others = {whole: _fronts(whole[: -len(stem)]) for whole in behind}
        others |= {
            whole: _heads(whole[len(stem) :]) for whole in _begun(self._stems, stem)[:MOST_CONTINUATIONS]
        }
        found = (
            (-self.lemma(whole), whole)
            for whole, parts in others.items()
            if any(self._is_made_of(whole, stem, part) for part in parts)
        )
        return tuple(whole for count, whole in sorted(found)[:MOST_COMPOUNDS] if count)

    def _is_made_of(self, whole: str, stem: str, part: str) -> bool:
        """Whether its parts are said often enough for it: Koehn and Knight (2003), by the geometric mean."""
        too_short = len(part) < SHORTEST_PART or len(part) + len(stem) < SHORTEST_COMPOUND
        if too_short or (_is_entry(stem) and _is_entry(part)):
            return False
        if self._lemma.get(part, 0) < SAID_ENOUGH:  # as listed, which is never less than there is
            return False
        said = self.lemma(part)
        return said >= SAID_ENOUGH and said * self.lemma(stem) >= self.lemma(whole) ** 2

    def typos(self, norm: str) -> tuple[str, ...]:
        """Words one slip away (two from nine letters on); none for short words and numbers."""
        return self._typos(norm)

    def _search_typos(self, norm: str) -> tuple[str, ...]:
        if len(norm) < 5 or not norm.isalpha():
            return ()
        allowed = 1 if len(norm) < 9 else 2
        alike = [w for n in range(-allowed, allowed + 1) for w in self._by_length.get(len(norm) + n, ())]
        near = extract(norm, alike, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        counted = ((distance, self.norm(word), word) for word, distance, _ in near if word.isalpha())
        ranked = sorted((distance, -count, word) for distance, count, word in counted if count)
        return tuple(word for _, _, word in ranked[:MOST_TYPOS])

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._norm)

    @cached_property
    def _stems(self) -> list[str]:
        return sorted(stem for stem in self._lemma if stem.isalpha())

    @cached_property
    def _backwards(self) -> list[str]:
        return sorted(stem[::-1] for stem in self._stems)

    @cached_property
    def _sorted_keys(self) -> list[str]:
        return sorted(self._by_key)

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths: dict[int, list[str]] = defaultdict(list)
        for word in self._sorted:
            lengths[len(word)].append(word)
        return lengths

    @cached_property
    def _by_key(self) -> dict[str, list[str]]:
        keys: dict[str, list[str]] = defaultdict(list)
        for word in self._norm:
            keys[respelling_key(word)].append(word)
        return keys


def _begun(among: Sequence[str], prefix: str) -> Sequence[str]:
    """Those of a sorted list that begin so."""
    return among[bisect_left(among, prefix) : bisect_left(among, prefix + LAST)]


def _fronts(text: str) -> list[str]:
    """What may stand before a compound's head, without the letters that link them."""
    return [text.removesuffix(link) for link in LINKS if text.endswith(link)]


def _heads(text: str) -> list[str]:
    """What may stand behind a compound's front; no mere ending."""
    heads = (text.removeprefix(link) for link in LINKS if text.startswith(link))
    return [head for head in heads if head not in NO_HEADS]


def _is_entry(stem: str) -> bool:
    """Whether a stem is of a word of the dictionary, as far as that can be told without its ending."""
    return is_word(stem) or is_word(stem + "e") or is_word(stem + stem[-1] + "e")
