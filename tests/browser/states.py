"""Every kind of page and every state it can be in: one list, which all checks of pages go through.

A new page or state is one line here. `path` is without the language's prefix. What must be done to bring a page into its
state is `act`, by name (`ACTS`). A state whose route the application does not have is left out, and told in the summary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tests.browser.conftest import GONE, INCOMPLETE, SOUND_ONLY, TEXT_GONE
from tests.web.conftest import MAIN, STALE, TEXT_ONLY

if TYPE_CHECKING:
    from playwright.sync_api import Page

Site = Literal["usual", "empty", "down"]


@dataclass(frozen=True, slots=True)
class State:
    """`kind`: pages of one kind may share a title. `status` is what it is answered with."""

    name: str
    kind: str
    path: str
    status: int = 200
    site: Site = "usual"
    act: str = ""
    languages: bool = True  # whether it is there in every language

    def __str__(self) -> str:
        return self.name


STATES = (
    State("front", "front", "/"),
    State("front, suggestions open", "front", "/", act="suggest"),
    State("front of an empty archive", "front", "/", site="empty"),
    State("search, nothing asked", "search", "/soeg"),
    State("search, results", "results", "/soeg?q=cykelstien"),
    State("search, one filter", "results", "/soeg?q=cykelstien&speaker=Borgmesteren"),
    State("search, several filters", "results", "/soeg?q=vi&speaker=Borgmesteren&from=2025-01-01&sort=newest"),
    State("search, markup in what is found", "results", "/soeg?q=h%C3%B8ring"),
    State("search, why", "results", "/soeg?q=cykelsti&why=true"),
    State("search, relaxed", "relaxed", "/soeg?q=cykelstien+museet"),
    State("search, did you mean", "results", "/soeg?q=cykelstein"),
    State("search, nothing found", "results", "/soeg?q=qqqqqq"),
    State("search, nothing found in a filter", "results", "/soeg?q=cykelstien&municipality=Odense"),
    State("search, past the end", "results", "/soeg?q=cykelstien&page=9"),
    State("search, refused", "search", "/soeg?from=nej", status=422),
    State("search, down", "search", "/soeg?q=cykelstien", status=503, site="down"),
    State("operation", "operation", "/drift"),
    State("operation of an empty archive", "operation", "/drift", site="empty"),
    State("meetings", "meetings", "/moeder"),
    State("meetings, chosen", "meetings", "/moeder?municipality=Odense"),
    State("meetings, none", "meetings", "/moeder?year=1999&body=Byr%C3%A5det"),
    State("meetings of an empty archive", "meetings", "/moeder", site="empty"),
    State("meeting, pictures", "meeting", f"/moeder/{MAIN}"),
    State("meeting, at a second", "meeting", f"/moeder/{MAIN}?t=3"),
    State("meeting, at a withheld second", "meeting", f"/moeder/{MAIN}?t=4.5"),
    State("meeting, playing", "meeting", f"/moeder/{MAIN}", act="play"),
    State("meeting, sound only", "meeting", f"/moeder/{SOUND_ONLY}"),
    State("meeting, text only", "meeting", f"/moeder/{TEXT_ONLY}"),
    State("meeting, file out of date", "meeting", f"/moeder/{STALE}"),
    State("meeting, not whole", "meeting", f"/moeder/{INCOMPLETE}"),
    State("meeting, recording gone", "meeting", f"/moeder/{GONE}?t=4"),
    State("meeting, recording and text gone", "meeting", f"/moeder/{TEXT_GONE}"),
    State("quote, recording gone", "quote", f"/moeder/{GONE}/citat?fra=3&til=4"),
    State("clip, recording gone", "clip", f"/moeder/{GONE}/klip?fra=1&til=4", status=410),
    State("embedded, recording gone", "embedded", f"/indlejret/{GONE}"),
    State("meeting, found in it", "meeting", f"/moeder/{MAIN}?q=cykelstien"),
    State("meeting, nothing found in it", "meeting", f"/moeder/{MAIN}?q=qqqqqq"),
    State("quality", "quality", f"/moeder/{MAIN}/kvalitet"),
    State("quality of captions", "quality", f"/moeder/{TEXT_ONLY}/kvalitet"),
    State("quote", "quote", f"/moeder/{MAIN}/citat?fra=3&til=4"),
    State("quote, withheld", "quote", f"/moeder/{MAIN}/citat?fra=4&til=5", status=410),
    State("report an error", "report", f"/moeder/{MAIN}/fejl?t=3"),
    State("clip", "clip", f"/moeder/{MAIN}/klip?fra=1&til=4"),
    State("clip, too long", "clip", f"/moeder/{MAIN}/klip?fra=0&til=9999", status=422),
    State("embedded", "embedded", f"/indlejret/{MAIN}"),
    State("case", "case", "/sag?nr=25/26257"),
    State("case, unknown", "case", "/sag?nr=nej", status=404),
    State("open data", "open data", "/aabne-data"),
    State("api", "api", "/api"),
    State("about", "about", "/om"),
    State("about, how", "about how", "/om/saadan"),
    State("about, limits", "about limits", "/om/begraensninger"),
    State("privacy", "privacy", "/privatliv"),
    State("accessibility", "accessibility", "/tilgaengelighed"),
    State("no such page", "error", "/nej", status=404),
    State("no such meeting", "error", "/moeder/nej-2025-01-01", status=404),
)  # fmt: skip


def _suggest(page: Page) -> None:
    page.locator("input[role=combobox]").first.press_sequentially("havn")
    page.locator(".suggestion").first.wait_for()
    page.keyboard.press("ArrowDown")


def _play(page: Page) -> None:
    page.locator("#tekst a").first.click()
    page.wait_for_timeout(500)


ACTS: dict[str, Callable[[Page], None]] = {"": lambda page: None, "suggest": _suggest, "play": _play}
