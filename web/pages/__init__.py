"""The pages around the meetings: the front page, the list of meetings, what the archive is and promises."""

from starlette.routing import Route

from web.pages.about import about, how, limits
from web.pages.browser_files import favicon, manifest
from web.pages.browsing import front, meetings
from web.pages.statements import accessibility, privacy, statement_elsewhere

PAGES = (
    Route("/", front),
    Route("/moeder", meetings),
    Route("/om", about),
    Route("/om/saadan", how),
    Route("/om/begraensninger", limits),
    Route("/privatliv", privacy),
    Route("/tilgaengelighed", accessibility),
)
FILES = (
    Route("/was", statement_elsewhere),
    Route("/favicon.ico", favicon),
    Route("/manifest.webmanifest", manifest),
)

__all__ = ["FILES", "PAGES"]
