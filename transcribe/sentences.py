"""Sentences rebuilt from words, whatever windows they were heard in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from catalogue import Segment, Word
from transcribe.hearing import Answer

LONG_PAUSE = 1.5  # s; a sentence without a full stop ends here
CUT_AFTER, CUT_PAUSE = 20.0, 0.3  # s; a sentence this long ends at the next pause, or comma
LONGEST = 40.0  # s; it ends in any case
_ABBREVIATIONS = frozenset(
    "bl.a ca dvs f.eks fx hhv inkl jf kl mht mio mia kr nr osv pct pga pkt s.u stk tlf vedr evt maks min m.m m.v"
    " o.l ang bil dr hr fr sct st mv m.fl bl d.d d.v.s t.ex".split()
)
_CLOSING, _OPENING = "\"'”»«)", "\"'“»«(["
_END = re.compile(rf"[.!?…][{re.escape(_CLOSING)}]*$")
_ENDS_TOO = frozenset("osv m.m mv m.v m.fl o.l".split())  # abbreviations that sentences end with
_BEFORE_A_NUMBER = frozenset("punkt pkt nr sag".split())  # "punkt 7." is no ordinal


def rebuild(answers: Iterable[Answer]) -> tuple[Segment, ...]:
    """The sentences of a recording, in order. A sentence goes over windows, but not from sure to doubtful text."""
    found: list[Segment] = []
    waiting: list[Word] = []
    doubt = ""
    clock = 0.0
    for answer in answers:
        its_doubt = str(answer.doubts[0]) if answer.doubts and answer.text else ""
        if waiting and its_doubt != doubt:
            found += _cut(waiting, doubt)
            waiting = []
        doubt = its_doubt
        if answer.text and not answer.words:  # text that could not be aligned has its window's time
            found += _cut(waiting, doubt)
            waiting = []
            found.append(Segment(max(clock, answer.start), max(clock, answer.end), answer.text, doubt=doubt))
        waiting += _from(clock, answer.words)
        clock = max([clock, *(w.end for w in waiting), *(s.end for s in found[-1:])])
    return tuple([*found, *_cut(waiting, doubt)])


def _from(clock: float, words: Sequence[Word]) -> Iterator[Word]:
    """Words that never begin before what was said before them."""
    for word in words:
        start = max(word.start, clock)
        clock = max(word.end, start)
        yield word if start == word.start else Word(start, clock, word.word, word.probability)


def _cut(words: Sequence[Word], doubt: str) -> list[Segment]:
    sentences: list[list[Word]] = []
    for n, word in enumerate(words):
        if not sentences or _ends(sentences[-1], words[n - 1], word):
            sentences.append([])
        sentences[-1].append(word)
    return [
        Segment(s[0].start, s[-1].end, " ".join(w.word for w in s), words=tuple(s), doubt=doubt)
        for s in sentences
    ]


def _ends(sentence: Sequence[Word], last: Word, following: Word) -> bool:
    """Whether a sentence ends between two words."""
    pause = following.start - last.end
    long = last.end - sentence[0].start
    before = sentence[-2].word if len(sentence) > 1 else ""
    if _full_stop(before, last.word, following.word) or pause >= LONG_PAUSE:
        return True
    return long >= LONGEST or (
        long >= CUT_AFTER and (pause >= CUT_PAUSE or last.word.endswith((",", ";", ":")))
    )


def _full_stop(before: str, word: str, following: str) -> bool:
    """Whether a word ends a sentence: not after an abbreviation or an ordinal, nor before a small letter.

    `before` is the word before it, which tells "punkt 7." from "den 7.".
    """
    if not _END.search(word) or following.lstrip(_OPENING)[:1].islower():
        return False
    bare = word.strip(_CLOSING + _OPENING).rstrip(".…").lower()
    if not word.rstrip(_CLOSING).endswith("."):
        return True
    if bare in _ENDS_TOO or len(bare) > 2 and bare.isdigit():
        return not following[:1].isdigit()
    if bare.isdigit():
        return before.rstrip(".").lower() in _BEFORE_A_NUMBER
    return bare not in _ABBREVIATIONS and len(bare) != 1
