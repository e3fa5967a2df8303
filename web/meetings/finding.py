"""Finding in one meeting: the archive's own search, told by sentence of the text as it is public now.

The search finds passages, and the index may lag behind the catalogue. So a hit counts only where its sentence stands
in the public text exactly as the index has it; its marks are set into that text, and nothing of the index is shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from catalogue import PublishedMeeting, Sentence
from search import Hit, SearchRequest
from web.reading import Ranges, Reading
from web.site import Site

MOST_PASSAGES = 300  # passages looked at; a meeting of five hours has about 1,000
A_PAGE = 100


@dataclass(frozen=True, slots=True)
class FoundSentence:
    """A sentence of the meeting with something that was looked for: its index, and character ranges of its text."""

    index: int
    anchor: str
    sentence: Sentence
    marks: Ranges


@dataclass(frozen=True, slots=True)
class FoundHere:
    """What was found in a meeting, in the order it was said. `relaxed`: nothing has all the words. `complete`: it is
    all there is; else only the first `MOST_PASSAGES` passages were looked at."""

    query: str
    sentences: tuple[FoundSentence, ...]
    relaxed: bool
    dropped: tuple[str, ...]
    complete: bool


def find_here(site: Site, meeting: PublishedMeeting, reading: Reading, query: str) -> FoundHere:
    """The sentences of a meeting that have what was typed. Raises `InvalidRequest` and `IndexUnavailable`."""
    asked = SearchRequest(q=query, meeting=(meeting.id,), sort="oldest", per_page=A_PAGE, facets=False)
    result = site.search(asked)
    hits, total = list(result.hits), result.total
    for page in range(2, -(-min(total, MOST_PASSAGES) // A_PAGE) + 1):
        hits += site.search(replace(asked, page=page)).hits
    found = _by_sentence(meeting, reading, hits)
    return FoundHere(query, found, result.relaxed, result.dropped, total <= MOST_PASSAGES)


def _by_sentence(meeting: PublishedMeeting, reading: Reading, hits: list[Hit]) -> tuple[FoundSentence, ...]:
    marks: dict[int, set[tuple[int, int]]] = {}
    for hit in hits:
        if hit.passage.meeting == meeting.id:
            for index, ranges in _in_sentences(meeting.sentences, hit):
                marks.setdefault(index, set()).update(ranges)
    return tuple(_found(meeting, reading, marks, index) for index in sorted(marks))


def _found(
    meeting: PublishedMeeting, reading: Reading, marks: Mapping[int, set[tuple[int, int]]], index: int
) -> FoundSentence:
    ranges = tuple(sorted(marks[index]))
    return FoundSentence(index, reading.anchors[index], meeting.sentences[index], ranges)


def _in_sentences(sentences: tuple[Sentence, ...], hit: Hit) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """A hit's marks by the sentences of the text that it lies in; not where the text has changed since."""
    passage = hit.passage
    ends = [place for place, _, _ in passage.sentences[1:]] + [len(passage.text) + 1]
    for (begin, start, end), after in zip(passage.sentences, ends, strict=True):
        inside = [
            (max(a, begin) - begin, min(b, after - 1) - begin)
            for a, b in hit.highlights
            if a < after - 1 and b > begin
        ]
        index = _same(sentences, start, end, passage.text[begin : after - 1]) if inside else None
        if index is not None:
            yield index, inside


def _same(sentences: tuple[Sentence, ...], start: float, end: float, text: str) -> int | None:
    """The sentence that stands at this time with this text."""
    index = bisect_left(sentences, start - 1e-3, key=lambda s: s.start)
    while index < len(sentences) and sentences[index].start <= start + 1e-3:
        if sentences[index].text == text and abs(sentences[index].end - end) < 1e-2:
            return index
        index += 1
    return None
