"""`/soeg.atom`: a search that somebody follows (RFC 4287, paged as RFC 5005 says)."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlencode
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from starlette.requests import Request
from starlette.responses import Response

from search import SearchRequest
from web.addresses import meeting_address
from web.conditional import tagged
from web.language import DANISH
from web.moments import clock
from web.search_query import pairs, search_request, whole
from web.searching.filters import LABELS
from web.searching.rows import MOST_ROWS, Row, page_rows
from web.site import Site, site_of
from web.words import Words

ENTRIES = 50
ATOM = "http://www.w3.org/2005/Atom"
NEVER = date(1970, 1, 1)  # a feed's entry must have a day
WORDS = Words(DANISH)
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(request: Request) -> Response:
    """The newest places first. Nothing, where no place has all the words: who follows those does not mean others."""
    site, asked = site_of(request), _asked(request)
    rows, total, relaxed = page_rows(site, asked)
    rows, total = ([], 0) if relaxed else (rows, total)
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "da"})
    title = _title(asked)
    _text(root, "title", f"{title} – {site.settings.site_name}")
    first = _self(asked, 1)
    _text(root, "id", site.url(first) if site.settings.base_url else f"urn:talerstolen:{first[1:]}")
    _text(root, "updated", _moment(rows[0].date if rows else None))
    _text(SubElement(root, "author"), "name", site.settings.site_name)
    for rel, href in _links(asked, total):
        kind = "text/html" if rel == "alternate" else "application/atom+xml"
        SubElement(root, "link", {"rel": rel, "type": kind, "href": site.url(href)})
    for key, row in _each_once(rows).items():
        _entry(root, site, key, row)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return tagged(request, Response(text, media_type="application/atom+xml"))


def _asked(request: Request) -> SearchRequest:
    params = request.query_params
    page = whole(params, "page", 1)
    own = [(n, v) for n, v in params.multi_items() if n not in ("page", "per_page", "sort", "why")]
    return search_request(
        params.__class__([*own, ("page", str(page)), ("per_page", str(ENTRIES)), ("sort", "newest")])
    )


def _self(asked: SearchRequest, page: int) -> str:
    """Where a page of the feed stands, written the same however it was asked for."""
    said = [pair for pair in pairs(asked) if pair[0] not in ("per_page", "sort")]
    query = urlencode([*said, ("page", str(page))] if page > 1 else said)
    return f"/soeg.atom?{query}" if query else "/soeg.atom"


def _links(asked: SearchRequest, total: int) -> list[tuple[str, str]]:
    last = max(1, min(-(-total // ENTRIES), MOST_ROWS // ENTRIES))
    links = [("self", _self(asked, asked.page)), ("first", _self(asked, 1))]
    if asked.page > 1:
        links.append(("previous", _self(asked, asked.page - 1)))
    if asked.page < last:
        links.append(("next", _self(asked, asked.page + 1)))
    page = [pair for pair in pairs(asked) if pair[0] != "per_page"]
    return [*links, ("alternate", "/soeg?" + urlencode(page))]


def _title(asked: SearchRequest) -> str:
    """The search in words: what is looked for, and within what."""
    within = [f"{LABELS[name].lower()} {value}" for name in LABELS if name not in ("meeting", "section")
              for value in getattr(asked, name)]  # fmt: skip
    days = [
        f"{said} {WORDS.short_date(day)}" for said, day in (("fra", asked.from_), ("til", asked.to)) if day
    ]
    return ", ".join([f"»{asked.q}«" if asked.q else "Alt, hvad der er sagt", *within, *days])


def _each_once(rows: list[Row]) -> dict[str, Row]:
    """By a key that stays while the meeting does: the second. A new transcript moves it by less than that, as a rule."""
    keyed: dict[str, Row] = {}
    for row in rows:
        keyed.setdefault(f"urn:talerstolen:{row.meeting}:{int(row.said.start)}", row)
    return keyed


def _entry(root: Element, site: Site, key: str, row: Row) -> None:
    entry = SubElement(root, "entry")
    what = f"{row.number}. {row.item}" if row.number and row.item else row.item
    _text(entry, "title", " – ".join(part for part in (row.speaker, what or row.title) if part))
    _text(entry, "id", key)
    _text(entry, "updated", _moment(row.date))
    _text(SubElement(entry, "author"), "name", row.speaker or row.municipality or site.settings.site_name)
    href = site.url(meeting_address(row.meeting, row.said.start))
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": href})
    where = ", ".join(part for part in (row.title, row.municipality, row.body) if part)
    _text(entry, "summary", f"{where}, {clock(row.said.start)} inde i mødet")
    _text(entry, "content", f"»{row.said.text}«")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NOT_XML.sub(" ", text)


def _moment(day: date | None) -> str:
    return f"{(day or NEVER).isoformat()}T00:00:00Z"
