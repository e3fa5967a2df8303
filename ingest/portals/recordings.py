"""Which recording is of which meeting, where a portal does not say it itself. In doubt, none."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from catalogue import InputError, Recording, Settings, slug
from ingest.connections import PrivateAddress
from ingest.http import HttpFailure, Web
from ingest.pages import Listed, list_page
from ingest.portals.municipalities import Municipality
from ingest.portals.reading import web_address
from ingest.sources import register

#: What a server answers where a recording is not published yet; object stores answer 403 for what is not there.
NOT_THERE = (403, 404, 410)
_MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december")  # fmt: skip
_ISO = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)([0-3]?\d)[./-]([01]?\d)[./-](20\d\d)(?!\d)")
_WORDS = re.compile(rf"(?<!\d)([0-3]?\d)\.?\s+({'|'.join(_MONTHS)})\s+(20\d\d)", re.IGNORECASE)


def listed_recordings(municipality: Municipality, web: Web, settings: Settings) -> tuple[Listed, ...]:
    """What the page in `recordings` lists."""
    web_only = (one for one in list_page(municipality.recordings, web, settings) if "://" in one.url)
    return tuple(one for one in web_only if urlsplit(one.url).scheme in ("http", "https"))


def listed_for(listed: tuple[Listed, ...], municipality: Municipality, day: date, body: str) -> str:
    """The one of them that is of a meeting; empty where none is, or more than one could be.

    Its title has to name the day and, unless only one body is kept in step, the body: when it was put there says
    little of when it was recorded.
    """
    fits = [
        one
        for one in listed
        if day_in(one.title) == day and (len(municipality.bodies) == 1 or slug(body) in slug(one.title))
    ]
    return fits[0].url if len(fits) == 1 else ""


def day_in(text: str) -> date | None:
    """The day that a title names: 2025-10-08, 8/10-2025, 8. oktober 2025; None where there is none."""
    iso, numbers, words = _ISO.search(text), _NUMBERS.search(text), _WORDS.search(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if numbers:
            return date(int(numbers[3]), int(numbers[2]), int(numbers[1]))
        if words:
            return date(int(words[3]), _MONTHS.index(words[2].lower()) + 1, int(words[1]))
    except ValueError:
        return None
    return None


def recording_at(url: str, item: str, web: Web, settings: Settings) -> Recording | None:
    """A recording for the catalogue, which gives it its id and place; None while it is not there.

    Raises `TalerstolError` where it cannot be told whether it is there, and for what is no web address: a portal
    must not name files of this machine.
    """
    if not web_address(url, ""):
        raise InputError("the portal names a recording that is at no web address", where=url[:200])
    try:
        found = register(url, 1, "", None, web, settings)
    except HttpFailure as error:
        if error.status in NOT_THERE:
            return None
        raise
    except PrivateAddress:
        raise
    except InputError:  # a page that shows no recording, as long as there is none
        return None
    return Recording(id="", ordinal=0, kind=found.kind, source=found.source, item=item)
