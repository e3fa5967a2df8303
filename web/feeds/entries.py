"""Meetings as entries of feeds, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from catalogue import PublishedMeeting
from web.addresses import meeting_address
from web.archive import Brief, Listed
from web.atom import Entry, midnight
from web.search_query import BadParameter, whole
from web.site import Site

PER_PAGE = 50
TITLES = 20  # items that a summary names
LONGEST_TITLE = 120

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Page(Generic[Thing]):
    """A page of some things; `next` and `previous` are paths, or None where there are none."""

    things: tuple[Thing, ...]
    next: str | None
    previous: str | None


def page_of(
    things: Sequence[Thing], path: str, params: QueryParams, names: Sequence[str] = ()
) -> Page[Thing]:
    """The page that `?page=` asks for. `names` are the parameters that its neighbours are asked for with."""
    number = whole(params, "page", 1)
    if number < 1:
        raise BadParameter("counts from 1", where="page")
    kept = [(name, params[name]) for name in names if name in params]

    def address(to: int) -> str:
        pairs = [*kept, *([("page", str(to))] if to > 1 else [])]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    shown = tuple(things[(number - 1) * PER_PAGE : number * PER_PAGE])
    later = number * PER_PAGE < len(things)
    return Page(shown, address(number + 1) if later else None, address(number - 1) if number > 1 else None)


def meeting_entries(site: Site, meetings: Sequence[Listed]) -> tuple[Entry, ...]:
    """The meetings as entries, less those that are public no longer."""
    listed = {meeting.id: meeting for meeting in meetings}
    return tuple(_entry(site, brief, listed[brief.meeting.id]) for brief in site.archive.briefs(listed))


def _entry(site: Site, brief: Brief, listed: Listed) -> Entry:
    meeting = brief.meeting
    return Entry(
        id=meeting_urn(meeting.id),
        title=meeting.title or meeting.id,
        updated=listed.changed,
        address=site.url(meeting_address(meeting.id)),
        author=meeting.municipality or site.settings.site_name,
        summary=summary(meeting),
        published=midnight(meeting.date) if meeting.date else None,
    )


def summary(meeting: PublishedMeeting) -> str:
    """What the meeting was of, and its agenda: a line an item."""
    lines = [", ".join(part for part in (meeting.body, meeting.municipality) if part)]
    for item in meeting.items[:TITLES]:
        title = " ".join(item.title.split())
        short = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
        lines.append(f"{item.number}. {short}" if item.number else short)
    if len(meeting.items) > TITLES:
        lines.append(f"… og {len(meeting.items) - TITLES} punkter mere")
    return "\n".join(line for line in lines if line)


def meeting_urn(meeting_id: str) -> str:
    """The name of a meeting that no new address or revision changes."""
    return f"urn:talerstolen:{meeting_id}"
