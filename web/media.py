"""Sound, pictures and captions of a recording: only what may be played, a range at a time."""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from catalogue import InputError, PublishedMeeting, PublishedRecording, Sentence
from transcribe import to_vtt
from web.conditional import ALWAYS_ASK, conditional, make_tag, unchanged
from web.site import site_of

TYPES = {
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".webm": "video/webm",
}
_ORDINAL = re.compile(r"\d{1,6}", re.ASCII)


def media(request: Request) -> Response:
    """The playable file of a recording, as long as it has exactly what is withheld now taken out of it."""
    site = site_of(request)
    meeting = site.archive.meeting(request.path_params["meeting_id"]).meeting
    recording = recording_named(meeting, request.path_params["ordinal"])
    if recording.playable is None:
        raise HTTPException(404, "nothing to play")
    try:
        file = site.store.path(recording.playable)
        status = file.stat()
    except (InputError, FileNotFoundError) as error:
        raise HTTPException(404, "nothing to play") from error
    kind = TYPES.get(file.suffix.lower(), "application/octet-stream")
    if not recording.has_video:
        kind = kind.replace("video/", "audio/")
    answer = FileResponse(file, media_type=kind, stat_result=status, headers={"cache-control": ALWAYS_ASK})
    tag = answer.headers["etag"]
    if "range" not in request.headers and unchanged(request, tag):
        return Response(status_code=304, headers={"etag": tag, "cache-control": ALWAYS_ASK})
    return answer


def captions(request: Request) -> Response:
    """The public sentences of one recording as WebVTT, on that recording's own clock."""
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    recording = recording_named(revised.meeting, request.path_params["ordinal"])
    tag = make_tag("captions", revised.meeting.id, revised.revision, recording.ordinal)

    def make() -> Response:
        said = [
            _moved(s, recording.offset) for s in revised.meeting.sentences if s.recording == recording.ordinal
        ]
        return Response(to_vtt(said), media_type="text/vtt")

    return conditional(request, tag, make)


def _moved(sentence: Sentence, offset: float) -> Sentence:
    """A sentence on its recording's clock."""

    def back(seconds: float) -> float:
        return max(0.0, seconds - offset)

    words = tuple(replace(w, start=back(w.start), end=back(w.end)) for w in sentence.words)
    return replace(sentence, start=back(sentence.start), end=back(sentence.end), words=words)


def recording_named(meeting: PublishedMeeting, ordinal: str) -> PublishedRecording:
    """The recording with that number; 404 where there is none."""
    if _ORDINAL.fullmatch(ordinal):
        for recording in meeting.recordings:
            if recording.ordinal == int(ordinal):
                return recording
    raise HTTPException(404, "no such recording")
