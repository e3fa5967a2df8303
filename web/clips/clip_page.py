"""The page where a reader cuts a clip: from and to, captions, what becomes of it, and then the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import PublishedMeeting, PublishedRecording
from ingest import ClipForm
from web.addresses import captions_address, media_address, meeting_address
from web.archive import Revised
from web.clips.asked import Asked, address, asked, read_form
from web.clips.cutting import Clips, Ready, TooMany, clips_of, forms
from web.clips.order import said_in
from web.clips.stretch import DANISH, Refused, Stretch, recording_at
from web.clips.waiting import Failed, Full, Queued, Working
from web.conditional import ALWAYS_ASK
from web.language import N_, language_of
from web.moments import address_seconds
from web.site import site_of

RETRY = 60  # seconds after which a place may be free
BUSY = N_("Der er for mange, der får lavet klip lige nu. Prøv igen om et minut.")
ENOUGH = N_("Du har fået lavet mange klip den sidste time. Du kan få flere om {minutes} minutter.")
UNREAD = N_("Tiden kan ikke læses. Skriv den som 1:02:05.")
SAID = {
    ClipForm.BURNED: N_("Undertekster i billedet – kan deles alle steder"),
    ClipForm.TRACK: N_("Undertekster, der kan slås til og fra"),
    ClipForm.SOUND: N_("Kun lyd"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """The stretch in the player: addresses, and the times on the recording's own clock."""

    media: str
    captions: str
    has_video: bool
    offset: float
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of the clip; `kind` is empty where nobody asked for it."""

    kind: str
    place: int = 0
    percent: int = 0
    message: str = ""
    bytes: int = 0


async def clip_page(request: Request) -> Response:
    """The page, or (POST) a clip put in the queue and the way back to the page."""
    if request.method == "POST":
        fields = await read_form(request)
        return await run_in_threadpool(_start, request, fields)
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    revised = _revised(request)
    want = _asked(revised.meeting, request.query_params)
    if revised.meeting.retired:
        return _page(request, revised, want, Shown(""), "", status=410)
    message = ""
    state = Shown("")
    if want.named is not None:
        try:
            state = _shown(clips_of(request).look(revised, want.named), request)
        except Refused as refused:
            message = refused.why.value if want.given else ""
    wrong = bool(message or want.unread)
    return _page(request, revised, want, state, message, status=422 if wrong else 200)


def _start(request: Request, fields: Mapping[str, str]) -> Response:
    revised = _revised(request)
    want = _asked(revised.meeting, fields)
    if want.named is None or want.stretch is None:
        return _page(request, revised, want, Shown(""), "", status=422)
    clips: Clips = clips_of(request)
    try:
        clips.ask(revised, want.named, site_of(request).visitor(request))
    except Refused as refused:
        return _page(request, revised, want, Shown(""), refused.why.value, status=422)
    except Full:
        return _page(request, revised, want, Shown(""), BUSY, status=503, wait=RETRY)
    except TooMany as many:
        words = site_of(request).words(request)
        message = words.gettext(ENOUGH).format(minutes=words.number(-(-many.wait // 60)))
        return _page(request, revised, want, Shown(""), message, status=429, wait=many.wait)
    back = language_of(request).link(address(revised.meeting.id, want.stretch, DANISH[want.form]))
    return RedirectResponse(f"{back}#klippet", status_code=303)


def _revised(request: Request) -> Revised:
    return site_of(request).archive.meeting(request.path_params["meeting_id"])


def _asked(meeting: PublishedMeeting, fields: Mapping[str, str]) -> Asked:
    return asked(meeting, fields, forms(any(r.has_video for r in meeting.recordings if r.playable)))


def _page(
    request: Request,
    revised: Revised,
    want: Asked,
    state: Shown,
    message: str,
    *,
    status: int,
    wait: int = 0,
) -> Response:
    site, meeting = site_of(request), revised.meeting
    words = site.words(request)
    cut = want.stretch or Stretch(0.0, 0.0)
    recording = recording_at(meeting, cut.start)
    page = meeting_address(meeting.id)
    context = {
        "meeting": meeting,
        "want": want,
        "state": state,
        "message": words.gettext(message),
        "unread": words.gettext(UNREAD),
        "forms": [
            (DANISH[form], words.gettext(SAID[form]), form is want.form)
            for form in forms(recording.has_video if recording else False)
        ],
        "preview": _preview(meeting, recording, cut) if recording else None,
        "said": said_in(meeting, cut),
        "file": f"{page}/klip/{want.named.file}" if want.named else "",
        "stem": f"{page}/klip/{want.named.stem}" if want.named else "",
        "there": meeting_address(meeting.id, cut.start),
        "embed": f"{page}/indlejr?fra={address_seconds(cut.start)}&til={address_seconds(cut.end)}",
        "again": f"{address(meeting.id, cut, DANISH[want.form])}&gang={_times(request) + 1}#klippet",
    }
    headers = {"cache-control": ALWAYS_ASK} | ({"retry-after": str(wait)} if wait else {})
    return site.page(request, "clip.html", context, status=status, headers=headers)


def _times(request: Request) -> int:
    """How often the link to see how far it is was followed: an address with a fragment is fetched when it differs."""
    said = request.query_params.get("gang", "")
    return int(said) if len(said) < 6 and said.isascii() and said.isdecimal() else 0


def _shown(state: object, request: Request) -> Shown:
    words = site_of(request).words(request)
    match state:
        case Ready(size=size):
            return Shown("ready", bytes=size)
        case Queued(place=place):
            return Shown("queued", place=place)
        case Working(share=share):
            return Shown("working", percent=int(share * 100))
        case Failed(why=why):
            return Shown("failed", message=words.gettext(why))
        case _:
            return Shown("")


def _preview(meeting: PublishedMeeting, recording: PublishedRecording, cut: Stretch) -> Preview:
    return Preview(
        media=media_address(meeting.id, recording.ordinal),
        captions=captions_address(meeting.id, recording.ordinal),
        has_video=recording.has_video,
        offset=recording.offset,
        start=address_seconds(max(0.0, cut.start - recording.offset)),
        end=address_seconds(max(0.0, cut.end - recording.offset)),
    )
