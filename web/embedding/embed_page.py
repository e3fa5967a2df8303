"""The page with the code of a frame to copy, and the frame as it will look."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from web.conditional import ALWAYS_ASK
from web.embedding.code import HEIGHT, LOW, TITLE, WIDTH, iframe
from web.embedding.part import embedded_address, full_address, part_of
from web.language import language_of
from web.moments import exact_clock
from web.security import policy
from web.site import site_of


def embed_page(request: Request) -> Response:
    site, language = site_of(request), language_of(request)
    meeting = site.archive.meeting(request.path_params["meeting_id"]).meeting
    part = part_of(meeting, request.query_params)
    inside = language.link(embedded_address(meeting.id, part))
    title = site.words(request).gettext(TITLE).format(meeting=meeting.title or meeting.id)
    height = HEIGHT if any(r.has_video for r in meeting.recordings if r.playable) else LOW
    stretch = part if part.item is None else None
    context = {
        "meeting": meeting,
        "part": part,
        "start": exact_clock(stretch.start) if stretch and stretch.start is not None else "",
        "end": exact_clock(stretch.end) if stretch and stretch.end is not None else "",
        "items": [item for item in meeting.items if item.start is not None],
        "inside": inside,
        "code": iframe(site.base(request) + inside, title, WIDTH, height),
        "frame_title": title,
        "frame_width": WIDTH,
        "frame_height": height,
        "full": full_address(meeting.id, part),
    }
    # The one page of ours that shows a frame: its own.
    headers = {"cache-control": ALWAYS_ASK, "content-security-policy": policy("'self'", "frame-src 'self'")}
    return site.page(request, "embed_page.html", context, headers=headers)
