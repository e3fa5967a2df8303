"""One meeting: player, agenda items with their times, and the whole text, at the second asked for.

The text is laid out and rendered once for each revision and language; what a request asks for (`?t=`, `?q=`) is set
into it. `?del=fund` gives only the list of what was found, for the script that shows it without leaving the page.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from catalogue import PublishedMeeting
from web.addresses import clip_address, quote_address, report_address
from web.archive import Revised
from web.conditional import conditional, make_tag, tagged
from web.language import Language, language_of
from web.marking import sentence_html, sentence_places, with_marks
from web.meetings.agenda import item_rows
from web.meetings.downloads import downloads
from web.meetings.found import Found, look
from web.meetings.history import history
from web.meetings.origins import origins
from web.meetings.playing import awaited, plays
from web.moments import parse_moment
from web.reading import lay_out, sentence_at
from web.search_query import plain
from web.site import MeetingText, Site, site_of

COMPRESSION = 6  # 20 ms for the longest page, once
SPEEDS = (0.75, 1, 1.25, 1.5, 1.75, 2)


@dataclass(frozen=True, slots=True)
class Actions:
    """What a reader can do with a sentence, on pages of its own."""

    quote: str
    clip: str
    report: str


@dataclass(frozen=True, slots=True)
class Now:
    """The moment asked for, and what was said there (None: it is withheld, or nothing was said yet)."""

    moment: float
    withheld: bool
    text: str | None = None
    speaker: str | None = None
    anchor: str | None = None
    actions: Actions | None = None


def meeting_page(request: Request) -> Response:
    site, params = site_of(request), request.query_params
    revised = site.archive.meeting(request.path_params["meeting_id"])
    moment, query = parse_moment(params.get("t")), plain(params.get("q", ""))
    language = language_of(request)
    text = _text(site, revised, language)
    if params.get("del") == "fund":
        found = look(site, revised.meeting, text.reading, query, moment)
        part = site.templates.fragment(
            "meeting/found.html", {"meeting": revised.meeting, "found": found}, language
        )
        return tagged(request, HTMLResponse(part))
    if query:
        # What is found depends on the index as well, so this is tagged by what it says.
        return tagged(request, _page(request, site, revised.meeting, text, moment, query))
    tag = make_tag(site.templates.fingerprint, revised.meeting.id, revised.revision, moment)

    def make() -> Response:
        return _page(request, site, revised.meeting, text, moment, query)

    return conditional(request, tag, lambda: _kept(request, site, tag, make))


def _kept(request: Request, site: Site, tag: str, make: Callable[[], Response]) -> Response:
    """The page as most ask for it, compressed once for each revision. Only without a query: that stands in the page."""
    if request.url.query or "gzip" not in request.headers.get("accept-encoding", ""):
        return make()
    body = site.pages.get((tag, language_of(request)), lambda: gzip.compress(bytes(make().body), COMPRESSION))
    return HTMLResponse(body, headers={"content-encoding": "gzip", "vary": "Accept-Encoding"})


def _page(
    request: Request,
    site: Site,
    meeting: PublishedMeeting,
    text: MeetingText,
    moment: float | None,
    query: str,
) -> Response:
    language, words = language_of(request), site.words(request)
    now = _now(meeting, text, moment) if moment is not None else None
    found = look(site, meeting, text.reading, query, moment)
    to_play = plays(meeting, moment)
    context = {
        "meeting": meeting,
        "items": item_rows(meeting, text.reading),
        "plays": to_play,
        "playing": next((play for play in to_play if play.current), None),
        "awaited": awaited(meeting),
        "has_video": any(play.video for play in to_play),
        "speeds": SPEEDS,
        "origins": origins(meeting, words),
        "history": history(meeting, text.reading.anchors, words),
        "downloads": downloads(meeting),
        "unsure": text.unsure,
        "now": now,
        "query": query,
        "found": found,
        "transcript": _marked(text, now, found),
        "address": language.link(f"/moeder/{meeting.id}"),
    }
    return site.page(request, "meeting.html", context)


def _text(site: Site, revised: Revised, language: Language) -> MeetingText:
    def make() -> MeetingText:
        reading = lay_out(revised.meeting)
        context = {"reading": reading, "said": sentence_html}
        html = site.templates.fragment("transcript.html", context, language)
        return MeetingText(reading, html, sentence_places(html), html.count("<u>"))

    return site.texts.get((revised.meeting.id, revised.revision, language), make)


def _now(meeting: PublishedMeeting, text: MeetingText, moment: float) -> Now:
    at = sentence_at(meeting, moment)
    if at is None:
        return Now(moment, any(gap.start <= moment < gap.end for gap in meeting.withheld))
    said = meeting.sentences[at]
    actions = Actions(
        quote=quote_address(meeting.id, said.start, said.end),
        clip=clip_address(meeting.id, said.start, said.end),
        report=report_address(meeting.id, said.start),
    )
    return Now(said.start, False, said.text, said.speaker, text.reading.anchors[at], actions)


def _marked(text: MeetingText, now: Now | None, found: Found | None) -> Markup:
    """The text with the current sentence and what was found marked, without rendering it all again."""
    hits = {row.anchor: row.html for row in found.rows} if found else {}
    return with_marks(text.html, text.places, now.anchor if now else None, hits)
