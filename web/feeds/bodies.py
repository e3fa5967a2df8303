"""The councils and committees of the archive, and what each may be followed by: `/udvalg`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.archive import Listed
from web.conditional import tagged
from web.search_query import plain
from web.site import site_of


@dataclass(frozen=True, slots=True)
class Body:
    """A council or committee of a municipality, and its public meetings, newest first."""

    municipality: str
    name: str
    meetings: tuple[Listed, ...]

    @property
    def query(self) -> str:
        """What names it in an address."""
        return urlencode({"municipality": self.municipality, "body": self.name})

    @property
    def title(self) -> str:
        return ", ".join(part for part in (self.name, self.municipality) if part)

    @property
    def feed(self) -> str:
        return f"/udvalg.atom?{self.query}"

    @property
    def podcast(self) -> str:
        return f"/podcast.xml?{self.query}"

    @property
    def list(self) -> str:
        return f"/moeder?{self.query}"

    @property
    def recorded(self) -> bool:
        """Whether there may be something to hear."""
        return any(meeting.recorded for meeting in self.meetings)


def bodies_of(meetings: Sequence[Listed]) -> list[Body]:
    """In the order of the alphabet; a meeting without a body and municipality is of none."""

    def key(meeting: Listed) -> tuple[str, str]:
        return meeting.municipality, meeting.body

    named = sorted((m for m in meetings if m.municipality or m.body), key=key)  # stable: newest stay first
    return [Body(*about, tuple(group)) for about, group in groupby(named, key)]


def body_asked_for(request: Request) -> Body:
    """The body that `?municipality=&body=` names; 404 where the archive has none of that name."""
    site, params = site_of(request), request.query_params
    municipality, name = plain(params.get("municipality", "")), plain(params.get("body", ""))
    of_it = tuple(m for m in site.archive.meetings() if (m.municipality, m.body) == (municipality, name))
    if not of_it or not (municipality or name):
        raise HTTPException(404, "no such body")
    return Body(municipality, name, of_it)


def bodies_page(request: Request) -> Response:
    """Every body with its newest meeting and its feeds, by municipality."""
    site = site_of(request)
    bodies = bodies_of(site.archive.meetings())
    groups = [(name, list(group)) for name, group in groupby(bodies, lambda body: body.municipality)]
    return tagged(request, site.page(request, "bodies.html", {"groups": groups, "total": len(bodies)}))
