"""Sound, pictures and captions of a recording: only what may be played, a range at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from catalogue import InputError, PublishedMeeting, PublishedRecording, Sentence
from transcribe import to_srt, to_vtt
from web.conditional import conditional, file_answer, make_tag
from web.errors import RecordingGone
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
SUBRIP = "application/x-subrip"
_ORDINAL = re.compile(r"\d{1,6}", re.ASCII)


def media(request: Request) -> Response:
    """The playable file of a recording, as long as it has exactly what is withheld now taken out of it."""
    site = site_of(request)
    meeting = site.archive.meeting(request.path_params["meeting_id"]).meeting
    recording = recording_named(meeting, request.path_params["ordinal"])
    return stored(request, to_play(meeting, recording), only_sound=not recording.has_video)


def to_play(meeting: PublishedMeeting, recording: PublishedRecording) -> str:
    """The name of the file that may be played; 404 where there is none, 410 where there was one."""
    if recording.retired is not None:
        raise RecordingGone(meeting, recording.retired)
    if recording.playable is None:
        raise HTTPException(404, "nothing to play")
    return recording.playable


def stored(request: Request, name: str, *, only_sound: bool) -> Response:
    """A file of the media store, a range at a time; 404 where it is not there."""
    try:
        file = site_of(request).store.path(name)
        status = file.stat()
    except (InputError, FileNotFoundError) as error:
        raise HTTPException(404, "nothing to play") from error
    kind = TYPES.get(file.suffix.lower(), "application/octet-stream")
    if only_sound:
        kind = kind.replace("video/", "audio/")
    return file_answer(request, file, status, kind)


def captions(request: Request) -> Response:
    """The public sentences of one recording as WebVTT, on that recording's own clock."""
    return _captions(request, to_vtt, "text/vtt")


def subtitles(request: Request) -> Response:
    """The same as SubRip, which is for keeping: it cannot say that a sign is no markup."""
    return _captions(request, to_srt, SUBRIP)


def _captions(request: Request, written: Callable[[Iterable[Sentence]], str], kind: str) -> Response:
    site = site_of(request)
    revised = site.archive.meeting(request.path_params["meeting_id"])
    recording = recording_named(revised.meeting, request.path_params["ordinal"])
    tag = make_tag("captions", kind, revised.meeting.id, revised.revision, recording.ordinal)

    def make() -> Response:
        said = [
            _moved(s, recording.offset) for s in revised.meeting.sentences if s.recording == recording.ordinal
        ]
        headers = {"content-disposition": "attachment"} if kind == SUBRIP else None
        return Response(written(said), media_type=kind, headers=headers)

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
