"""People read the archive: pages, player, captions, and the API for machines."""

from web.api import search_json
from web.app import create_app
from web.server import serve
from web.still_public import StillPublic
from web.templating import design_files

__all__ = ["StillPublic", "create_app", "design_files", "search_json", "serve"]
