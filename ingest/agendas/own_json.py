"""Our own JSON: `{"title","date","body","municipality","items":[{"number","title","case","open","id"}]}` (design)."""

from __future__ import annotations

from typing import Any

from catalogue import Agenda, AgendaItem, InputError
from ingest.agendas.document import AgendaDocument
from ingest.agendas.reading import day, line, rows


class OwnJson:
    name = "Talerstolen"

    def recognises(self, document: AgendaDocument) -> bool:
        return isinstance(document.json, dict) and "items" in document.json

    def read(self, document: AgendaDocument) -> Agenda:
        return _agenda(document.json, document.source)


def _agenda(raw: dict[str, Any], source: str) -> Agenda:
    listed = rows(raw.get("items"), "items", source)
    items = []
    for place, row in enumerate(listed, start=1):
        title = line(row.get("title")) if isinstance(row, dict) else ""
        if not title:
            raise InputError(f"item {place} of the agenda has no title", where=source)
        # Our own format: absent means open. Anything but a plain true is in doubt, so closed.
        opened = row.get("open", True) is True
        number = line(row.get("number"))[:40] or str(place)
        items.append(
            AgendaItem(
                number, title, line(row.get("case")), opened, line(row.get("id")), line(row.get("outcome"))
            )
        )
    return Agenda(
        items=tuple(items),
        title=line(raw.get("title")),
        date=day(raw.get("date")),
        body=line(raw.get("body")),
        municipality=line(raw.get("municipality")),
        source=source,
    )
