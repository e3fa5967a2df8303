"""oEmbed (oembed.com, 1.0): the address of a page here becomes the code of a frame, for editors that know it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from markupsafe import escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from catalogue import PublishedMeeting
from web.conditional import ALWAYS_ASK
from web.embedding.code import HEIGHT, LOW, SMALLEST, TITLE, WIDTH, iframe
from web.embedding.part import embedded_address, part_of
from web.language import LANGUAGES, Language
from web.search_query import whole
from web.site import Site, site_of

LONGEST = 2000  # characters of an address
MOST_FIELDS = 20
FRESH = 3600  # seconds that an answer may be kept by who asks
FORMATS = ("json", "xml")
_PAGE = re.compile(r"/(?:moeder/(?P<page>[^/]+)(?:/(?:citat|klip|indlejr))?|indlejret/(?P<frame>[^/]+))")
_ANCHOR = re.compile(r"(?P<kind>s|punkt)-(?P<value>[\d.]{1,12})(?:-\d{1,4})?", re.ASCII)
_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Named:
    """The page that an address of ours names."""

    meeting: str
    fields: dict[str, str]
    language: Language


def oembed(request: Request) -> Response:
    """404: no page of ours that can be embedded; 501: another format; 422: no `url`, or a size that is no number."""
    site, params = site_of(request), request.query_params
    name = params.get("format") or "json"
    if name not in FORMATS:
        return PlainTextResponse("Only json and xml.", status_code=501)
    width, height = whole(params, "maxwidth", WIDTH), whole(params, "maxheight", HEIGHT)
    base = site.base(request)
    page = _named(params.get("url", ""), base)
    if page is None:
        raise HTTPException(404, "not a page of this archive that can be embedded")
    meeting = site.archive.meeting(page.meeting).meeting
    body = _body(site, meeting, page, base, (width, height))
    headers = {"cache-control": ALWAYS_ASK}
    if name == "json":
        return JSONResponse(body, headers=headers)
    return Response(_xml(body), media_type="text/xml", headers=headers)


def _named(address: str, base: str) -> Named | None:
    """What an address names, if it is one of this site's own pages; its scheme may be either."""
    if len(address) > LONGEST or not address.isprintable():
        return None
    try:
        parts, own = urlsplit(address), urlsplit(base)
        fields = dict(parse_qsl(parts.query, max_num_fields=MOST_FIELDS))
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != own.netloc.lower():
        return None
    if not parts.path.startswith(own.path):
        return None
    path, language = _language(parts.path.removeprefix(own.path))
    found = _PAGE.fullmatch(path)
    if found is None:
        return None
    return Named(unquote(found["page"] or found["frame"]), _anchor(parts) | fields, language)


def _language(path: str) -> tuple[str, Language]:
    """The path without its language, and that."""
    for language in LANGUAGES:
        if language.prefix and path.startswith(f"{language.prefix}/"):
            return path.removeprefix(language.prefix), language
    return path, LANGUAGES[0]


def _anchor(parts: SplitResult) -> dict[str, str]:
    """What the fragment of a page's address says: a sentence's second, or an item's place."""
    found = _ANCHOR.fullmatch(parts.fragment)
    if found is None:
        return {}
    return {"t" if found["kind"] == "s" else "punkt": found["value"]}


def _body(
    site: Site, meeting: PublishedMeeting, page: Named, base: str, most: tuple[int, int]
) -> dict[str, object]:
    words = site.templates.words(page.language)
    video = any(r.has_video for r in meeting.recordings if r.playable)
    width = max(SMALLEST, min(WIDTH, most[0]))
    height = max(SMALLEST, min(HEIGHT if video else LOW, most[1]))
    title = meeting.title or meeting.id
    address = base + page.language.link(embedded_address(meeting.id, part_of(meeting, page.fields)))
    name = words.gettext(TITLE).format(meeting=title)
    about = ", ".join(filter(None, [meeting.municipality, meeting.body]))
    return {
        "version": "1.0",
        "type": "video" if video else "rich",
        "title": f"{title}, {words.short_date(meeting.date)}" if meeting.date else title,
        **({"author_name": about} if about else {}),
        "provider_name": site.settings.site_name,
        "provider_url": base + "/",
        "cache_age": FRESH,
        "html": iframe(address, name, width, height),
        "width": width,
        "height": height,
    }


def _xml(body: dict[str, object]) -> str:
    rows = "".join(f"<{name}>{escape(_UNFIT.sub('', str(value)))}</{name}>\n" for name, value in body.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>\n{rows}</oembed>\n'
