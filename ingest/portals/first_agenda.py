"""FirstAgenda Publication, where most Danish municipalities publish (danish.md, section 1b).

`GET /api/agenda/udvalgsliste` lists bodies with their meetings, one entry a paper; `GET /api/agenda/dagsorden/{id}`
is one paper. Some hosts want a cookie first: they lead to `/Home/AnonymousAuthentication` and back, or answer with
a page until `/` has been visited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from catalogue import Agenda, AgendaKind, SourceError
from ingest.agendas import parse_agenda
from ingest.http import EndlessRedirects, HttpFailure
from ingest.portals.polite import PortalSession
from ingest.portals.portal import Listing, Paper, Reference
from ingest.portals.reading import NotJson, json_object, line, moment, rows, web_address

T = TypeVar("T")

MOST_PAPERS = 50_000  # 30 years of a large municipality
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_SOUND_KEYS = ("Url", "Link", "Href", "Src", "Path")
WANTS_A_COOKIE = (401, 403)


class AnotherPaper(SourceError):
    """The portal answers with another paper than was asked for."""

    def __init__(self, url: str, source_id: str) -> None:
        self.source_id = source_id
        super().__init__(f"the portal answers with another paper ({source_id})", where=url)


class FirstAgenda:
    """One municipality's portal. `bodies` are the names of those wanted; empty means all."""

    def __init__(self, address: str, bodies: tuple[str, ...], session: PortalSession) -> None:
        self._address, self._session = address.rstrip("/"), session
        self._bodies = {body.casefold() for body in bodies}
        self._greeted = False

    def meetings(self, since: date) -> Listing:
        url = f"{self._address}/api/agenda/udvalgsliste"
        listing = self._read(url, lambda data: _listing(json_object(data, url), url))
        wanted = (r for r in listing.references if r.day >= since)
        return replace(
            listing,
            references=tuple(r for r in wanted if not self._bodies or r.body.casefold() in self._bodies),
        )

    def paper(self, reference: Reference) -> Paper:
        url = f"{self._address}/api/agenda/dagsorden/{reference.source_id}"
        return self._read(url, lambda data: _paper(data, reference, url))

    def _read(self, url: str, accept: Callable[[bytes], T]) -> T:
        """What is there; where the portal wants its front page to be visited first, after that."""
        try:
            return self._session.read(url, accept)
        except (EndlessRedirects, NotJson, HttpFailure) as error:
            refused = isinstance(error, HttpFailure) and error.status not in WANTS_A_COOKIE
            if self._greeted or refused or (isinstance(error, NotJson) and not error.page):
                raise
        self._greeted = True
        self._session.visit(f"{self._address}/")
        return self._session.read(url, accept)


def _listing(raw: dict[str, Any], url: str) -> Listing:
    terms = raw.get("Udvalg")
    if not isinstance(terms, dict):
        raise SourceError('the portal\'s list has no "Udvalg"', where=url)
    found: dict[str, Reference] = {}
    refused: list[str] = []
    for body, entry in _entries(terms):
        reference = _reference(body, entry)
        if reference is None:
            refused.append(
                f"{body}: an entry without a usable id or day ({line(entry.get('Id'))[:64] or '-'})"
            )
        else:
            found.setdefault(reference.source_id, reference)
        if len(found) + len(refused) > MOST_PAPERS:
            raise SourceError(f"the portal lists more than {MOST_PAPERS:,} papers", where=url)
    return Listing(tuple(found.values()), tuple(refused))


def _entries(terms: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for committees in terms.values():
        for committee in rows(committees):
            body = line(committee.get("Navn"))
            for entry in rows(committee.get("Moeder")):
                yield body, entry


def _reference(body: str, entry: dict[str, Any]) -> Reference | None:
    source_id = line(entry.get("Id")).lower()
    when = moment(entry.get("Dato")) or moment(entry.get("MeetingBeginUtc"))
    if not _ID.fullmatch(source_id) or when is None or not body:
        return None
    name = line(entry.get("Navn")).casefold()
    return Reference(
        source_id=source_id,
        body=body,
        day=when[0],
        begins=when[1],
        kind=_kind(name, entry.get("IsSupplementaryAgenda") is True),
        released=line(entry.get("ReleasedDate")),
        closed="lukke" in name,
    )


def _kind(name: str, supplementary: bool) -> AgendaKind:
    """Some hosts flag a supplement, others only name it so."""
    if supplementary or "tillæg" in name:
        return AgendaKind.SUPPLEMENT
    return AgendaKind.MINUTES if "referat" in name or "protokol" in name else AgendaKind.AGENDA


def _paper(data: bytes, reference: Reference, url: str) -> Paper:
    raw = json_object(data, url)
    said = line(raw.get("Id")).lower()
    if said and said != reference.source_id and said.strip("0-"):
        raise AnotherPaper(url, said)
    if "Dagsordenpunkter" in raw and not raw["Dagsordenpunkter"]:
        agenda = Agenda(items=(), source=url)  # announced, and nothing published of it yet
    else:
        agenda = parse_agenda(data, url)
    return Paper(replace(agenda, kind=reference.kind), tuple(_sound_files(raw.get("Lydfiler"), url)))


def _sound_files(value: Any, url: str) -> Iterator[str]:
    """The meeting's recordings. In all samples seen there are none, so addresses are taken where they are found."""
    for entry in value if isinstance(value, list) else ():
        candidates: list[Any] = [entry]
        if isinstance(entry, dict):
            told = {str(key).casefold(): one for key, one in entry.items()}
            candidates = [told.get(key.casefold()) for key in _SOUND_KEYS]
        found = next((address for one in candidates if (address := web_address(one, url))), "")
        if found:
            yield found
