"""Quotes, anchored in time: their page with citations and what has changed since, their picture, their JSON."""

from starlette.routing import Route

from web.quotes.stretch import Stretch, TooLong, parse_stretch, stretch
from web.quotes.version import version_of
from web.quotes.views import quote_json, quote_page, quote_picture

PAGES = (Route("/moeder/{meeting_id}/citat", quote_page),)
FILES = (
    Route("/moeder/{meeting_id}/citat.png", quote_picture),
    Route("/api/v1/meetings/{meeting_id}/quote", quote_json),
)

__all__ = ["FILES", "PAGES", "Stretch", "TooLong", "parse_stretch", "stretch", "version_of"]
