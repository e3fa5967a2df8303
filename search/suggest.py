"""Suggestions while somebody types: words that may be meant, people who spoke, agenda items.

What may be suggested comes from the index and its like, which are always a little older than the catalogue. So each suggestion is held
against what is public at this moment (`PublicView`) before it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Protocol

from search.contract import InvalidRequest, Passage, SearchEngine, SearchRequest
from search.lemmas import is_word, lemma, stem
from search.query import STOP_WORDS, Word, parse_query, unfinished
from search.tokens import Token, fold, tokenise

MOST_WORDS, MOST_PEOPLE, MOST_ITEMS = 5, 3, 4
LONGEST_TYPED = 200  # characters
SHORTEST = 2  # letters that a word has before anything is suggested for it
LONGEST_WORD = 60  # letters; longer ones are accidents, and nobody picks them
MOST_CANDIDATES = 10  # words whose spelling is looked up
FORMS = 3  # of one word, where those before are not public any more
PEOPLE_LOOKED_UP = 6
TITLES_RANKED = 500  # the newest; of more nobody has typed enough yet
SAMPLES = 3  # passages looked at to see how a word is spelled, or whether somebody is still heard
_STOP_NORMS = frozenset(map(fold, STOP_WORDS))
_SENTENCE_ENDS = frozenset(".!?:")
_OPENINGS = " \t\n\"'»«”“–-("  # what may stand before a sentence's first word


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker, and how many passages of the index are theirs."""

    name: str
    passages: int


@dataclass(frozen=True, slots=True)
class EntitledItem:
    """A public agenda item; `start` is its second on the meeting's clock, None where it has none."""

    meeting: str
    meeting_title: str
    date: date | None
    body: str
    municipality: str
    number: str
    title: str
    start: float | None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """For what was typed, the likeliest first. `words` are whole queries: what was typed, with its last word ended."""

    typed: str
    words: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    items: tuple[EntitledItem, ...] = ()


class PublicView(Protocol):
    """The archive as anybody may know it at this moment."""

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Meetings of which the index may hold what is not public any more: nothing of them is looked at or counted."""

    def says(self, passage: Passage, place: int) -> bool:
        """Whether the sentence at this character of a passage is public as it stands, speaker and all."""

    def titled(self, meeting: str, title: str) -> bool:
        """Whether a public meeting, or a public item of it, has this title."""

    def items(self, words: Sequence[Word]) -> list[EntitledItem]:
        """The public items whose titles have the words, in no order."""


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A word as it is said in public, and in how many passages (with the other words that were typed)."""

    surface: str
    passages: int


def suggestions(engine: SearchEngine, typed: str, public: PublicView) -> Suggestions:
    """Raises `InvalidRequest` where more was typed than anybody does, `IndexUnavailable`."""
    if len(typed) > LONGEST_TYPED:
        raise InvalidRequest(f"suggestions are given for at most {LONGEST_TYPED} characters", where="q")
    query = parse_query(typed)
    plain = not query.phrases and not query.without
    return Suggestions(
        typed,
        _words(engine, typed, public),
        _people(engine, typed, public) if plain else (),
        _items(query.words, public) if plain else (),
    )


def _items(words: Sequence[Word], public: PublicView) -> tuple[EntitledItem, ...]:
    too_short = len(words) == 1 and len(words[0].token.norm) < SHORTEST
    if not words or too_short:
        return ()
    newest: dict[str, EntitledItem] = {}
    for item in sorted(public.items(words), key=lambda item: -_day(item)):
        newest.setdefault(item.title, item)  # "Godkendelse af dagsorden" stands on every agenda
        if len(newest) == TITLES_RANKED:
            break
    # A title that begins with what was typed is likelier meant than one that only has it.
    first = words[0].token.norm
    ranked = sorted(newest.values(), key=lambda item: not _begins(item.title, first))
    return tuple(ranked[:MOST_ITEMS])


def _begins(text: str, norm: str) -> bool:
    return any(token.norm.startswith(norm) for token in islice(tokenise(text), 1))


def _day(item: EntitledItem) -> int:
    return item.date.toordinal() if item.date else 0


# Words ----------------------------------------------------------------------------------------------------


def _words(engine: SearchEngine, typed: str, public: PublicView) -> tuple[str, ...]:
    begun = unfinished(typed)
    if begun is None or len(begun[1].norm) < SHORTEST:
        return ()
    before, token = begun
    found: dict[str, _Spelled] = {}
    for spelled in _spelled_words(engine, before, token, public):
        # Once more by the true word: the index knows it without its æ, ø and å.
        found.setdefault(_entry(spelled.surface.lower()), spelled)
        if len(found) == MOST_WORDS:
            break
    return tuple(before + spelled.surface for spelled in _ranked(found.values(), before, token))


def _ranked(found: Iterable[_Spelled], before: str, token: Token) -> list[_Spelled]:
    """What begins with the very letters typed comes first; and beside other words, what is said with them most."""
    typed = token.surface.casefold()
    return sorted(
        found,
        key=lambda s: (not s.surface.casefold().startswith(typed), -s.passages if before.strip() else 0),
    )


def _spelled_words(engine: SearchEngine, before: str, token: Token, public: PublicView) -> Iterator[_Spelled]:
    for forms in islice(_candidates(engine, token), MOST_CANDIDATES):
        tried = (_spelled(engine, before, norm, public) for norm in forms[:FORMS])
        spelled = next((found for found in tried if found), None)
        if spelled:
            entry = fold(lemma(spelled.surface.lower()))
            another = entry in forms and entry != fold(spelled.surface)
            yield (_spelled(engine, before, entry, public) if another else None) or spelled


def _candidates(engine: SearchEngine, token: Token) -> Iterator[Sequence[str]]:
    """Words that begin so, commonest first, each with the forms (norms) to try for it."""
    vocabulary = engine.vocabulary()
    yield from _by_word(vocabulary.beginning(token.norm), token.norm)
    if token.surface.isascii():  # who types ø means ø
        yield from _by_word(vocabulary.beginning(token.norm, respelled=True), token.norm)


def _by_word(counted: Iterable[tuple[str, int]], typed: str) -> Iterator[Sequence[str]]:
    """Inflections of one word together: its dictionary form first (as far as a norm can be looked up), the others as
    they come: commonest first."""
    forms: dict[str, list[str]] = {}
    sums: dict[str, int] = {}
    for norm, count in counted:
        entry = _entry(norm)
        forms.setdefault(entry, []).append(norm)
        sums[entry] = sums.get(entry, 0) + count
    for entry in sorted(sums, key=lambda entry: -sums[entry]):
        norms = forms[entry]
        if typed in norms or norms[0] in _STOP_NORMS:
            continue  # it is typed already, and finds its inflections; or says nothing
        norms.sort(key=lambda norm: lemma(norm) != norm or not is_word(norm))
        yield [norm for norm in norms if len(norm) <= LONGEST_WORD]


def _entry(word: str) -> str:
    """What a word's inflections have in common. Not the stem where the dictionary knows better: "sundhed" is another
    word than "sund"."""
    found = lemma(word)
    return found if is_word(found) else stem(word)


def _spelled(engine: SearchEngine, before: str, norm: str, public: PublicView) -> _Spelled | None:
    """How the word is written where it is said with the words before it; None where it no longer is."""
    asked = SearchRequest(q=f'{before}"{norm}"', per_page=SAMPLES, sort="newest", without=public.unsettled)
    total, passages = engine.samples(asked)
    if before.strip():  # else whether anything is suggested would tell what was said beside it
        passages = tuple(passage for passage in passages if _wholly_public(passage, public))
    best: str | None = None
    for surface, begins in (found for passage in passages for found in _written(passage, norm, public)):
        if surface.islower():
            return _Spelled(surface, total)
        best = best or (_as_inside(surface) if begins else surface)
    return _Spelled(best, total) if best else None


def _written(passage: Passage, norm: str, public: PublicView) -> Iterator[tuple[str, bool]]:
    """The word as this passage and its titles have it in public, and whether it begins a sentence or title there."""
    for token in _tokens(passage.text, norm):
        if public.says(passage, token.start):
            yield token.surface, _begins_sentence(passage.text, token.start)
    for title in (passage.item_title or "", passage.title):
        for token in _tokens(title, norm):
            if public.titled(passage.meeting, title):
                yield token.surface, _begins_sentence(title, token.start)


def _wholly_public(passage: Passage, public: PublicView) -> bool:
    titles = [title for title in (passage.item_title, passage.title) if title]
    return all(public.titled(passage.meeting, title) for title in titles) and all(
        public.says(passage, place) for place, _, _ in passage.sentences
    )


def _tokens(text: str, norm: str) -> Iterator[Token]:
    return (token for token in tokenise(text) if token.norm == norm)


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(_OPENINGS)
    return not before or before[-1] in _SENTENCE_ENDS


def _as_inside(surface: str) -> str:
    """A word that only ever begins sentences: with a small letter where the dictionary has it, as names are not."""
    return surface.lower() if is_word(surface.lower()) and not surface.isupper() else surface


# People ---------------------------------------------------------------------------------------------------


def _people(engine: SearchEngine, typed: str, public: PublicView) -> tuple[Person, ...]:
    if sum(len(token.norm) for token in tokenise(typed)) < SHORTEST:
        return ()
    people: list[Person] = []
    for name in engine.names().beginning(typed)[:PEOPLE_LOOKED_UP]:
        theirs = SearchRequest(speaker=(name,), per_page=SAMPLES, sort="newest", without=public.unsettled)
        total, passages = engine.samples(theirs)
        if any(_still_heard(passage, public) for passage in passages):
            people.append(Person(name, total))
        if len(people) == MOST_PEOPLE:
            break
    return tuple(people)


def _still_heard(passage: Passage, public: PublicView) -> bool:
    return any(public.says(passage, place) for place, _, _ in passage.sentences)
