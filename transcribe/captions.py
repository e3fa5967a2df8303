"""A transcript as captions for one who cannot hear it: what was said, by whom, readable in the time there is.

The guideline is Netflix' *Danish Timed Text Style Guide* with the two pages that are part of it, *General
Requirements* and *Subtitle Timing Guidelines* (partnerhelp.netflixstudios.com/hc/en-us/articles/216014347,
.../215758617 and .../360051554394). It is written for Danish, public, and says in numbers what it asks:

| rule | here |
|---|---|
| Character Limitation | 42 characters a line: `CHARACTERS_A_LINE` |
| Line Treatment | two lines; one where it fits; broken after punctuation, else before a conjunction, else before a preposition; not between article, adjective and noun, nor in a name, nor by the verb: `phrases` |
| Reading Speed | 17 characters a second, spaces and punctuation counted: `READING_SPEED` |
| Duration | 5/6 to 7 seconds: `SHORTEST`, `LONGEST` |
| Frame Gap | at least two frames: `GAP`; one under half a second is closed to that: `CLOSED` |
| Timing to Audio | in with the first word, or within two frames of it; out with the last, later where reading asks for it |
| Dual Speakers | one a line, a hyphen without a space before each |
| Continuity | nothing is put where a sentence goes on in the next caption |
| SDH | as much of what is said as possible; sounds in square brackets |

Where its rules meet each other or this archive's:

- *Reading speed and every word.* The guide lets a subtitler shorten. A public record is quoted from, so nothing
  is left out: where speech is faster than 17 characters a second and no pause follows, the caption is too fast.
- *Reading speed and the end of speech.* The guide lets a caption stay half a second after the last word, and
  elsewhere "well past the end of speech" (.../38231879488019). Here it stays until it can be read, and no
  longer, so it never stands through a pause.
- *Duration and sync.* What lasts under 5/6 s and cannot stay longer is shown with what the same person says next
  or said before, else with the answer to it as a dialogue; only then does the next caption come late, by a
  second at most. Times that would have it later, at which nobody can have spoken, get shorter captions instead.
  A name takes longer to read than to hear; the caption after it comes with the speech all the same.
- *Names.* The guide has them in brackets; here they are `Navn: `, as people and programs know it from SRT.
  Players do not show WebVTT's voices, and who speaks is what a deaf viewer cannot know, so the name is in the
  text of both formats, where the speaker changes, and counts as characters.
- A pause is not marked with an ellipsis: that would be written into somebody's mouth.

Times are seconds. They are whole milliseconds, which is what WebVTT and SRT can say, so that no rule is lost
by rounding.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from catalogue import Word
from transcribe.phrases import CHARACTERS_A_LINE, CLOSE, Block, Passage, blocks, break_cost, hyphenated

READING_SPEED = 17.0  # characters a second
SHORTEST, LONGEST = 0.834, 7.0  # s on screen; 5/6 s, rounded up
GAP = 0.084  # s; two frames at 24 a second, the slowest that is used, rounded up
CLOSED = 0.5  # s; a gap under this is closed to `GAP`
LONG_PAUSE = 2.0  # s between two words; no caption goes over it
LATEST = 1.0  # s after its first word that a caption may come, to let the one before it be read
BRIEFEST = 0.084  # s; two frames, for captions that would come later still: their times cannot be true
TURN_TAKING = 1.0  # s; speech that overlaps for less is taken in turn
_LONGEST_NAME = CHARACTERS_A_LINE - len("-:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SOUND = re.compile(r"\[[^\[\]]+\]|\([^()]+\)")


class Spoken(Protocol):
    """A sentence with its time: a transcript's `Segment` or a published `Sentence`."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def speaker(self) -> str | None: ...
    @property
    def words(self) -> tuple[Word, ...]: ...
    @property
    def doubt(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown, with name and dash; `voice` is who says it, where known."""

    text: str
    voice: str | None


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: one or two lines, on screen from `start` to `end`."""

    start: float
    end: float
    lines: tuple[Line, ...]

    @property
    def characters(self) -> int:
        """As the guide counts for reading speed: with spaces and punctuation, a line break being a space."""
        return sum(len(line.text) + 1 for line in self.lines) - 1


@dataclass(frozen=True, slots=True)
class _Said:
    """A word, or a part of one too long for a line, and when it is spoken."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Utterance:
    """Words of one speaker without a long pause. `timed`: the words have times of their own."""

    words: tuple[_Said, ...]
    speaker: str | None
    sound: bool
    timed: bool

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end


def cues(sentences: Iterable[Spoken]) -> list[Cue]:
    """The captions of sentences, in the order of their time; they never overlap. Sentences without text have none."""
    spoken = _joined(_in_turn(_utterances(sorted(sentences, key=lambda s: s.start))))
    return list(_on_screen(_dialogues(_laid_out(spoken))))


def _utterances(sentences: Sequence[Spoken]) -> Iterator[_Utterance]:
    """What is said, cut at long pauses, and into phrases where somebody else speaks at the same time."""
    for number, sentence in enumerate(sentences):
        text = _clean(sentence.text)
        sound = bool(_SOUND.fullmatch(text))
        words, timed = _with_times(f"[{text[1:-1].strip()}]" if sound else text, sentence)
        if not words:
            continue
        speaker = None if sound else _clean(sentence.speaker or "") or None
        following = sentences[number + 1].start if number + 1 < len(sentences) else math.inf
        interrupted = words[-1].start > following + TURN_TAKING
        first = 0
        for at in range(1, len(words) + 1):
            if at == len(words) or (timed and words[at].start - words[at - 1].end >= LONG_PAUSE):
                whole = _Utterance(tuple(words[first:at]), speaker, sound, timed)
                yield from _phrases(whole) if interrupted else (whole,)
                first = at


def _clean(text: str) -> str:
    """On one line; a control character is a space."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _with_times(text: str, sentence: Spoken) -> tuple[list[_Said], bool]:
    """The words of a sentence, none longer than a line, and whether they have times of their own."""
    words = text.split()
    spans = _heard(words, sentence.words)
    timed = bool(spans)
    if not timed:
        start = max(0.0, sentence.start)
        spans = _shared(words, start, max(start, sentence.end))
    said: list[_Said] = []
    for word, (start, end) in zip(words, spans, strict=True):
        if len(word) <= CHARACTERS_A_LINE:
            said.append(_Said(word, start, end))
        else:
            parts = list(hyphenated(word))
            said += [_Said(part, *span) for part, span in zip(parts, _shared(parts, start, end), strict=True)]
    return said, timed


def _heard(words: Sequence[str], heard: Sequence[Word]) -> list[tuple[float, float]]:
    """The times of words as they were heard; empty where what was heard is not what the text says."""
    letters = [_letters(word.word) for word in heard]
    if not heard or "".join(letters) != "".join(map(_letters, words)):
        return []
    upto = list(accumulate(map(len, letters)))
    spans: list[tuple[float, float]] = []
    at, clock = 0, max(0.0, heard[0].start)
    for word in words:
        count = len(_letters(word))
        if not count:  # a dash or a sign stands where the word before it ends
            spans.append((spans[-1][1], spans[-1][1]) if spans else (clock, clock))
            continue
        clock = max(clock, heard[bisect_right(upto, at)].start)
        at += count
        spans.append((clock, max(clock, heard[bisect_left(upto, at)].end)))
    return spans


def _letters(word: str) -> str:
    return word.casefold() if word.isalnum() else "".join(c for c in word.casefold() if c.isalnum())


def _shared(parts: Sequence[str], start: float, end: float) -> list[tuple[float, float]]:
    """Time shared out by characters."""
    each = (end - start) / max(1, sum(len(part) + 1 for part in parts) - 1)
    spans, at = [], start
    for part in parts:
        spans.append((at, at + each * len(part)))
        at += each * (len(part) + 1)
    return spans


def _phrases(spoken: _Utterance) -> Iterator[_Utterance]:
    for block in blocks(_passage(spoken, math.inf), SHORTEST, READING_SPEED):
        words = spoken.words[block.start : block.end]
        yield _Utterance(words, spoken.speaker, spoken.sound, spoken.timed)


def _passage(spoken: _Utterance, following: float, indent: int = 0) -> Passage:
    words = spoken.words
    starts = [*(word.start for word in words), following]
    return Passage([word.text for word in words], starts, _reach(spoken), indent)


def _reach(spoken: _Utterance) -> list[int]:
    """How far a caption may go from each word and not be spoken for longer than it may be shown.

    Where times are only shared out, a sentence that fits stays whole: nobody knows when in it words were said.
    """
    words = spoken.words
    if not spoken.timed:
        return [len(words)] * len(words)
    found, end = [], 0
    for start, word in enumerate(words):
        end = max(end, start + 1)
        while end < len(words) and words[end].end - word.start <= LONGEST:
            end += 1
        found.append(end)
    return found


def _in_turn(utterances: Iterable[_Utterance]) -> list[_Utterance]:
    """By time. One speaker's words keep their order, and so does speech that hardly overlaps."""
    placed: list[tuple[float, _Utterance]] = []
    by_speaker: dict[str | None, float] = {}
    last = 0.0
    for spoken in utterances:
        at = max(spoken.start, by_speaker.get(spoken.speaker, 0.0))
        if last - TURN_TAKING < at < last:
            at = last
        by_speaker[spoken.speaker] = at
        last = max(last, at)
        placed.append((at, spoken))
    return [spoken for _, spoken in sorted(placed, key=lambda pair: pair[0])]


def _joined(utterances: Sequence[_Utterance]) -> list[_Utterance]:
    """What is too short to be shown alone is taken together with what the same speaker says next, else said before.

    So is a short sentence that cannot be read with its speaker's name, and one cut in the middle of a phrase.
    """
    groups: list[list[_Utterance]] = []
    for spoken, following in zip(utterances, [*utterances[1:], None], strict=False):
        alone = _is_fleeting(spoken, following) and not (following and _goes_on(spoken, following))
        if groups and _goes_on(groups[-1][-1], spoken) and (alone or _waits(groups, spoken)):
            groups[-1].append(spoken)
        else:
            groups.append([spoken])
    return [_whole(group) if len(group) > 1 else group[0] for group in groups]


def _waits(groups: Sequence[Sequence[_Utterance]], following: _Utterance) -> bool:
    """Whether the last of the groups is better shown with what follows."""
    first, last = groups[-1][0], groups[-1][-1]
    torn = break_cost(last.words[-1].text, following.words[0].text) >= CLOSE
    return torn or _is_fleeting(first, following) or (first is last and _is_named(groups, following))


def _is_named(groups: Sequence[Sequence[_Utterance]], following: _Utterance) -> bool:
    """Whether the last of the groups is a short sentence with a name, too much to be read before the next."""
    first = groups[-1][0]
    if not first.speaker or (len(groups) > 1 and groups[-2][0].speaker == first.speaker):
        return False
    length = sum(len(word.text) + 1 for word in first.words)
    to_read = (len(first.speaker) + 1 + length) / READING_SPEED
    return length <= CHARACTERS_A_LINE and following.start - first.start < to_read


def _is_fleeting(spoken: _Utterance, following: _Utterance | None) -> bool:
    return following is not None and following.start - spoken.start < SHORTEST


def _goes_on(spoken: _Utterance, following: _Utterance) -> bool:
    """Whether the same speaker goes on at once."""
    one = spoken.speaker == following.speaker and not (spoken.sound or following.sound)
    return one and following.start - spoken.end < CLOSED


def _whole(group: Sequence[_Utterance]) -> _Utterance:
    words = tuple(word for spoken in group for word in spoken.words)
    return _Utterance(words, group[0].speaker, False, all(spoken.timed for spoken in group))


def _laid_out(utterances: Sequence[_Utterance]) -> Iterator[Cue]:
    """Captions as they are spoken, not yet as they are shown, with a name where the speaker changes."""
    named: str | None = None
    starts = [*(spoken.start for spoken in utterances[1:]), math.inf]
    for spoken, following in zip(utterances, starts, strict=False):
        name = f"{_short(spoken.speaker)}: " if spoken.speaker and spoken.speaker != named else ""
        if not spoken.sound:
            named = spoken.speaker
        for block in blocks(_passage(spoken, following, len(name)), SHORTEST, READING_SPEED):
            words = spoken.words[block.start : block.end]
            lines = _lines(words, block, "" if block.start else name, spoken.speaker)
            yield Cue(words[0].start, words[-1].end, lines)


def _short(name: str) -> str:
    """A name that leaves room for a colon and a dash; a longer one is cut at a word, and shows it."""
    if len(name) <= _LONGEST_NAME:
        return name
    cut = name[: _LONGEST_NAME - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _lines(words: Sequence[_Said], block: Block, name: str, voice: str | None) -> tuple[Line, ...]:
    texts = [word.text for word in words]
    if block.second is None:
        return (Line(name + " ".join(texts), voice),)
    cut = block.second - block.start
    above = name + " ".join(texts[:cut]) if cut else name.rstrip()
    return Line(above, voice), Line(" ".join(texts[cut:]), voice)


def _dialogues(captions: Iterable[Cue]) -> list[Cue]:
    """Two speakers share a caption only where the first has no time for one, and each has room on a line."""
    found: list[Cue] = []
    for cue in captions:
        if found and _is_answered(found[-1], cue):
            lines = tuple(Line(f"-{line.text}", line.voice) for line in found[-1].lines + cue.lines)
            found[-1] = Cue(found[-1].start, max(found[-1].end, cue.end), lines)
        else:
            found.append(cue)
    return found


def _is_answered(cue: Cue, answer: Cue) -> bool:
    both = cue.lines + answer.lines
    if len(both) != 2 or not (both[0].voice and both[1].voice) or both[0].voice == both[1].voice:
        return False
    fits = max(len(line.text) for line in both) < CHARACTERS_A_LINE
    return fits and answer.start - cue.start < SHORTEST and answer.end - cue.start <= LONGEST


def _on_screen(captions: Sequence[Cue]) -> Iterator[Cue]:
    """When captions come and go: with the speech, in time to be read, and never two at once."""
    begins: list[float] = []
    for cue in captions:
        last = begins[-1] + GAP if begins else -SHORTEST
        in_time = max(cue.start, min(last + SHORTEST, cue.start + LATEST))
        begins.append(round(max(in_time, last + BRIEFEST), 3))
    for cue, start, following in zip(captions, begins, [*begins[1:], math.inf], strict=False):
        to_read = math.ceil(cue.characters / READING_SPEED * 1000) / 1000
        end = max(cue.end, start + max(to_read, SHORTEST))
        if following - end < CLOSED:
            end = following - GAP
        yield Cue(start, round(min(end, start + LONGEST), 3), cue.lines)
