"""Finding what was said: the page of results, the same as feed and files and over time, and what is suggested meanwhile."""

from starlette.routing import Route

from web.searching.did_you_mean import did_you_mean
from web.searching.feed import feed
from web.searching.files import as_csv, as_json
from web.searching.kept import Kept
from web.searching.over_time_page import frequency_api, over_time_page
from web.searching.search_page import search_page
from web.searching.suggest import suggest

PAGES = (Route("/soeg", search_page), Route("/soeg/over-tid", over_time_page))
FILES = (
    Route("/soeg.atom", feed),
    Route("/soeg.csv", as_csv),
    Route("/soeg.json", as_json),
    Route("/api/v1/suggest", suggest),
    Route("/api/v1/frequency", frequency_api),
)

__all__ = ["FILES", "PAGES", "Kept", "did_you_mean"]
