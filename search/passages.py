"""A published meeting cut into passages: what search returns."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import PublishedMeeting, Sentence
from search.contract import Opens, Passage
from search.party import party_of

MOST_WORDS = 60  # about 25 s of speech: short enough to hear out, long enough to hold what belongs together
LONGEST_PAUSE = 8.0  # seconds without speech that end a passage


def passages(meeting: PublishedMeeting) -> list[Passage]:
    """The passages of a meeting in order, each of one speaker in one item of one recording."""
    made, begun = list[Passage](), set[str]()
    for n, group in enumerate(_groups(meeting.sentences)):
        section = (
            f"{meeting.id}/{(meeting.items[item].position + 1) if (item := group[0].item) is not None else 0}"
        )
        opens: Opens = "meeting" if not n else "" if section in begun or item is None else "item"
        begun.add(section)
        made.append(_passage(meeting, n, group, section, opens))
    return made


def _groups(sentences: tuple[Sentence, ...]) -> Iterator[list[Sentence]]:
    group: list[Sentence] = []
    words = 0
    for sentence in sentences:
        length = sentence.text.count(" ") + 1
        if group and (words + length > MOST_WORDS or not _belongs(group[-1], sentence)):
            yield group
            group, words = [], 0
        group.append(sentence)
        words += length
    if group:
        yield group


def _belongs(before: Sentence, after: Sentence) -> bool:
    same = (before.speaker, before.item, before.recording) == (after.speaker, after.item, after.recording)
    return same and after.start - before.end <= LONGEST_PAUSE


def _passage(
    meeting: PublishedMeeting, ordinal: int, group: list[Sentence], section: str, opens: Opens
) -> Passage:
    places, length = [], 0
    for sentence in group:
        places.append((length, sentence.start, sentence.end))
        length += len(sentence.text) + 1
    first = group[0]
    item = meeting.items[first.item] if first.item is not None else None
    return Passage(
        id=f"{meeting.id}--{ordinal:05}",
        meeting=meeting.id,
        title=meeting.title,
        date=meeting.date,
        body=meeting.body,
        municipality=meeting.municipality,
        section=section,
        opens=opens,
        item=item.number if item else None,
        item_title=item.title if item else None,
        speaker=first.speaker,
        party=party_of(first.speaker),
        start=first.start,
        end=max(s.end for s in group),
        text=" ".join(s.text for s in group),
        sentences=tuple(places),
    )
