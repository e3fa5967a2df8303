"""The sound of a recording by itself, and its chapters as podcasts have them.

The sound is made with the playable file, of it, and is named by it (`catalogue.sound_name`). So it is served on the
same condition: that exactly what is withheld now was taken out of that file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue import MediaStore, PublishedMeeting, PublishedRecording, chapters_of, chapters_on, sound_name
from web.addresses import media_address, meeting_address, sound_address
from web.conditional import conditional, make_tag
from web.meetings import recording_named, stored, to_play
from web.site import Site, site_of

CHAPTERS_VERSION = "1.2.0"  # of the podcast namespace's JSON chapters
CHAPTERS_TYPE = "application/json+chapters"
_KINDS = {".m4a": "audio/mp4", ".mp3": "audio/mpeg"}


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording's sound as a file: its address (a path), media type and size in bytes."""

    address: str
    kind: str
    size: int


def sound_of(store: MediaStore, meeting: PublishedMeeting, recording: PublishedRecording) -> Sound | None:
    """What may be heard of a recording; None where there is nothing, or it is not made yet."""
    if recording.playable is None:
        return None
    name = sound_name(recording.playable)
    try:
        file = store.path(name)
        size = file.stat().st_size
    except FileNotFoundError:
        return None
    itself = name == recording.playable
    address = (media_address if itself else sound_address)(meeting.id, recording.ordinal)
    return Sound(address, _KINDS[file.suffix], size)


def sound(request: Request) -> Response:
    """`/moeder/{id}/lyd/{ordinal}.m4a`: a range at a time."""
    site = site_of(request)
    meeting = site.archive.brief(request.path_params["meeting_id"]).meeting
    recording = recording_named(meeting, request.path_params["ordinal"])
    playable = to_play(meeting, recording)
    if sound_name(playable) == playable:
        raise HTTPException(404, "no such file")
    return stored(request, sound_name(playable), only_sound=True)


def any_sound(request: Request) -> Response:
    """`/moeder/{id}/lyd/{ordinal}`: to wherever the sound of that recording is."""
    site = site_of(request)
    meeting = site.archive.brief(request.path_params["meeting_id"]).meeting
    recording = recording_named(meeting, request.path_params["ordinal"])
    to_play(meeting, recording)
    found = sound_of(site.store, meeting, recording)
    if found is None:
        raise HTTPException(404, "nothing to hear")
    return RedirectResponse(found.address, status_code=307, headers={"cache-control": "no-cache"})


def podcast_chapters(request: Request) -> Response:
    """`/moeder/{id}/kapitler/{ordinal}.json`: the items as chapters of one recording, on its own clock."""
    site = site_of(request)
    brief = site.archive.brief(request.path_params["meeting_id"])
    recording = recording_named(brief.meeting, request.path_params["ordinal"])
    tag = make_tag("podcast", site.settings.base_url, brief.meeting.id, brief.revision, recording.ordinal)

    def make() -> Response:
        chapters = list(_chapters(site, brief.meeting, recording))
        body = {"version": CHAPTERS_VERSION, "title": brief.meeting.title, "chapters": chapters}
        return JSONResponse(body, media_type=CHAPTERS_TYPE)

    return conditional(request, tag, make)


def _chapters(
    site: Site, meeting: PublishedMeeting, recording: PublishedRecording
) -> Iterator[dict[str, object]]:
    whole = chapters_of(meeting.items, meeting.withheld, meeting.duration)
    for chapter in chapters_on(whole, meeting.withheld, recording.offset, recording.duration):
        yield {
            "startTime": round(chapter.start, 3),
            "endTime": round(chapter.end, 3),
            "title": chapter.title,
            "url": site.url(meeting_address(meeting.id, chapter.start + recording.offset)),
        }
