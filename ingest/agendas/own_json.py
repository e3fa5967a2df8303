"""Our own JSON: `{"title","date","body","municipality","items":[{"number","title","case","open","id"}]}` (design)."""

from __future__ import annotations

from typing import Any

from catalogue import Agenda, AgendaItem, Attachment, InputError
from ingest.agendas.document import AgendaDocument
from ingest.agendas.reading import address, day, line, listed, rows


class OwnJson:
    name = "Talerstolen"

    def recognises(self, document: AgendaDocument) -> bool:
        return isinstance(document.json, dict) and "items" in document.json

    def read(self, document: AgendaDocument) -> Agenda:
        return _agenda(document.json, document.source)


def _agenda(raw: dict[str, Any], source: str) -> Agenda:
    found = rows(raw.get("items"), "items", source)
    items = []
    for place, row in enumerate(found, start=1):
        title = line(row.get("title")) if isinstance(row, dict) else ""
        if not title:
            raise InputError(f"item {place} of the agenda has no title", where=source)
        # Our own format: absent means open. Anything but a plain true is in doubt, so closed.
        opened = row.get("open", True) is True
        number = line(row.get("number"))[:40] or str(place)
        items.append(
            AgendaItem(
                number=number,
                title=title,
                case=line(row.get("case")),
                open=opened,
                source_id=line(row.get("id")),
                outcome=line(row.get("outcome")),
                attachments=_attachments(row.get("attachments")),
                url=address(row.get("url")),
                audio=tuple(filter(None, map(address, listed(row.get("audio"))))),
                begins=_seconds(row.get("begins")),
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


def _attachments(value: Any) -> tuple[Attachment, ...]:
    found = (row for row in listed(value) if isinstance(row, dict))
    named = (Attachment(line(row.get("name")), address(row.get("url"))) for row in found)
    return tuple(attachment for attachment in named if attachment.name)


def _seconds(value: Any) -> float | None:
    """A second of the meeting's clock; None where it is no number, or outside a day."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 86_400:
        return None
    return float(value)
