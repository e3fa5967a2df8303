"""The words that were said between two seconds, and what was said just before and after."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from catalogue import Interval, PublishedMeeting, Sentence
from web.quotes.stretch import Stretch

LONGEST_SENTENCE = 120.0  # seconds before a stretch at which a sentence that reaches into it may begin
AROUND = 20.0  # seconds of what was said before and after
MOST_AROUND = 6  # sentences of it


@dataclass(frozen=True, slots=True)
class Timed:
    """A word: its characters in the sentence's text, and its time."""

    begin: int
    stop: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one sentence. `cut_before`: it began with others; `cut_after`: it went on (else `stop` is None)."""

    sentence: Sentence
    text: str
    start: float
    end: float
    begin: int = 0  # where the words stand in the sentence's text
    stop: int | None = None

    @property
    def cut_before(self) -> bool:
        return self.begin > 0

    @property
    def cut_after(self) -> bool:
        return self.stop is not None


@dataclass(frozen=True, slots=True)
class Said:
    """Words in a row by one speaker, with »…« where a sentence was cut. `after_gap`: before it something is withheld."""

    speaker: str | None
    text: str
    recording: int
    after_gap: bool = False


def timed_words(sentence: Sentence) -> tuple[Timed, ...]:
    """Where each timed word stands in the text; none where they are not the words of the text."""
    found: list[Timed] = []
    place = 0
    for word in sentence.words:
        letters = word.word.strip()
        begin = sentence.text.find(letters, place)
        if not letters:
            continue
        if begin < 0 or sentence.text[place:begin].strip():
            return ()
        place = begin + len(letters)
        found.append(Timed(begin, place, word.start, word.end))
    return () if sentence.text[place:].strip() else tuple(found)


def pieces(meeting: PublishedMeeting, stretch: Stretch) -> tuple[Piece, ...]:
    """What was said in a stretch: whole sentences, the first and last cut where their words have times."""
    cut = (_cut(sentence, stretch) for sentence in _near(meeting.sentences, stretch))
    return tuple(piece for piece in cut if piece)


def around(
    meeting: PublishedMeeting, stretch: Stretch, cut: Sequence[Piece]
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """What was said before and after a quote, up to where something is withheld; first of all what it cuts off."""
    walls_before = [i.end for i in meeting.withheld if i.end <= stretch.start]
    walls_after = [i.start for i in meeting.withheld if i.start >= stretch.end]
    first = max([stretch.start - AROUND, *walls_before])
    last = min([stretch.end + AROUND, *walls_after])
    before = [s for s in _near(meeting.sentences, Stretch(first, stretch.start)) if s.end <= stretch.start]
    after = [s for s in _near(meeting.sentences, Stretch(stretch.end, last)) if s.start >= stretch.end]
    first_cut, last_cut = cut[0], cut[-1]
    begun = first_cut.sentence.text[: first_cut.begin].strip()
    rest = last_cut.sentence.text[last_cut.stop :].strip() if last_cut.cut_after else ""
    return (
        (
            *(_whole(s) for s in before[-MOST_AROUND:]),
            *([replace(_whole(first_cut.sentence), text=begun, stop=first_cut.begin)] if begun else []),
        ),
        (
            *([replace(_whole(last_cut.sentence), text=rest, begin=last_cut.stop or 0)] if rest else []),
            *(_whole(s) for s in after[:MOST_AROUND]),
        ),
    )


def turns(cut: Sequence[Piece], withheld: Sequence[Interval] = ()) -> tuple[Said, ...]:
    """Pieces as they are read: one a speaker in a row, and a new one behind what is withheld."""
    return tuple(_turns(cut, withheld))


def words_of(cut: Iterable[Piece]) -> str:
    """The words alone, in a row."""
    return " ".join(piece.text for piece in cut)


def _turns(cut: Sequence[Piece], withheld: Sequence[Interval]) -> Iterator[Said]:
    group: list[Piece] = []
    gap = False
    for piece in cut:
        last = group[-1] if group else None
        gapped = last is not None and any(last.end <= i.start < piece.start for i in withheld)
        if last is not None and (gapped or _who(piece) != _who(last)):
            yield _said(group, gap)
            group, gap = [], gapped
        group.append(piece)
    if group:
        yield _said(group, gap)


def _who(piece: Piece) -> tuple[str | None, int]:
    return piece.sentence.speaker, piece.sentence.recording


def _said(group: Sequence[Piece], gap: bool) -> Said:
    text = ("… " if group[0].cut_before else "") + words_of(group) + (" …" if group[-1].cut_after else "")
    return Said(group[0].sentence.speaker, text, group[0].sentence.recording, gap)


def _near(sentences: Sequence[Sentence], stretch: Stretch) -> Iterator[Sentence]:
    """The sentences that share time with a stretch, in order, without looking through the whole meeting."""
    place = bisect_left(sentences, stretch.start - LONGEST_SENTENCE, key=lambda s: s.start)
    while place < len(sentences) and sentences[place].start < stretch.end:
        if sentences[place].end >= stretch.start:
            yield sentences[place]
        place += 1


def _whole(sentence: Sentence) -> Piece:
    return Piece(sentence, sentence.text, sentence.start, sentence.end)


def _cut(sentence: Sentence, stretch: Stretch) -> Piece | None:
    timed = timed_words(sentence)
    if not timed:
        return _whole(sentence) if stretch.has_sentence(sentence.start, sentence.end) else None
    inside = [w for w in timed if stretch.has_word(w.start, w.end)]
    if len(inside) == len(timed):
        return _whole(sentence)
    if not inside:  # the stretch lies in a pause between two words
        return None
    begin = 0 if inside[0] is timed[0] else inside[0].begin
    stop = None if inside[-1] is timed[-1] else inside[-1].stop
    return Piece(sentence, sentence.text[begin:stop], inside[0].start, inside[-1].end, begin, stop)
