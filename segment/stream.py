"""A meeting's words in a row, each with its second: what the chair says may begin and end anywhere in a segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue import Segment
from segment.words import TOKEN

_ENDS_SENTENCE = frozenset(".?!:;")
_ABBREVIATED = frozenset("nr pr kl pkt stk ca hr".split())  # their full stop ends no sentence
PAUSE = 0.9  # seconds without speech that begin a new sentence where nothing is punctuated


@dataclass(frozen=True, slots=True)
class Stream:
    """The words of a meeting: parallel tuples, one entry a word; `first` is each segment's first word."""

    words: tuple[str, ...]
    times: tuple[float, ...]  # seconds, meeting's clock
    segments: tuple[int, ...]  # which segment the word is in
    begins: tuple[bool, ...]  # a sentence begins here
    gaps: tuple[float, ...]  # seconds of silence before the word, 0 inside a segment
    speakers: tuple[str | None, ...]

    @classmethod
    def of(cls, spoken: Sequence[Segment]) -> Stream:
        words: list[str] = []
        times: list[float] = []
        segments: list[int] = []
        begins: list[bool] = []
        gaps: list[float] = []
        speakers: list[str | None] = []
        ended, until, speaker = True, 0.0, None
        for n, segment in enumerate(spoken):
            text = segment.text.lower()
            gap = max(0.0, segment.start - until) if words else 0.0
            ended = ended or gap >= PAUSE or segment.speaker != speaker
            after = 0
            for match in TOKEN.finditer(text):
                between = text[after : match.start()]
                inside = after > 0
                words.append(match[0])
                times.append(_time(segment, match.start(), len(text)))
                segments.append(n)
                begins.append(ended or (inside and _ends(between, words[-2])))
                gaps.append(0.0 if inside else gap)
                speakers.append(segment.speaker)
                ended, after = False, match.end()
            ended = ended or (after > 0 and _ends(text[after:], words[-1]))
            until, speaker = max(until, segment.end), segment.speaker
        return cls(tuple(words), tuple(times), tuple(segments), tuple(begins), tuple(gaps), tuple(speakers))

    def until(self, at: int, seconds: float, most: int) -> int:
        """The place after the last word said within so many seconds of the word at a place, and within `most` words."""
        end = min(len(self.words), at + most)
        limit = self.times[at] + seconds
        while end > at + 1 and self.times[end - 1] > limit:
            end -= 1
        return end

    def since(self, at: int, seconds: float, most: int) -> int:
        """The first word said within so many seconds before the word at a place, and within `most` words."""
        begin = max(0, at - most)
        limit = self.times[at] - seconds
        while begin < at and self.times[begin] < limit:
            begin += 1
        return begin


def _ends(between: str, word: str) -> bool:
    return word not in _ABBREVIATED and not _ENDS_SENTENCE.isdisjoint(between)


def _time(segment: Segment, at: int, length: int) -> float:
    """When the word that begins at a letter of the segment was said: as its words have it, else by its letters."""
    share = at / max(1, length)
    if segment.words:
        said = sum(len(word.word) for word in segment.words) or 1
        passed = 0
        for word in segment.words:
            passed += len(word.word)
            if passed > share * said:
                return min(max(word.start, segment.start), segment.end)
    return segment.start + share * (segment.end - segment.start)
