"""A meeting's items as chapters, for players and for machines: WebVTT and JSON."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from catalogue import ItemChapter, PublishedMeeting, PublishedRecording, chapters_of, chapters_on
from transcribe import chapters_vtt
from web.conditional import conditional, make_tag
from web.meetings.media import recording_named
from web.search_query import BadParameter, whole
from web.site import site_of

FORMATS = ("json", "vtt")


def chapters(request: Request) -> Response:
    """`/api/v1`: on the meeting's clock, or with `recording` on that recording's own."""
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    name, ordinal = request.query_params.get("format") or "json", whole(request.query_params, "recording", 0)
    if name not in FORMATS:
        raise BadParameter("no such format", where="format", remedy="One of: " + ", ".join(FORMATS) + ".")
    recording = recording_named(revised.meeting, str(ordinal)) if ordinal else None
    number = recording.ordinal if recording else None
    tag = make_tag("chapters", name, revised.meeting.id, revised.revision, number)

    def make() -> Response:
        found = _chapters(revised.meeting, recording)
        if name == "vtt":
            return Response(_vtt(found), media_type="text/vtt")
        rows = [_row(revised.meeting, chapter) for chapter in found]
        return JSONResponse({"id": revised.meeting.id, "recording": number, "chapters": rows})

    return conditional(request, tag, make)


def track(request: Request) -> Response:
    """The chapters of one recording as WebVTT, on that recording's own clock, for the player."""
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    recording = recording_named(revised.meeting, request.path_params["ordinal"])
    tag = make_tag("track", revised.meeting.id, revised.revision, recording.ordinal)

    def make() -> Response:
        return Response(_vtt(_chapters(revised.meeting, recording)), media_type="text/vtt")

    return conditional(request, tag, make)


def _chapters(meeting: PublishedMeeting, recording: PublishedRecording | None) -> tuple[ItemChapter, ...]:
    whole = chapters_of(meeting.items, meeting.withheld, meeting.duration)
    if recording is None:
        return whole
    return chapters_on(whole, meeting.withheld, recording.offset, recording.duration)


def _vtt(chapters: Sequence[ItemChapter]) -> str:
    return chapters_vtt((chapter.start, chapter.end, chapter.title) for chapter in chapters)


def _row(meeting: PublishedMeeting, chapter: ItemChapter) -> dict[str, object]:
    return {
        "start": round(chapter.start, 3),
        "end": round(chapter.end, 3),
        "title": chapter.title,
        "items": [meeting.items[position].number for position in chapter.items],
    }
