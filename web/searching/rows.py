"""Hits as rows for feeds and files: each as it stands in the public text at this moment, with what was said around it.

The index only says where to look. Words, names and titles are the published view's own, so that what was corrected or
withheld since the index was written is in no row.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from catalogue import Interval, PublishedMeeting, Sentence
from search import Hit, SearchRequest
from web.site import Site

MOST_ROWS = 1_000  # how deep the engine pages
PAGE = 100  # hits that are asked for at a time
MOST_SECONDS = 20.0  # of work for one file; what is not reached is said to be left out
SLACK = 0.02  # seconds that are lost by rounding
LEFT_OUT = " […] "


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of the public text."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A hit with its surroundings; `missing` are words of a relaxed search that it lacks."""

    meeting: str
    title: str
    date: date | None
    body: str
    municipality: str
    number: str | None
    item: str | None
    speaker: str | None
    said: Said
    context: Said
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """`total` places match; `complete` where every one of them that may be shown is among the rows."""

    rows: tuple[Row, ...]
    total: int
    relaxed: bool
    dropped: tuple[str, ...]
    complete: bool


def all_rows(site: Site, asked: SearchRequest, context: float, limit: int = MOST_ROWS) -> Rows:
    """The first `limit` hits of a search as rows, with `context` seconds on either side; in bounded time."""
    until = time.monotonic() + MOST_SECONDS
    asked = replace(asked, grouped=False, facets=False, why=False, per_page=PAGE)
    first = site.search(replace(asked, page=1))
    pages = range(2, -(-min(first.total, limit) // PAGE) + 1)
    hits = [*first.hits, *(hit for n in pages for hit in site.search(replace(asked, page=n)).hits)][:limit]
    rows, left_out = _rows(site, hits, context, until)
    complete = first.total <= max(limit, PAGE) and not left_out
    return Rows(tuple(rows), first.total, first.relaxed, first.dropped, complete)


def _rows(site: Site, hits: list[Hit], context: float, until: float) -> tuple[list[Row], bool]:
    """The hits as rows in their order, and whether time ran out. Each meeting is read once: its hits are made together."""
    of_meeting = defaultdict[str, list[int]](list)
    for n, hit in enumerate(hits):
        of_meeting[hit.passage.meeting].append(n)
    made = dict[int, Row]()
    for places in of_meeting.values():
        if time.monotonic() > until:
            return [made[n] for n in sorted(made)], True
        made |= {n: row for n in places if (row := _row(site, hits[n], context))}
    return [made[n] for n in sorted(made)], False


def page_rows(site: Site, asked: SearchRequest) -> tuple[list[Row], int, bool]:
    """One page of hits as rows without context; how many match, and whether the search was relaxed."""
    result = site.search(replace(asked, grouped=False, facets=False, why=False))
    return [row for hit in result.hits if (row := _row(site, hit, 0.0))], result.total, result.relaxed


def _row(site: Site, hit: Hit, context: float) -> Row | None:
    """None where the text has nothing there any more."""
    meeting = site.archive.text(hit.passage.meeting)
    if meeting is None:
        return None
    sentences = list(_within(meeting, hit.passage.start, hit.passage.end))
    if not sentences:
        return None
    begin = next((s.start for s in sentences if s.start >= hit.start - SLACK), sentences[0].start)
    first = next(s for s in sentences if s.start == begin)
    item = meeting.items[first.item] if first.item is not None else None
    end = max(s.end for s in sentences)
    around = _around(meeting, begin - context, end + context) if context else sentences
    return Row(
        meeting=meeting.id,
        title=meeting.title,
        date=meeting.date,
        body=meeting.body,
        municipality=meeting.municipality,
        number=item.number if item else None,
        item=item.title if item else None,
        speaker=first.speaker,
        said=Said(begin, end, _joined(sentences, meeting.withheld)),
        context=Said(around[0].start, max(s.end for s in around), _joined(around, meeting.withheld)),
        missing=hit.missing,
    )


def _within(meeting: PublishedMeeting, start: float, end: float) -> Iterator[Sentence]:
    """The sentences that lie between two seconds."""
    at = bisect_left(meeting.sentences, start - SLACK, key=lambda s: s.start)
    while at < len(meeting.sentences) and meeting.sentences[at].start < end:
        if meeting.sentences[at].end <= end + SLACK:
            yield meeting.sentences[at]
        at += 1


def _around(meeting: PublishedMeeting, start: float, end: float) -> list[Sentence]:
    """The sentences of which something is said between two seconds."""
    last = bisect_left(meeting.sentences, end, key=lambda s: s.start)
    first = last
    while first > 0 and meeting.sentences[first - 1].end > start:
        first -= 1
    return list(meeting.sentences[first:last])


def _joined(sentences: list[Sentence], withheld: tuple[Interval, ...]) -> str:
    """Their text in a row; where something between two of them is withheld, that is shown."""
    text = sentences[0].text
    for before, after in zip(sentences, sentences[1:], strict=False):
        hidden = any(gap.start < after.start and gap.end > before.end for gap in withheld)
        text += (LEFT_OUT if hidden else " ") + after.text
    return text
