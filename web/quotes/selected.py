"""Words that a reader marked in the transcript, found in the sentences they were marked in."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from catalogue import PublishedMeeting, Sentence
from web.quotes.cutting import timed_words
from web.quotes.stretch import LONGEST_QUOTE, Stretch, TooLong, stretch
from web.search_query import BadParameter

LONGEST_TEXT = (
    7_500  # characters; more is not said in five minutes, nor fits in an address (js/selection.js as well)
)
ROUNDED = 0.02  # seconds that an anchor may lie beside its sentence's start
INSTANT = 0.01  # seconds that a word of no length is given
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the sentences in a row: the sentence, and its characters there."""

    text: str
    sentence: Sentence
    begin: int
    stop: int


def selected(meeting: PublishedMeeting, first: float, last: float, text: str, offset: int) -> Stretch:
    """The time of a text that was marked in the sentences that begin at `first` to `last` (seconds, as their anchors
    have them). `offset` is where in the first of them it begins, for words that stand there more than once.

    Words that are marked in part count whole. Where a sentence's words have no times, all of it is meant. Raises
    `BadParameter` where the text does not stand there, `TooLong` for more than a quote may be.
    """
    sentences = _between(meeting.sentences, first, last)
    wanted = [word.casefold() for word in _WORD.findall(text)]
    words = [
        _Word(found[0], sentence, found.start(), found.end())
        for sentence in sentences
        for found in _WORD.finditer(sentence.text)
    ]
    places = _places([word.text.casefold() for word in words], wanted)
    if not places:
        raise BadParameter("does not stand in these sentences", where="text", remedy="Mark the words again.")
    start = sentences[0].start

    def beside(place: int) -> tuple[int, int]:
        """How far a place is from the offset; one in a later sentence is farther than any in the first."""
        word = words[place]
        return (word.sentence.start > start, abs(word.begin - offset))

    place = min(places, key=beside)
    begin, end = words[place], words[place + len(wanted) - 1]
    if _times(end)[1] - _times(begin)[0] > LONGEST_QUOTE:
        raise TooLong(_times(begin)[0])
    return stretch(_times(begin)[0], _times(end)[1])


def _between(sentences: Sequence[Sentence], first: float, last: float) -> list[Sentence]:
    begin = bisect_left(sentences, first - ROUNDED, key=lambda s: s.start)
    stop = bisect_left(sentences, last + ROUNDED, key=lambda s: s.start)
    if begin >= stop:
        raise BadParameter("no sentence begins there", where="from", remedy="Give the start of a sentence.")
    return list(sentences[begin:stop])


def _places(words: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where the wanted words begin. The first may be the end of a word, the last the beginning of one."""
    if not wanted:
        return []
    middle = wanted[1:-1]
    return [
        n
        for n in range(len(words) - len(wanted) + 1)
        if _fits(words[n : n + len(wanted)], wanted) and list(words[n + 1 : n + len(wanted) - 1]) == middle
    ]


def _fits(words: Sequence[str], wanted: Sequence[str]) -> bool:
    if len(wanted) == 1:
        return wanted[0] in words[0]
    return words[0].endswith(wanted[0]) and words[-1].startswith(wanted[-1])


def _times(word: _Word) -> tuple[float, float]:
    inside = [t for t in timed_words(word.sentence) if t.begin < word.stop and word.begin < t.stop]
    if not inside:
        return word.sentence.start, word.sentence.end
    return inside[0].start, max(inside[-1].end, inside[-1].start + INSTANT)
