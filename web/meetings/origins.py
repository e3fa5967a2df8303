"""Where the text of each recording came from, as the meeting's page tells it."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue import PublishedMeeting, TranscriptOrigin
from web.words import Words, model_name


@dataclass(frozen=True, slots=True)
class Origin:
    """A sentence on where a text came from; the model and its revision where one made it. `ordinals` are the recordings
    that it holds for, empty where that is all of them; `covered` is the share of their speech that has text, None where
    nobody measured it."""

    said: str
    model: str | None
    revision: str
    ordinals: tuple[int, ...]
    covered: float | None


def origins(meeting: PublishedMeeting, words: Words) -> list[Origin]:
    """One for each way in which recordings of the meeting became text."""
    ways: dict[tuple[str, str | None, str], list[int]] = {}
    shares: dict[int, float] = {}
    for recording in meeting.recordings:
        made = recording.provenance
        if made is None:
            continue
        heard = made.origin is TranscriptOrigin.MODEL
        way = (words.origin(made), model_name(made) if heard else None, made.revision if heard else "")
        ways.setdefault(way, []).append(recording.ordinal)
        if recording.quality:
            shares[recording.ordinal] = recording.quality.covered
    alone = len(ways) == 1
    return [
        Origin(
            *way,
            ordinals=() if alone else tuple(ordinals),
            covered=min((shares[n] for n in ordinals if n in shares), default=None),
        )
        for way, ordinals in ways.items()
    ]
