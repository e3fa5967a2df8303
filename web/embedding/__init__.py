"""A meeting, an item or a stretch of it on other people's pages: a frame, its code, and oEmbed."""

from starlette.routing import Route

from web.embedding.embed_page import embed_page
from web.embedding.frame import embedded
from web.embedding.oembed import oembed

PAGES = (
    Route("/indlejret/{meeting_id}", embedded),
    Route("/moeder/{meeting_id}/indlejr", embed_page),
)
FILES = (Route("/oembed", oembed),)

__all__ = ["FILES", "PAGES"]
