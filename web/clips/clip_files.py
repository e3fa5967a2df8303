"""The files of a clip: the clip itself, a range at a time, and its captions beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from catalogue import PublishedMeeting
from ingest import ClipForm
from transcribe import Cue, cues_srt, cues_vtt
from web.archive import Revised
from web.clips.cutting import clips_of
from web.clips.order import captions
from web.clips.stretch import Named, Refused, Stretch, named, recording_of
from web.conditional import file_answer, tagged
from web.errors import RecordingGone
from web.moments import clock
from web.site import site_of

WRITERS = {"vtt": (cues_vtt, "text/vtt"), "srt": (cues_srt, "application/x-subrip")}
_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u200b-\u200f\u2028-\u202f\ud800-\udfff]+')
_FOREIGN = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_NAME = 150  # characters


def clip_file(request: Request) -> Response:
    """A finished clip of the meeting as it is public now, or its captions; 404 for all else."""
    revised = site_of(request).archive.meeting(request.path_params["meeting_id"])
    found = named(request.path_params["name"])
    if found is None:
        raise HTTPException(404, "no such clip")
    clip, suffix = found
    if revised.meeting.retired:
        raise RecordingGone(revised.meeting, revised.meeting.retired)
    try:
        if suffix in WRITERS:
            recording_of(revised.meeting, clip.stretch)
            return _captions(request, revised.meeting, clip.stretch, suffix)
        if f".{suffix}" == clip.form.suffix:
            return _clip(request, revised, clip)
    except Refused as refused:
        raise HTTPException(404, "no such clip") from refused
    raise HTTPException(404, "no such clip")


def _clip(request: Request, revised: Revised, clip: Named) -> Response:
    ready = clips_of(request).ready(revised, clip)
    if ready is None:
        raise HTTPException(404, "not cut, or the meeting has changed since")
    name = saved_as(revised.meeting, clip.stretch, clip.form.suffix.lstrip("."))
    kind = "audio/mp4" if clip.form is ClipForm.SOUND else "video/mp4"
    return file_answer(request, ready.file, ready.file.stat(), kind, {"content-disposition": name})


def _captions(request: Request, meeting: PublishedMeeting, cut: Stretch, suffix: str) -> Response:
    write, kind = WRITERS[suffix]
    said: Sequence[Cue] = captions(meeting, cut)
    headers = {"content-disposition": saved_as(meeting, cut, suffix)}
    return tagged(request, Response(write(said), media_type=kind, headers=headers))


def saved_as(meeting: PublishedMeeting, cut: Stretch, suffix: str) -> str:
    """`Content-Disposition` with a name that every disk takes: in Danish, and in plain letters for old programs."""
    times = f"{clock(cut.start)}-{clock(cut.end)}".replace(":", ".")
    parts = [meeting.municipality, meeting.body, meeting.date.isoformat() if meeting.date else "", times]
    danish = _UNFIT.sub(" ", " ".join(part for part in parts if part))
    danish = " ".join(danish.split())[-LONGEST_NAME:].strip(". ")
    plain = _FOREIGN.sub("-", f"{meeting.id}-{times}")[-LONGEST_NAME:].strip(".-")
    return (
        f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{quote(f'{danish}.{suffix}', safe='')}"
    )
