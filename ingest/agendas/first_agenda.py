"""The JSON of FirstAgenda Publication (danish.md, section 1b)."""

from __future__ import annotations

import re
from typing import Any

from catalogue import Agenda, AgendaItem
from ingest.agendas.document import AgendaDocument
from ingest.agendas.reading import day, line, plain, rows

_MARKS = ("Dagsordenpunkter", "Moede")


class FirstAgenda:
    name = "FirstAgenda Publication"

    def recognises(self, document: AgendaDocument) -> bool:
        return isinstance(document.json, dict) and any(mark in document.json for mark in _MARKS)

    def read(self, document: AgendaDocument) -> Agenda:
        return _agenda(document.json, document.source)


def _agenda(raw: dict[str, Any], source: str) -> Agenda:
    """`/api/agenda/dagsorden/{guid}`. An item without its `IsOpen` mark is in doubt, so closed."""
    listed = [
        row for row in rows(raw.get("Dagsordenpunkter"), "Dagsordenpunkter", source) if isinstance(row, dict)
    ]
    listed.sort(key=_sorting)
    meeting = raw.get("Moede")
    meeting = meeting if isinstance(meeting, dict) else {}
    return Agenda(
        items=tuple(_item(row, place) for place, row in enumerate(listed, start=1)),
        title=plain(meeting.get("Navn")),
        date=day(meeting.get("Dato")) or day(meeting.get("MeetingBeginUtc")),
        body=_body(raw.get("Udvalg")),
        source=source,
    )


def _sorting(row: dict[str, Any]) -> float:
    value = row.get("Sorting")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 1e9


def _item(row: dict[str, Any], place: int) -> AgendaItem:
    number = (plain(row.get("Punktnummer")) or plain(row.get("Number"))).removesuffix(".")[:40] or str(place)
    title = plain(row.get("Navn")) or plain(row.get("Caption")) or "Uden titel"
    return AgendaItem(
        number=number,
        title=re.sub(rf"^{re.escape(number)}[.:]\s+", "", title) or title,
        case=plain(row.get("SagsNummer")),
        open=row.get("IsOpen") is True,
        source_id=line(row.get("Id")),
        outcome=plain(row.get("ItemDecision")),
    )


def _body(value: Any) -> str:
    return plain(value.get("Navn")) if isinstance(value, dict) else plain(value)
