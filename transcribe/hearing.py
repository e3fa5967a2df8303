"""How one window becomes text: ask the model, judge, and ask another way while something speaks against the answer.

A window is a generator of questions, so that many of them, of many recordings, share the model's batches; what it
comes to depends on nothing but the window. No way of asking is random: the same sound gives the same text.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalogue import Word
from transcribe.gate import NOT_SPEECH, Doubt, doubts, plain
from transcribe.names import Names
from transcribe.stretches import Prepared, part, seen_whole
from transcribe.whisper import Heard, Way
from transcribe.windows import Speech, Window, halves
from transcribe.word_times import on_recording

if TYPE_CHECKING:
    from transcribe.whisper import Features

SHORTEST_HALVED = 3.0  # s of window
DEEPEST = 3  # times that a window is halved: 20 s become 2.5 s
# A second answer replaces the first, if both are doubtful, only when the model is this much surer of it.
SURER = 0.05
# With names the model may be a little less sure of the rest.
NAMES_MAY_COST = 0.1
AGAINST_LOOPS = (1.15, 4)  # repetition penalty, longest n-gram that is not said twice


@dataclass(frozen=True, slots=True)
class Question:
    """A window to be decoded."""

    features: Features
    way: Way
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a window came to. Times are on the recording's clock; text that is nobody's has been left out."""

    start: float
    end: float
    speech: tuple[Speech, ...]
    text: str
    words: tuple[Word, ...]
    doubts: tuple[Doubt, ...]
    decoded_again: tuple[Doubt, ...] = ()  # why, once for each time
    names: int = 0  # that were put right


@dataclass(frozen=True, slots=True)
class _Try:
    heard: Heard
    words: tuple[Word, ...]
    doubts: tuple[Doubt, ...]

    def better_than(self, other: _Try) -> bool:
        if NOT_SPEECH & set(other.doubts):
            return not self.doubts  # text where nobody seems to speak has to be beyond doubt
        mine, others = _badness(self.doubts), _badness(other.doubts)
        surer = self.heard.log_probability > other.heard.log_probability + SURER
        return mine < others or (mine == others and surer)


def _badness(found: Sequence[Doubt]) -> int:
    """A figure that grows with the worst doubt."""
    order = list(Doubt)
    return len(order) - order.index(found[0]) if found else 0


Hearing = Generator[Question, Heard, list[Answer]]


def hear(prepared: Prepared, mel_bins: int, beam_size: int, names: Names, depth: int = 0) -> Hearing:
    """The answers to one window: one, or those of its parts where it had to be cut."""
    window, plain_way = prepared.window, Way(beam_size)
    best = _judged((yield Question(prepared.features, plain_way)), window)
    again: list[Doubt] = []
    ways = _other_ways(best, beam_size)
    whole = seen_whole(prepared, mel_bins).features if ways else prepared.features
    for way in ways:
        if best.doubts:
            again.append(best.doubts[0])
            other = _judged((yield Question(whole, way)), window)
            best = other if other.better_than(best) else best
    if _worth_halving(best, window, depth):
        cut = halves(window)
        if cut is not None:
            again.append(best.doubts[0])
            parts: list[Answer] = []
            for half in cut:
                parts += yield from hear(
                    part(prepared, half, mel_bins), mel_bins, beam_size, names, depth + 1
                )
            if Doubt.LIMIT in best.doubts or _better(parts, best):
                parts[0] = replace(parts[0], decoded_again=(*again, *parts[0].decoded_again))
                return parts
    best, mended = yield from _with_names(prepared, best, plain_way, names)
    return [_answer(window, best, tuple(again), mended)]


def _judged(heard: Heard, window: Window, names: Sequence[str] = ()) -> _Try:
    words = on_recording(heard.words, window)
    return _Try(heard, words, doubts(heard, window, words, names))


def _other_ways(first: _Try, beam_size: int) -> list[Way]:
    """How a doubtful window is decoded again, filled up to 30 s as the model knows it; loops are then forbidden."""
    if not first.doubts:
        return []
    penalty, ngram = AGAINST_LOOPS
    loops = {Doubt.LIMIT, Doubt.LOOP, Doubt.FAST} & set(first.doubts)
    return [Way(beam_size), *([Way(beam_size, penalty, ngram)] if loops else [])]


def _worth_halving(best: _Try, window: Window, depth: int) -> bool:
    if NOT_SPEECH & set(best.doubts):
        return False
    long_enough = window.end - window.start > SHORTEST_HALVED
    lost = set(best.doubts) & {Doubt.LIMIT, Doubt.LOOP, Doubt.HOLE, Doubt.EMPTY, Doubt.SPARSE, Doubt.FAST}
    return bool(lost) and long_enough and depth < DEEPEST


def _better(parts: Sequence[Answer], whole: _Try) -> bool:
    ours = max(_badness(p.doubts) for p in parts)
    theirs = _badness(whole.doubts)
    return ours < theirs or (ours == theirs and sum(len(p.words) for p in parts) > len(whole.words))


def _with_names(
    prepared: Prepared, best: _Try, way: Way, names: Names
) -> Generator[Question, Heard, tuple[_Try, int]]:
    """Ask again with the names that unsure words sound like; what comes is taken only if it holds such a name."""
    suspected = names.suspected(best.heard.words) if not best.doubts else ()
    if not suspected:
        return best, 0
    told = _judged((yield Question(prepared.features, way, suspected)), prepared.window, suspected)
    gained = names.told(told.heard.text, suspected) - names.told(best.heard.text, suspected)
    as_sure = told.heard.log_probability >= best.heard.log_probability - NAMES_MAY_COST
    if gained > 0 and as_sure and not told.doubts:
        return told, gained
    return best, 0


def _answer(window: Window, best: _Try, again: tuple[Doubt, ...], mended: int) -> Answer:
    nobodys = bool(NOT_SPEECH & set(best.doubts)) or not plain(best.heard.text)
    return Answer(
        start=window.start,
        end=window.end,
        speech=window.speech,
        text="" if nobodys else best.heard.text,
        words=() if nobodys else best.words,
        doubts=best.doubts,
        decoded_again=again,
        names=mended,
    )
