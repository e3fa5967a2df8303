"""København's JSON:API: one entry for each agenda item, `/jsonapi/node/agenda_element` (danish.md, section 1b).

The source marks no openness: closed items are not in it, or say so in their titles (the published view withholds
those). Entries of several meetings in one document are no agenda of one.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote, urljoin

from catalogue import Agenda, AgendaItem, AgendaKind, InputError
from ingest.agendas.document import AgendaDocument
from ingest.agendas.reading import address, day, line, plain, rows

_TYPE = "node--agenda_element"


class Koebenhavn:
    name = "København"

    def recognises(self, document: AgendaDocument) -> bool:
        raw = document.json
        listed = raw.get("data") if isinstance(raw, dict) else None
        return isinstance(listed, list) and any(
            isinstance(row, dict) and _attributes(row) for row in listed[:1]
        )

    def read(self, document: AgendaDocument) -> Agenda:
        listed = rows(document.json.get("data"), "data", document.source)
        found = [row for row in listed if isinstance(row, dict) and _attributes(row)]
        papers = {_folder(row) for row in found}
        if len(papers) > 1:
            raise InputError(
                f"holds items of {len(papers)} papers",
                where=document.source,
                remedy="Give one meeting's agenda or minutes, or let `talerstol sync` read the portal.",
            )
        folder = next(iter(papers), "")
        ordered = sorted(found, key=_place)
        return Agenda(
            items=tuple(_item(row, place, document.source) for place, row in enumerate(ordered, start=1)),
            date=next((d for row in found if (d := day(_attributes(row).get("agenda_meeting_date")))), None),
            body=_body(folder),
            municipality="København",
            source=document.source,
            kind=AgendaKind.MINUTES if folder.endswith("referat") else AgendaKind.AGENDA,
        )


def _attributes(row: dict[str, Any]) -> dict[str, Any]:
    told = row.get("attributes")
    return told if isinstance(told, dict) and "agenda_element_serial_no" in told else {}


def _alias(row: dict[str, Any]) -> str:
    path = _attributes(row).get("path")
    return unquote(line(path.get("alias"))) if isinstance(path, dict) else ""


def _folder(row: dict[str, Any]) -> str:
    """`/dagsordener-og-referater/Borgerrepræsentationen/møde-02102025/referat`, of an item's page."""
    return _alias(row).rpartition("/")[0].casefold()


def _body(folder: str) -> str:
    parts = folder.strip("/").split("/")
    return parts[1].capitalize() if len(parts) > 1 else ""


def _place(row: dict[str, Any]) -> tuple[int, str]:
    number = line(_attributes(row).get("agenda_element_serial_no"))
    return (int(number), "") if number.isdecimal() and len(number) < 7 else (10**7, number)


def _item(row: dict[str, Any], place: int, source: str) -> AgendaItem:
    told = _attributes(row)
    title = plain(told.get("title"))
    alias = _alias(row)
    page = address(urljoin(source, quote(alias))) if "://" in source and alias.startswith("/") else ""
    return AgendaItem(
        number=line(told.get("agenda_element_serial_no"))[:40] or str(place),
        title=title or "Uden titel",
        open=bool(title),
        source_id=line(row.get("id")),
        url=page,
    )
