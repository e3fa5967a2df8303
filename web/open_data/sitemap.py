"""What search engines are told: which pages there are (`/sitemap.xml`), and which to leave alone (`/robots.txt`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from web.addresses import meeting_address
from web.conditional import tagged
from web.language import LANGUAGES
from web.site import Site, site_of

PER_PART = 20_000  # pages; each has an address in every language, and a part may have 50,000 addresses
STANDING = ("/", "/moeder", "/udvalg", "/sag", "/om", "/aabne-data", "/api")
_NAMESPACES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
}

ROBOTS = """# Velkommen. Alt på møder og sager må læses og findes af alle.
# Kun det, der aldrig får ende, er undtaget: søgninger med valg, og klip, som laves, når nogen beder om dem.
# Vil du have det hele, så hent de åbne data i stedet: /aabne-data
User-agent: *
Disallow: /soeg?*&
Disallow: /en/soeg?*&
Disallow: /soeg.
Disallow: /moeder?*&
Disallow: /en/moeder?*&
Disallow: /moeder/*?q=
Disallow: /moeder/*/klip
Disallow: /moeder/*/fejl
Disallow: /en/moeder/*?q=
Disallow: /en/moeder/*/klip
Disallow: /en/moeder/*/fejl
Disallow: /api/v1/search
Disallow: /api/v1/suggest
Allow: /
"""


def robots(request: Request) -> Response:
    site = site_of(request)
    sitemap = f"\nSitemap: {site.url('/sitemap.xml')}\n" if site.settings.base_url else ""
    return tagged(request, PlainTextResponse(ROBOTS + sitemap))


def sitemap_index(request: Request) -> Response:
    """The list of parts. Only where the archive knows its own address: those in it must be whole."""
    site = _with_address(request)
    root = ElementTree.Element("sitemapindex", {"xmlns": _NAMESPACES["xmlns"]})
    for number in range(1, _parts(site) + 1):
        part = ElementTree.SubElement(root, "sitemap")
        ElementTree.SubElement(part, "loc").text = site.url(f"/sitemap-{number}.xml")
    return _answer(request, root)


def sitemap_part(request: Request) -> Response:
    """The standing pages (in the first part) and meetings, newest first, each in every language."""
    site, number = _with_address(request), request.path_params["number"]
    if not 1 <= number <= _parts(site):
        raise HTTPException(404, "no such part")
    root = ElementTree.Element("urlset", _NAMESPACES)
    pages = [*((path, None) for path in STANDING), *_meetings(site)]
    for path, changed in pages[(number - 1) * PER_PART : number * PER_PART]:
        for language in LANGUAGES:
            entry = ElementTree.SubElement(root, "url")
            ElementTree.SubElement(entry, "loc").text = site.url(language.link(path))
            if changed:
                ElementTree.SubElement(entry, "lastmod").text = changed.astimezone(UTC).strftime("%Y-%m-%d")
            for other in LANGUAGES:
                address = site.url(other.link(path))
                about = {"rel": "alternate", "hreflang": other.code, "href": address}
                ElementTree.SubElement(entry, "xhtml:link", about)
    return _answer(request, root)


def _meetings(site: Site) -> Iterator[tuple[str, datetime | None]]:
    for meeting in site.archive.meetings():
        yield meeting_address(meeting.id), meeting.changed


def _parts(site: Site) -> int:
    return -(-(len(STANDING) + len(site.archive.meetings())) // PER_PART)


def _with_address(request: Request) -> Site:
    site = site_of(request)
    if not site.settings.base_url:
        raise HTTPException(404, "the archive does not know its own address")
    return site


def _answer(request: Request, root: ElementTree.Element) -> Response:
    written = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return tagged(request, Response(written, media_type="application/xml"))
