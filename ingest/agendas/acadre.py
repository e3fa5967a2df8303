"""The XML export of AgendaManagement, Acadre's agendas (danish.md, section 1b): `Item[@ID @Nummer]`.

Open is what `IsPublic` says is; an enclosure is kept where `IsProtected` says that it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from catalogue import Agenda, AgendaItem, AgendaKind, Attachment
from ingest.agendas.document import AgendaDocument
from ingest.agendas.reading import address, day, line, plain, rows, says_no, says_yes
from ingest.agendas.xml_text import children, load_xml, markup_of, root_name, text_of

_DECIDED = re.compile(r"^(beslutning|afgørelse|udfald)", re.IGNORECASE)


class Acadre:
    name = "AgendaManagement"

    def recognises(self, document: AgendaDocument) -> bool:
        return bool(root_name(document.text)) and "<IsPublic" in document.text and "<Caption" in document.text

    def read(self, document: AgendaDocument) -> Agenda:
        root = load_xml(document.text, document.source)
        found = rows(
            [item for item in root.iter("Item") if item.find("Caption") is not None], "Items", document.source
        )
        kind = f"{root.get('Type', '')} {text_of(root, 'Type')} {text_of(root, 'DocumentType')}".casefold()
        return Agenda(
            items=tuple(_item(row, place) for place, row in enumerate(found, start=1)),
            title=plain(text_of(root, "Title")),
            date=_date(root),
            body=plain(text_of(root, "Committee") or text_of(root, "CommitteeName")),
            source=document.source,
            kind=AgendaKind.MINUTES if "referat" in kind else AgendaKind.AGENDA,
        )


def _date(root: Element) -> date | None:
    told = (text_of(root, name) for name in ("Date", "MeetingDate", "StartDate"))
    return next((found for value in told if (found := day(value))), None)


def _item(row: Element, place: int) -> AgendaItem:
    return AgendaItem(
        number=(line(row.get("Nummer")) or line(row.get("Number"))).removesuffix(".")[:40] or str(place),
        title=plain(text_of(row, "Caption")) or "Uden titel",
        case=plain(text_of(row, "CaseNumber") or text_of(row, "Sagsnummer")),
        open=says_yes(text_of(row, "IsPublic")),
        source_id=line(row.get("ID")),
        outcome=next(_outcomes(row), ""),
        attachments=tuple(_attachments(row)),
    )


def _outcomes(row: Element) -> Iterator[str]:
    for field in children(row.find("Fields"), "ItemField"):
        if _DECIDED.match(plain(text_of(field, "Caption"))):
            yield plain(markup_of(field.find("Content")))


def _attachments(row: Element) -> Iterator[Attachment]:
    for annex in children(row.find("Enclosures"), "Enclosure"):
        name = plain(text_of(annex, "Name"))
        # Without the mark it is not known to be unprotected: in doubt, left out.
        if name and says_no(text_of(annex, "IsProtected")):
            yield Attachment(name, address(text_of(annex, "Url")))
