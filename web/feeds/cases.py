"""A case across meetings: every time that it was an item, and what became of it. `/sag?nr=25/26257`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from catalogue import PublishedItem, PublishedMeeting, Sentence
from web.addresses import meeting_address
from web.archive import case_key
from web.atom import Entry, midnight
from web.conditional import tagged
from web.feeds.entries import meeting_urn
from web.language import DANISH
from web.search_query import plain
from web.site import Site, site_of

MOST_MEETINGS = 60  # newest; a case number that more meetings share is not one case
MOST_READ = 12  # of them, newest: so many are read for their first sentences
LONGEST_NUMBER = 80
_BEGINNING = 400  # characters of what was said, in a feed


@dataclass(frozen=True, slots=True)
class Appearance:
    """A case as an item of one meeting, with the first sentences said."""

    meeting: PublishedMeeting
    item: PublishedItem
    lead: tuple[Sentence, ...]
    changed: datetime

    @property
    def address(self) -> str:
        return meeting_address(self.meeting.id, self.item.start)

    @property
    def speaker(self) -> str | None:
        return self.lead[0].speaker if self.lead else None

    @property
    def said(self) -> str:
        """The first sentences, as far as one speaker says them."""
        return " ".join(s.text for s in takewhile(lambda s: s.speaker == self.speaker, self.lead))


def case_address(number: str, municipality: str = "", path: str = "/sag") -> str:
    named = f"&municipality={quote(municipality, safe='')}" if municipality else ""
    return f"{path}?nr={quote(number, safe='/')}{named}"


def case_asked_for(site: Site, number: str, municipality: str = "") -> list[Appearance]:
    """Every open item with this case number, the newest meeting first; of one municipality, or of all: each
    numbers its own cases, so that two may have the same."""
    key = case_key(number[:LONGEST_NUMBER])
    if not key:
        return []
    listed = {
        m.id: m for m in site.archive.meetings() if key in m.cases and municipality in ("", m.municipality)
    }
    found: list[Appearance] = []
    for n, brief in enumerate(site.archive.briefs(list(listed)[:MOST_MEETINGS])):
        meeting = brief.meeting
        leads = site.archive.leads(meeting.id) if n < MOST_READ else {}
        for item in meeting.items:
            if case_key(item.case) == key:
                found.append(
                    Appearance(meeting, item, leads.get(item.position, ()), listed[meeting.id].changed)
                )
    return found


def case_title(found: Sequence[Appearance]) -> str:
    """What the case is about: as the newest meeting has it."""
    return found[0].item.title


def case_page(request: Request) -> Response:
    """The case's meetings; without a number, a form to give one."""
    site, number = site_of(request), plain(request.query_params.get("nr", ""))[:LONGEST_NUMBER]
    municipality = plain(request.query_params.get("municipality", ""))
    found = case_asked_for(site, number, municipality)
    number = found[0].item.case if found else number
    others = dict.fromkeys(one.meeting.municipality for one in found)
    context = {
        "number": number,
        "found": found,
        "title": case_title(found) if found else "",
        "feed": case_address(number, municipality, "/sag.atom") if found else None,
        "others": [(name, case_address(number, name)) for name in others] if len(others) > 1 else [],
    }
    status = 404 if number and not found else 200
    return tagged(request, site.page(request, "case.html", context, status=status))


def case_entries(site: Site, found: Sequence[Appearance]) -> tuple[Entry, ...]:
    """Entries of a feed. An item keeps its id while the meeting keeps its agenda's numbers."""
    seen: Counter[str] = Counter()
    entries = []
    for one in found:
        meeting, item = one.meeting, one.item
        name = f"{meeting_urn(meeting.id)}:sag:{quote(case_key(item.case), safe='')}"
        seen[name] += 1  # a case may be two items of one meeting
        entries.append(
            Entry(
                id=name if seen[name] == 1 else f"{name}:{seen[name]}",
                title=f"{meeting.title or meeting.id}: {item.title}",
                updated=one.changed,
                address=site.url(one.address),
                author=meeting.municipality or site.settings.site_name,
                summary=_summary(site, one),
                published=midnight(meeting.date) if meeting.date else None,
            )
        )
    return tuple(entries)


def _summary(site: Site, one: Appearance) -> str:
    meeting, item, words = one.meeting, one.item, site.templates.words(DANISH)
    about = ", ".join(part for part in (meeting.body, meeting.municipality) if part)
    said = one.said if len(one.said) <= _BEGINNING else one.said[: _BEGINNING - 1].rstrip() + "…"
    lines = [
        about + (f", {words.short_date(meeting.date)}" if meeting.date else ""),
        f"Punkt {item.number}: {words.became(item)}" if item.number else words.became(item),
        f"Beslutning: {item.outcome}" if item.outcome else "",
        f"»{said}«" if said else "",
    ]
    return "\n".join(line for line in lines if line)
