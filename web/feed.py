"""`/moeder.atom`: the newest meetings for feed readers (RFC 4287)."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response

from web.addresses import meeting_address
from web.archive import Listed
from web.conditional import tagged
from web.site import Site, site_of

ENTRIES = 50
ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(request: Request) -> Response:
    site = site_of(request)
    dated = [(meeting.date, meeting) for meeting in site.archive.meetings() if meeting.date is not None][
        :ENTRIES
    ]
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "da"})
    _text(root, "title", site.settings.site_name)
    _text(root, "id", site.url("/moeder.atom") if site.settings.base_url else "urn:talerstolen:moeder")
    _text(root, "updated", _moment(dated[0][0] if dated else date(1970, 1, 1)))
    ElementTree.SubElement(root, "link", {"rel": "self", "href": site.url("/moeder.atom")})
    for day, meeting in dated:
        _entry(root, site, meeting, day)
    written = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return tagged(request, Response(written, media_type="application/atom+xml"))


def _entry(root: ElementTree.Element, site: Site, meeting: Listed, day: date) -> None:
    entry = ElementTree.SubElement(root, "entry")
    _text(entry, "title", meeting.title or meeting.id)
    _text(entry, "id", f"urn:talerstolen:{meeting.id}")
    _text(entry, "updated", _moment(day))
    _text(ElementTree.SubElement(entry, "author"), "name", meeting.municipality or site.settings.site_name)
    ElementTree.SubElement(entry, "link", {"href": site.url(meeting_address(meeting.id))})
    _text(entry, "summary", ", ".join(part for part in (meeting.municipality, meeting.body) if part))


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _NOT_XML.sub(" ", text)


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
