"""The account of a recording: every second of speech has text, or is listed as a gap with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from catalogue import Part, TranscriptQuality
from transcribe.gate import LONGEST_HOLE, NOT_SPEECH, Doubt
from transcribe.hearing import Answer
from transcribe.word_times import uncovered


def account(answers: Sequence[Answer], duration: float, busy: float) -> TranscriptQuality:
    """What a person should know of a transcript. Times are seconds."""
    again = Counter(str(reason) for answer in answers for reason in answer.decoded_again)
    return TranscriptQuality(
        duration=round(duration, 3),
        speech=round(sum(s.seconds for a in answers for s in a.speech), 3),
        gaps=tuple(gap for answer in answers for gap in _gaps(answer)),
        doubtful=tuple(_part(a, a.doubts[0]) for a in answers if a.doubts and a.text),
        windows=len(answers),
        decoded_again=tuple(sorted(again.items())),
        names=sum(answer.names for answer in answers),
        busy=round(busy, 3),
    )


def _gaps(answer: Answer) -> Iterable[Part]:
    if not answer.text:
        # All of the window's speech; a reason that has to do with its text says more than that there is none.
        worst = next((d for d in answer.doubts if d in NOT_SPEECH), Doubt.EMPTY)
        return [Part(round(s.start, 3), round(s.end, 3), str(worst)) for s in answer.speech]
    if not answer.words:
        return []
    holes = uncovered(answer.words, answer.speech, LONGEST_HOLE)
    return [Part(round(hole.start, 3), round(hole.end, 3), str(Doubt.HOLE)) for hole in holes]


def _part(answer: Answer, reason: Doubt) -> Part:
    return Part(round(answer.start, 3), round(answer.end, 3), str(reason))
