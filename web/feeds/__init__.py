"""What somebody follows: new meetings, a body, a case; as feeds, as podcasts, and as pages."""

from starlette.routing import Route

from web.feeds import listening, machine
from web.feeds.bodies import bodies_page
from web.feeds.cases import Appearance, case_address, case_asked_for, case_page, case_title
from web.feeds.following import new_meetings, new_of_body, new_of_case
from web.feeds.listening import sound_of
from web.feeds.podcast import COVER, podcast

PAGES = (
    Route("/udvalg", bodies_page),
    Route("/sag", case_page),
)
FILES = (
    Route("/moeder.atom", new_meetings),
    Route("/udvalg.atom", new_of_body),
    Route("/sag.atom", new_of_case),
    Route("/podcast.xml", podcast),
    Route("/moeder/{meeting_id}/lyd/{ordinal}.m4a", listening.sound),
    Route("/moeder/{meeting_id}/lyd/{ordinal}", listening.any_sound),
    Route("/moeder/{meeting_id}/kapitler/{ordinal}.json", listening.podcast_chapters),
    Route("/api/v1/bodies", machine.bodies),
    Route("/api/v1/cases", machine.cases),
    Route("/api/v1/case", machine.case),
)

__all__ = [
    "COVER",
    "FILES",
    "PAGES",
    "Appearance",
    "case_address",
    "case_asked_for",
    "case_page",
    "case_title",
    "sound_of",
]
