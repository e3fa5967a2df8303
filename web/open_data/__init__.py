"""The open data: what is in it, where its files are, and what finds the archive (sitemap, robots)."""

from starlette.routing import Route

from web.open_data.api_page import api_page
from web.open_data.dump import CURRENT, Dump, DumpFile, dump_bytes, read_dump, release
from web.open_data.pages import data_file, open_data_page
from web.open_data.rows import rows_of
from web.open_data.sitemap import robots, sitemap_index, sitemap_part
from web.open_data.tables import TABLES, VERSION, Table
from web.open_data.texts import licence_text, readme

PAGES = (
    Route("/aabne-data", open_data_page),
    Route("/api", api_page),
)
FILES = (
    Route("/data/{name}", data_file),
    Route("/sitemap.xml", sitemap_index),
    Route("/sitemap-{number:int}.xml", sitemap_part),
    Route("/robots.txt", robots),
)

__all__ = [
    "CURRENT",
    "FILES",
    "PAGES",
    "TABLES",
    "VERSION",
    "Dump",
    "DumpFile",
    "Table",
    "dump_bytes",
    "licence_text",
    "read_dump",
    "readme",
    "release",
    "rows_of",
]
