"""A query resolved against the archive's vocabulary: which exact terms each word stands for.

What engines do differently (inflection, compounds, spelling, typos) is decided here, once. An engine only has
to find exact terms, beginnings of terms and phrases, so the hits are the same set on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.analyser import Terms, apart, asked
from search.query import Phrase, Query, Word
from search.stored import KINDS
from search.tokens import Token
from search.vocabulary import Vocabulary

SHORTEST_PREFIX = 2  # letters
HARDLY_EVER = 2  # passages
TIMES_AS_COMMON = 20
MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What one word of a query is found by: any of these. `within`: stems of compounds that the archive's own words
    show to hold it; `prefix`: also norms that begin so; `apart`: or all of those together, the parts of a compound."""

    surface: str
    norms: frozenset[str] = frozenset()
    lemmas: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    prefix: str | None = None
    passages: int = 0  # how many hold it, at most; 0: the archive has no such word
    apart: tuple[Alternatives, ...] = ()

    def said_in(self, tokens: Sequence[Terms]) -> tuple[Alternatives, ...]:
        """Those of its ways to be said that a text with these tokens has: itself, its parts if all are there."""
        itself = (self,) if any(self.match(found) for found in tokens) else ()
        there = bool(self.apart) and all(part.said_in(tokens) for part in self.apart)
        return (*itself, *(self.apart if there else ()))

    def marked(self) -> list[str]:
        """Its terms, each with the mark of its kind."""
        terms = [KINDS["norm"] + term for term in sorted(self.norms)]
        terms += [KINDS["lemma"] + term for term in sorted(self.lemmas | self.within)]
        return terms + [KINDS["parts"] + term for term in sorted(self.parts)]

    def match(self, found: Terms) -> bool:
        """Whether a token with these terms is meant, as a whole or a part of it."""
        return self.match_whole(found) or any(part in self.parts for part in found.parts)

    def match_whole(self, found: Terms) -> bool:
        return (
            found.norm in self.norms
            or any(lemma in self.lemmas or lemma in self.within for lemma in found.lemmas)
            or (self.prefix is not None and found.norm.startswith(self.prefix))
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """All of `phrases` (tuples of norms) and `at_least` of `words` (None: all of them), and none of the others.

    A word may stand in the text or in its titles; but something of what is asked for stands in the text, or in a title
    that the passage opens: otherwise all that was said under a title would be found by it.
    """

    words: tuple[Alternatives, ...]
    phrases: tuple[tuple[str, ...], ...]
    without_words: tuple[Alternatives, ...]
    without_phrases: tuple[tuple[str, ...], ...]
    at_least: int | None = None


def make_plan(query: Query, vocabulary: Vocabulary, *, widened: bool = False) -> Plan:
    """`widened`: a word that the archive has is looked for under like spellings too."""
    words = [_resolve(word, vocabulary, widened) for word in query.words]
    return Plan(
        words=tuple(dict.fromkeys(words)),
        phrases=tuple(_norms(phrase) for phrase in query.phrases),
        without_words=tuple(_excluded(w) for w in query.without if isinstance(w, Word)),
        without_phrases=tuple(_norms(p) for p in query.without if isinstance(p, Phrase)),
    )


def _norms(phrase: Phrase) -> tuple[str, ...]:
    return tuple(token.norm for token in phrase.tokens)


def _excluded(word: Word) -> Alternatives:
    """Without a word is without its inflections; its compounds may stay."""
    found = asked(word.token.surface)
    return Alternatives(word.token.surface, frozenset({found.norm}), frozenset(found.lemmas))


def _resolve(word: Word, vocabulary: Vocabulary, widened: bool) -> Alternatives:
    """The first of these that the archive has: the word itself, another spelling, its parts, a near miss.

    A compound that was hardly ever said is looked for by its parts too.
    """
    token = word.token
    prefix = token.norm if word.prefix and len(token.norm) >= SHORTEST_PREFIX else None
    itself = _known(token.surface, prefix, vocabulary)
    parts = tuple(_part(token, stems, vocabulary) for stems in apart(token.surface))
    said_apart = min((part.passages for part in parts), default=0)
    if itself.passages and not (said_apart and itself.passages <= HARDLY_EVER):
        return _widened(itself, token.norm, vocabulary, widened)
    respelled = vocabulary.respellings(token.norm) if not itself.passages else ()
    if respelled:
        return _spelled(token, respelled, prefix, vocabulary)
    if said_apart:
        return replace(itself, apart=parts, passages=itself.passages + said_apart)
    typos = vocabulary.typos(token.norm)
    return _spelled(token, typos, prefix, vocabulary) if typos else itself


def _widened(itself: Alternatives, norm: str, vocabulary: Vocabulary, always: bool) -> Alternatives:
    """A word that was hardly ever said is more likely a slip of who typed or heard it: the like words with it."""
    if not always and itself.passages > HARDLY_EVER:
        return itself
    like = {*vocabulary.respellings(norm), *vocabulary.typos(norm)} - {norm}
    fewest = 1 if always else TIMES_AS_COMMON * itself.passages
    found = {word: count for word in like if (count := vocabulary.norm(word)) >= fewest}
    return replace(
        itself, norms=itself.norms | frozenset(found), passages=itself.passages + sum(found.values())
    )


def near_words(query: Query, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """For each word that the archive hardly has: norms like it that it has more of, the likeliest first."""
    near = {}
    for word in query.words:
        norm, said = (
            word.token.norm,
            _known(word.token.surface, None, vocabulary).passages,
        )
        if said <= HARDLY_EVER and not (
            word.prefix and vocabulary.continuations(norm) > vocabulary.norm(norm)
        ):
            like = dict.fromkeys((*vocabulary.respellings(norm), *vocabulary.typos(norm)))
            found = tuple(w for w in like if w != norm and vocabulary.norm(w) > said)[:MOST_NEAR]
            if found:
                near[word.token.surface] = found
    return near


def _known(surface: str, prefix: str | None, vocabulary: Vocabulary) -> Alternatives:
    """The word as the archive has it."""
    found = asked(surface)
    norms, lemmas = frozenset({found.norm}), frozenset(found.lemmas)
    # What has the word has its stem too.
    passages = sum(vocabulary.lemma(stem) + vocabulary.part(stem) for stem in lemmas)
    passages += vocabulary.continuations(prefix) if prefix else 0
    within = frozenset(whole for stem in lemmas for whole in vocabulary.compounds(stem))
    passages += sum(vocabulary.lemma(whole) for whole in within)
    return Alternatives(surface, norms, lemmas, lemmas, within, prefix, passages)


def _spelled(
    token: Token, words: tuple[str, ...], prefix: str | None, vocabulary: Vocabulary
) -> Alternatives:
    """The word by the spellings that the archive has; their inflections are found by their own spelling."""
    passages = sum(vocabulary.norm(word) for word in words)
    return Alternatives(token.surface, frozenset(words), prefix=prefix, passages=passages)


def _part(token: Token, stems: frozenset[str], vocabulary: Vocabulary) -> Alternatives:
    passages = sum(vocabulary.lemma(stem) + vocabulary.part(stem) for stem in stems)
    return Alternatives(token.surface, lemmas=stems, parts=stems, passages=passages)
