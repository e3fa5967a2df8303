"""The JSON of FirstAgenda Publication (danish.md, section 1b)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from catalogue import Agenda, AgendaItem, AgendaKind, Attachment
from ingest.agendas.document import AgendaDocument
from ingest.agendas.reading import address, day, line, listed, plain, rows

_MARKS = ("Dagsordenpunkter", "Moede")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_ADDRESS_KEYS = ("Url", "Link", "Href", "Src", "Path", "url", "link", "href", "src")
LONGEST_FIELD = 400_000  # characters; a real agenda of 724 kB holds all its fields
# Headings of sections vary in their mark-up: h1–h6, or a bold line of its own.
_DECISION = re.compile(r"<(h[1-6]|strong|b)\b[^>]{0,200}>\s*Beslutning(er)?\b[^<]{0,120}</\1>", re.IGNORECASE)
_NEXT_HEADING = re.compile(r"<h[1-6]\b", re.IGNORECASE)


class FirstAgenda:
    name = "FirstAgenda Publication"

    def recognises(self, document: AgendaDocument) -> bool:
        return isinstance(document.json, dict) and any(mark in document.json for mark in _MARKS)

    def read(self, document: AgendaDocument) -> Agenda:
        return _agenda(document.json, document.source)


def _agenda(raw: dict[str, Any], source: str) -> Agenda:
    """`/api/agenda/dagsorden/{guid}`. An item without its `IsOpen` mark is in doubt, so closed."""
    found = [
        row for row in rows(raw.get("Dagsordenpunkter"), "Dagsordenpunkter", source) if isinstance(row, dict)
    ]
    found.sort(key=_sorting)
    meeting = raw.get("Moede")
    meeting = meeting if isinstance(meeting, dict) else {}
    kind = _kind(raw, meeting)
    site = _Site.of(source, line(meeting.get("Id")) or line(raw.get("Id")))
    return Agenda(
        items=tuple(_item(row, place, kind, site) for place, row in enumerate(found, start=1)),
        title=plain(meeting.get("Navn")),
        date=day(meeting.get("Dato")) or day(meeting.get("MeetingBeginUtc")),
        body=_body(raw.get("Udvalg")),
        source=source,
        kind=kind,
    )


def _kind(raw: dict[str, Any], meeting: dict[str, Any]) -> AgendaKind:
    named = f"{plain(raw.get('Navn'))} {plain(meeting.get('Navn'))}".casefold()
    if "referat" in named or "protokol" in named:
        return AgendaKind.MINUTES
    supplement = raw.get("TillaegsDagsorden") is True or meeting.get("IsSupplementaryAgenda") is True
    return AgendaKind.SUPPLEMENT if supplement or "tillægsdagsorden" in named else AgendaKind.AGENDA


def _sorting(row: dict[str, Any]) -> float:
    value = row.get("Sorting")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 1e9


@dataclass(frozen=True, slots=True)
class _Site:
    """Where the publication's own pages are; `host` is empty where the document came from a file."""

    host: str
    meeting: str

    @classmethod
    def of(cls, source: str, meeting: str) -> _Site:
        parts = urlsplit(source) if "://" in source else None
        host = f"{parts.scheme}://{parts.netloc}" if parts and parts.scheme in ("http", "https") else ""
        in_path = _GUID.search(parts.path) if parts else None
        return cls(host, meeting if _GUID.fullmatch(meeting) else in_path[0] if in_path else "")

    def page(self, item: str) -> str:
        """The official deep link. Never with a #fragment: the site reads that as a meeting's id."""
        known = self.host and self.meeting and _GUID.fullmatch(item)
        return address(f"{self.host}/vis?id={self.meeting}&punktid={item}") if known else ""

    def annex(self, annex: str) -> str:
        known = self.host and _GUID.fullmatch(annex)
        return address(f"{self.host}/Vis/Pdf/bilag/{annex}") if known else ""

    def sound(self, value: Any) -> str:
        """A clip: its address, or an object that holds one; none was ever seen filled in (danish.md, section 1b)."""
        if isinstance(value, dict):
            value = next((value[key] for key in _ADDRESS_KEYS if isinstance(value.get(key), str)), "")
        text = line(value) if isinstance(value, str) else ""
        return address(urljoin(self.host + "/", text) if self.host and text else text)


def _item(row: dict[str, Any], place: int, kind: AgendaKind, site: _Site) -> AgendaItem:
    number = (plain(row.get("Punktnummer")) or plain(row.get("Number"))).removesuffix(".")[:40] or str(place)
    title = plain(row.get("Navn")) or plain(row.get("Caption")) or "Uden titel"
    source_id = line(row.get("Id"))
    outcome = plain(row.get("ItemDecision"))
    if not outcome and kind is AgendaKind.MINUTES:
        outcome = _decision(row.get("Felter"))
    annexes = (row for row in listed(row.get("Bilag")) if isinstance(row, dict))
    named = (Attachment(plain(annex.get("Navn")), site.annex(line(annex.get("Id")))) for annex in annexes)
    return AgendaItem(
        number=number,
        title=re.sub(rf"^{re.escape(number)}[.:]\s+", "", title) or title,
        case=plain(row.get("SagsNummer")),
        open=row.get("IsOpen") is True,
        source_id=source_id,
        outcome=outcome,
        attachments=tuple(annex for annex in named if annex.name),
        url=site.page(source_id),
        audio=tuple(filter(None, map(site.sound, listed(row.get("Lydfiler"))))),
    )


def _decision(fields: Any) -> str:
    """What stands under "Beslutning", "Beslutninger" or "Beslutning i … den …" in the fields' HTML."""
    for field in listed(fields):
        markup = field.get("Html") if isinstance(field, dict) else None
        if not isinstance(markup, str):
            continue
        found = _DECISION.search(markup[:LONGEST_FIELD])
        if found:
            until = _NEXT_HEADING.search(markup, found.end())
            return plain(markup[found.end() : until.start() if until else LONGEST_FIELD])
        caption = plain(field.get("Navn") or field.get("Caption"))
        if caption.casefold().startswith("beslutning"):
            return plain(markup)
    return ""


def _body(value: Any) -> str:
    return plain(value.get("Navn")) if isinstance(value, dict) else plain(value)
