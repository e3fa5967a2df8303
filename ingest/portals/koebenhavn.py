"""Københavns Kommune: one JSON:API entry for each agenda item (danish.md, section 1b).

Which meeting an item belongs to is told by its day and its page's path:
`/dagsordener-og-referater/Borgerrepræsentationen/møde-02102025/referat/punkt-3`. An item stands once under
`dagsorden` and once under `referat`; each of those is a paper.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

from catalogue import AgendaKind, SourceError
from ingest.agendas import parse_agenda
from ingest.portals.polite import PortalSession
from ingest.portals.portal import Listing, Paper, Reference
from ingest.portals.reading import json_object, line, moment, rows

PATH = "/jsonapi/node/agenda_element"
PAGE_SIZE = 50  # the most that JSON:API in Drupal gives at once
MOST_PAGES = 1_000


class BadPaging(SourceError):
    """The list goes on somewhere where it cannot."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"the portal's list {reason}", where=url)


@dataclass(frozen=True, slots=True)
class _Element:
    """One agenda item as listed; `folder` is the path of the paper that it is in."""

    folder: str
    alias: str
    body: str
    day: date
    number: str
    title: str
    source_id: str


class Koebenhavn:
    """The portal of kk.dk. `bodies` are the names of those wanted; empty means all."""

    def __init__(self, address: str, bodies: tuple[str, ...], session: PortalSession) -> None:
        self._address, self._session = address.rstrip("/"), session
        self._bodies = {body.casefold() for body in bodies}
        self._papers: dict[str, list[_Element]] = {}

    def meetings(self, since: date) -> Listing:
        refused: list[str] = []
        papers: defaultdict[str, list[_Element]] = defaultdict(list)
        for row in self._all_rows(since):
            element = _element(row)
            if element is None:
                refused.append(f"an entry without a usable path or day ({line(row.get('id'))[:64] or '-'})")
            elif element.day >= since and (not self._bodies or element.body.casefold() in self._bodies):
                papers[element.folder].append(element)
        self._papers = dict(papers)
        references = (_reference(folder, elements[0]) for folder, elements in papers.items())
        return Listing(tuple(references), tuple(refused))

    def paper(self, reference: Reference) -> Paper:
        """Made from what the list said: it holds the items whole."""
        elements = {e.alias: e for e in self._papers.get(reference.source_id, ())}
        if not elements:
            raise SourceError("this paper is not in the portal's list", where=reference.source_id)
        ordered = sorted(elements.values(), key=lambda e: (not e.number.isdecimal(), int(e.number or 0) if e.number.isdecimal() else 0))  # fmt: skip
        document = {
            "date": reference.day.isoformat(),
            "body": reference.body,
            "items": [{"number": e.number, "title": e.title, "id": e.source_id} for e in ordered],
        }
        source = self._address + quote(reference.source_id)
        agenda = parse_agenda(json.dumps(document).encode(), source)
        pages = [self._address + quote(e.alias) for e in ordered]
        items = tuple(replace(item, url=page) for item, page in zip(agenda.items, pages, strict=True))
        return Paper(replace(agenda, items=items, kind=reference.kind))

    def _all_rows(self, since: date) -> list[dict[str, Any]]:
        query = {
            "filter[since][condition][path]": "agenda_meeting_date",
            "filter[since][condition][operator]": ">=",
            "filter[since][condition][value]": since.isoformat(),
            "sort": "agenda_meeting_date",
            "page[limit]": str(PAGE_SIZE),
        }
        url, seen, found = f"{self._address}{PATH}?{urlencode(query)}", set[str](), list[dict[str, Any]]()
        while url:
            if url in seen or len(seen) >= MOST_PAGES:
                raise BadPaging(url, "does not end")
            seen.add(url)
            got, url = self._session.read(url, lambda data, url=url: _page(data, url))  # type: ignore[misc]
            found += got
        return found


def _page(data: bytes, url: str) -> tuple[list[dict[str, Any]], str]:
    """A page's entries, and the address of the next page (empty: none), which must be on the same host."""
    raw = json_object(data, url)
    if not isinstance(raw.get("data"), list):
        raise SourceError('the portal\'s list has no "data"', where=url)
    links = raw.get("links")
    after = links.get("next") if isinstance(links, dict) else None
    after = after.get("href") if isinstance(after, dict) else after
    if not after:
        return rows(raw["data"]), ""
    try:
        target = urljoin(url, str(after))
        same = urlsplit(target)[:2] == urlsplit(url)[:2]
    except ValueError as error:
        raise BadPaging(url, "goes on at no web address") from error
    if not same:
        raise BadPaging(url, "goes on at another host")
    return rows(raw["data"]), target


def _element(row: dict[str, Any]) -> _Element | None:
    told = row.get("attributes")
    told = told if isinstance(told, dict) else {}
    path = told.get("path")
    alias = unquote(line(path.get("alias") if isinstance(path, dict) else ""))
    parts = alias.strip("/").split("/")
    when = moment(told.get("agenda_meeting_date"))
    title, source_id = line(told.get("title")), line(row.get("id"))
    if when is None or len(parts) < 5 or not title or not all(parts):
        return None
    number = told.get("agenda_element_serial_no")
    if isinstance(number, bool) or not isinstance(number, int | str):
        number = ""
    return _Element(
        "/" + "/".join(parts[:4]), "/" + "/".join(parts), parts[1], when[0], str(number)[:40].strip(), title, source_id
    )  # fmt: skip


def _reference(folder: str, first: _Element) -> Reference:
    kind = folder.rsplit("/", 1)[1].casefold()
    return Reference(
        source_id=folder,
        body=first.body,
        day=first.day,
        kind=AgendaKind.MINUTES
        if "referat" in kind
        else AgendaKind.SUPPLEMENT
        if "tillæg" in kind
        else AgendaKind.AGENDA,
        closed="lukke" in kind,
    )
