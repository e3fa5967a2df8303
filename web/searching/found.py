"""What a search found, as the page shows it: agenda items, each with its places, and how to hear them there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from catalogue import PublishedMeeting, PublishedRecording
from search import Group, Hit, Reason
from web.addresses import captions_address, media_address, meeting_address, sentence_anchor
from web.searching.snippet import Piece, snippet
from web.searching.timeline import Timeline, apart, timeline

LONGEST_TITLE = 180  # characters; some go on with every name behind a bill
SHORTEST_PLAY = 4.0  # seconds; a place that is said faster is heard a little further
SLACK = 0.02  # seconds that are lost by rounding


@dataclass(frozen=True, slots=True)
class Play:
    """A stretch of a recording that can be heard on the page. `start` and `end` are on the recording's own clock."""

    source: str
    captions: str
    video: bool
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as the page shows it; `play` where there is something to hear."""

    href: str
    speaker: str | None
    start: float
    pieces: list[Piece]
    missing: tuple[str, ...]
    why: tuple[Reason, ...]
    play: Play | None


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An agenda item, or what was said outside of all, with its hits; `more` of them stand at `all_href`."""

    title: list[Piece]
    number: str
    meeting: list[Piece]
    meeting_href: str
    date: date | None
    body: str
    municipality: str
    hits: list[Found]
    more: int
    all_href: str
    timeline: Timeline | None


def by_item(hits: Sequence[Hit]) -> list[Group]:
    """Hits in their order, those that follow each other in one item together."""
    runs = [tuple(run) for _, run in groupby(hits, key=lambda hit: hit.passage.section)]
    return [Group(len(run), run) for run in runs]


def found_items(
    groups: Sequence[Group], outlines: Mapping[str, PublishedMeeting], all_of: Callable[[str], str]
) -> list[FoundItem]:
    """The groups with what is known of their meetings now; `all_of` gives the address of all hits in a section."""
    return [_item(group, outlines.get(group.hits[0].passage.meeting), all_of) for group in groups]


def _item(group: Group, outline: PublishedMeeting | None, all_of: Callable[[str], str]) -> FoundItem:
    first = group.hits[0]
    passage = first.passage
    return FoundItem(
        title=snippet(passage.item_title or "", first.item_highlights, LONGEST_TITLE),
        number=passage.item or "",
        meeting=snippet(passage.title, first.title_highlights),
        meeting_href=meeting_address(passage.meeting),
        date=passage.date,
        body="" if passage.body.casefold() in passage.title.casefold() else passage.body,
        municipality=passage.municipality,
        hits=[_found(hit, outline) for hit in group.hits],
        more=group.total - len(group.hits),
        all_href=all_of(passage.section),
        timeline=_timeline(group, outline) if outline else None,
    )


def _timeline(group: Group, outline: PublishedMeeting) -> Timeline | None:
    number = int(group.hits[0].passage.section.rpartition("/")[2])
    others = apart(group.starts, [hit.passage.start for hit in group.hits])
    return timeline(outline, number - 1 if number else None, [hit.start for hit in group.hits], others)


def _found(hit: Hit, outline: PublishedMeeting | None) -> Found:
    passage = hit.passage
    return Found(
        href=f"{meeting_address(passage.meeting, hit.start)}#{sentence_anchor(hit.start)}",
        speaker=passage.speaker,
        start=hit.start,
        pieces=snippet(passage.text, hit.highlights),
        missing=hit.missing,
        why=hit.why,
        play=playing(outline, hit.start, passage.end) if outline else None,
    )


def playing(outline: PublishedMeeting, start: float, end: float) -> Play | None:
    """How to hear a stretch of a meeting; None where its recording cannot be played, or there is none."""
    recording = _holding(outline.recordings, start)
    if recording is None or recording.playable is None:
        return None
    begin, last = start - recording.offset, max(end, start + SHORTEST_PLAY) - recording.offset
    if recording.duration is not None:
        last = min(last, recording.duration)
    return Play(
        source=media_address(outline.id, recording.ordinal),
        captions=captions_address(outline.id, recording.ordinal),
        video=recording.has_video,
        start=max(0.0, begin),
        end=max(last, begin),
    )


def _holding(recordings: Sequence[PublishedRecording], second: float) -> PublishedRecording | None:
    """The recording that the second lies in."""
    begun = [r for r in recordings if r.offset <= second + SLACK]
    last = max(begun, key=lambda r: r.offset, default=None)
    ended = last is not None and last.duration is not None and second >= last.offset + last.duration
    return None if ended else last
