"""The page that stands in a frame on other sites: a player, the words that follow it, and the way to all of it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from catalogue import PublishedItem, PublishedMeeting, PublishedRecording, Sentence
from web.addresses import captions_address, media_address, meeting_address
from web.archive import Revised
from web.conditional import conditional, make_tag
from web.embedding.part import Part, embedded_address, full_address, part_of
from web.language import Language, language_of
from web.moments import address_seconds
from web.reading import recording_at
from web.security import policy
from web.site import Site, site_of

MOST_SENTENCES = 120  # what is more is read in the archive
FRAMED = {
    "content-security-policy": policy(ancestors="*"),
    # A site that isolates itself may still show the frame; there is nothing in it that is not public.
    "cross-origin-resource-policy": "cross-origin",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The recording in the player; times on its own clock as a media address has them (`10,20`, or nothing)."""

    media: str
    captions: str
    has_video: bool
    offset: float
    times: str
    stop: str


@dataclass(frozen=True, slots=True)
class Spoken:
    sentence: Sentence
    at: str
    href: str
    named: bool  # whether the speaker is another one than before


def embedded(request: Request) -> Response:
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    language = language_of(request)
    part = part_of(revised.meeting, request.query_params)
    tag = make_tag(
        site.templates.fingerprint, "frame", language.code, revised.meeting.id, revised.revision, part
    )
    answer = conditional(request, tag, lambda: _page(request, site, revised, part, language))
    answer.headers.update(FRAMED)
    return answer


def _page(request: Request, site: Site, revised: Revised, part: Part, language: Language) -> Response:
    meeting = revised.meeting
    recording = recording_at(meeting, part.start or 0.0)
    said = _said(meeting, part, language)
    context = {
        "meeting": meeting,
        "part": part,
        "shown": _shown(meeting, recording, part) if recording else None,
        "said": said[:MOST_SENTENCES],
        "more": len(said) > MOST_SENTENCES or part.end is None,
        "gap": part.start is not None and _withheld(meeting, part),
        "items": _items(meeting, language) if part.start is None else [],
        "full": site.url(language.link(full_address(meeting.id, part))),
    }
    return site.page(request, "embed.html", context)


def _said(meeting: PublishedMeeting, part: Part, language: Language) -> list[Spoken]:
    if part.start is None:
        return []
    found = [s for s in meeting.sentences if s.start < part.until and s.end > part.start]
    before = [None, *(s.speaker for s in found)]
    return [
        Spoken(
            s,
            address_seconds(s.start),
            language.link(meeting_address(meeting.id, s.start)),
            s.speaker is not None and s.speaker != last,
        )
        for s, last in zip(found, before, strict=False)
    ]


def _withheld(meeting: PublishedMeeting, part: Part) -> bool:
    return any(gap.start < part.until and gap.end > (part.start or 0.0) for gap in meeting.withheld)


def _items(meeting: PublishedMeeting, language: Language) -> list[tuple[PublishedItem, str]]:
    return [
        (item, language.link(embedded_address(meeting.id, Part(item.start, item.end, item))))
        for item in meeting.items
        if item.start is not None
    ]


def _shown(meeting: PublishedMeeting, recording: PublishedRecording, part: Part) -> Shown:
    def own(second: float | None) -> str:
        return address_seconds(max(0.0, second - recording.offset)) if second is not None else ""

    start, end = own(part.start), own(part.end)
    return Shown(
        media=media_address(meeting.id, recording.ordinal),
        captions=captions_address(meeting.id, recording.ordinal),
        has_video=recording.has_video,
        offset=recording.offset,
        times=f"{start},{end}" if end else start,
        stop=end,
    )
