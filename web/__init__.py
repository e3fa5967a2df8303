"""People read the archive: pages, player, captions, and the API for machines."""

from web.api import search_json
from web.app import create_app
from web.clips import forget_clips
from web.open_data import (
    CURRENT,
    TABLES,
    Dump,
    DumpFile,
    Table,
    dump_bytes,
    licence_text,
    read_dump,
    readme,
    release,
    rows_of,
)
from web.open_data import VERSION as OPEN_DATA_VERSION
from web.server import serve
from web.still_public import StillPublic
from web.templating import design_files

__all__ = [
    "CURRENT",
    "OPEN_DATA_VERSION",
    "TABLES",
    "Dump",
    "DumpFile",
    "StillPublic",
    "Table",
    "create_app",
    "design_files",
    "dump_bytes",
    "forget_clips",
    "licence_text",
    "read_dump",
    "readme",
    "release",
    "rows_of",
    "search_json",
    "serve",
]
