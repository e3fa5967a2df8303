"""`/soeg.atom`: a search that somebody follows (RFC 4287, paged as RFC 5005 says)."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from search import SearchRequest
from web.addresses import meeting_address
from web.atom import MEDIA_TYPE, Entry, Feed, midnight, write_atom
from web.conditional import tagged
from web.language import DANISH
from web.moments import clock
from web.search_query import pairs, search_request, whole
from web.searching.filters import LABELS
from web.searching.rows import MOST_ROWS, Row, page_rows
from web.site import Site, site_of
from web.words import Words

ENTRIES = 50
NEVER = date(1970, 1, 1)  # a feed's entry must have a day
WORDS = Words(DANISH)


def feed(request: Request) -> Response:
    """The newest places first. Nothing, where no place has all the words: who follows those does not mean others."""
    site, asked = site_of(request), _asked(request)
    rows, total, relaxed = page_rows(site, asked)
    rows, total = ([], 0) if relaxed else (rows, total)
    first, last = _self(asked, 1), max(1, min(-(-total // ENTRIES), MOST_ROWS // ENTRIES))
    written = write_atom(
        Feed(
            id=site.url(first) if site.settings.base_url else f"urn:talerstolen:{first[1:]}",
            title=f"{_title(asked)} – {site.settings.site_name}",
            itself=site.url(_self(asked, asked.page)),
            page=site.url("/soeg?" + urlencode([pair for pair in pairs(asked) if pair[0] != "per_page"])),
            author=site.settings.site_name,
            entries=tuple(_entry(site, key, row) for key, row in _each_once(rows).items()),
            first=site.url(first),
            previous=site.url(_self(asked, asked.page - 1)) if asked.page > 1 else None,
            next=site.url(_self(asked, asked.page + 1)) if asked.page < last else None,
        )
    )
    return tagged(request, Response(written, media_type=MEDIA_TYPE))


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


def _entry(site: Site, key: str, row: Row) -> Entry:
    what = f"{row.number}. {row.item}" if row.number and row.item else row.item
    where = ", ".join(part for part in (row.title, row.municipality, row.body) if part)
    return Entry(
        id=key,
        title=" – ".join(part for part in (row.speaker, what or row.title) if part),
        updated=midnight(row.date or NEVER),
        address=site.url(meeting_address(row.meeting, row.said.start)),
        author=row.speaker or row.municipality or site.settings.site_name,
        summary=f"{where}, {clock(row.said.start)} inde i mødet",
        content=f"»{row.said.text}«",
    )
