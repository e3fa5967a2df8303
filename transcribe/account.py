"""The account of a recording: every second of speech has text, or is listed as a gap with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from catalogue import Interval, Part, TranscriptQuality
from transcribe.gate import LONGEST_HOLE, NOT_SPEECH, Doubt
from transcribe.hearing import Answer
from transcribe.windows import Speech
from transcribe.word_times import uncovered


def account(answers: Sequence[Answer], duration: float, busy: float) -> TranscriptQuality:
    """What a person should know of a transcript. Times are seconds."""
    again = Counter(str(reason) for answer in answers for reason in answer.decoded_again)
    return TranscriptQuality(
        duration=round(duration, 3),
        speech=round(sum(s.seconds for a in answers for s in a.speech), 3),
        gaps=tuple(_gaps(answers)),
        doubtful=tuple(_part(a, a.doubts[0]) for a in answers if a.doubts and a.text),
        windows=len(answers),
        decoded_again=tuple(sorted(again.items())),
        names=sum(answer.names > 0 for answer in answers),
        busy=round(busy, 3),
    )


def _gaps(answers: Sequence[Answer]) -> list[Part]:
    """Windows without text, and holes in the text of the others, even where they go over a cut between windows."""
    silent = [_part(s, _worst(a)) for a in answers if not a.text for s in a.speech]
    spoken = [answer for answer in answers if answer.words]
    holes = uncovered(
        [w for a in spoken for w in a.words], [s for a in spoken for s in a.speech], LONGEST_HOLE
    )
    return sorted([*silent, *(_part(hole, Doubt.HOLE) for hole in holes)], key=lambda part: part.start)


def _worst(answer: Answer) -> Doubt:
    """Why there is no text; a reason that has to do with what was heard says more than that there is none."""
    return next((d for d in answer.doubts if d in NOT_SPEECH), Doubt.EMPTY)


def _part(time: Answer | Speech | Interval, reason: Doubt) -> Part:
    return Part(round(time.start, 3), round(time.end, 3), str(reason))
