"""What every view is given: the parts of the archive, behind one frozen record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from catalogue import MediaStore, Settings
from search import SearchEngine, SearchRequest, SearchResult, Suggestions, suggestions
from web.archive import Archive
from web.client_address import TrustedProxies, client_address, household
from web.language import Language, language_of, without_language
from web.lru import Lru
from web.marking import Place
from web.public_now import PublicNow
from web.reading import Reading
from web.still_public import StillPublic
from web.templating import Templates
from web.visitors import Visitors
from web.words import Words

REPORTS_AT_MOST, REPORTS_WITHIN = 5, 600.0  # from one address; seconds
PICTURES_KEPT = 64  # of quotes, about 20 KB each
PAGES_KEPT = 64  # compressed; that of the longest meeting is 0.2 MB
SPELLINGS_LOOKED_AT = 5  # hits; some may have been withheld since the last run


@dataclass(frozen=True, slots=True)
class MeetingText:
    """The text of a meeting laid out, and rendered; `places` is where in the HTML each sentence stands, by its anchor, and
    `unsure` how many places in it the model is unsure of."""

    reading: Reading
    html: Markup
    places: Mapping[str, Place]
    unsure: int


@dataclass(frozen=True, slots=True)
class Site:
    settings: Settings
    archive: Archive
    store: MediaStore
    engine: SearchEngine
    still_public: StillPublic
    public_now: PublicNow
    templates: Templates
    texts: Lru[tuple[str, int, Language], MeetingText]
    pictures: Lru[tuple[str, int, float, float], bytes] = field(default_factory=lambda: Lru(PICTURES_KEPT))
    visitors: Visitors = field(default_factory=lambda: Visitors(REPORTS_AT_MOST, REPORTS_WITHIN))
    pages: Lru[tuple[str, Language], bytes] = field(default_factory=lambda: Lru(PAGES_KEPT))

    def visitor(self, request: Request) -> str:
        """Who is counted as one: the household that asks, past the proxies that are trusted to say so."""
        address = client_address(request.scope, TrustedProxies.read(self.settings.trusted_proxies))
        return household(address) if address else ""

    def search(self, asked: SearchRequest) -> SearchResult:
        """What the engine finds and is public at this moment."""
        return self.still_public.search(self.engine, asked)

    def suggest(self, typed: str) -> Suggestions:
        """What somebody who has typed this may mean; all of it public at this moment."""
        return suggestions(self.engine, typed, self.public_now.look())

    def spelled(self, norm: str) -> str | None:
        """A word of the index as it is said in public; None where it no longer is."""
        for hit in self.search(SearchRequest(q=f'"{norm}"', per_page=SPELLINGS_LOOKED_AT, facets=False)).hits:
            for begin, end in hit.highlights:
                return hit.passage.text[begin:end]
        return None

    def words(self, request: Request) -> Words:
        """The words in the language of the page that is asked for."""
        return self.templates.words(language_of(request))

    def page(
        self,
        request: Request,
        template: str,
        context: Mapping[str, object],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """A page in the language that its address says."""
        here = {"here": without_language(request)}
        written = self.templates.render(template, {**here, **context}, language_of(request))
        return HTMLResponse(written, status_code=status, headers=headers)

    def base(self, request: Request) -> str:
        """Where the archive is, for what is handed on: its public address, or else the one it is read at."""
        return self.settings.base_url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"

    def url(self, path: str) -> str:
        """An address for machines: absolute where the archive's public address is set."""
        return absolute(self.settings, path)


def absolute(settings: Settings, path: str) -> str:
    """The public address of a path; the path itself where the archive's address is not set."""
    return settings.base_url.rstrip("/") + path


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site
