"""The XML export of eDoc (danish.md, section 1b): `Meeting/MeetingAgendaTypes/…/MeetingAgendaItem`.

Nothing is published that is not marked `SKAL PUBLICERES`: of such an item only its number is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from catalogue import Agenda, AgendaItem, AgendaKind, Attachment
from ingest.agendas.document import AgendaDocument
from ingest.agendas.reading import address, day, line, plain, rows
from ingest.agendas.xml_text import children, load_xml, root_name, text_of

TO_PUBLISH = "skal publiceres"
CLOSED = "Lukket punkt"


class Edoc:
    name = "eDoc"

    def recognises(self, document: AgendaDocument) -> bool:
        return root_name(document.text) == "Meeting" and "MeetingAgendaItem" in document.text

    def read(self, document: AgendaDocument) -> Agenda:
        root = load_xml(document.text, document.source)
        kinds = " ".join(text_of(kind, "AgendaType") for kind in _types(root))
        found = rows(list(_rows(root)), "MeetingAgendaItems", document.source)
        minutes = "referat" in kinds.casefold() or "protokol" in kinds.casefold()
        return Agenda(
            items=tuple(_item(row, place) for place, row in enumerate(found, start=1)),
            date=day(text_of(root, "MeetingDate")),
            body=plain(text_of(root, "Committee")),
            source=document.source,
            kind=AgendaKind.MINUTES if minutes else AgendaKind.AGENDA,
        )


def _types(root: Element) -> Iterator[Element]:
    return children(root.find("MeetingAgendaTypes"), "MeetingAgendaType")


def _rows(root: Element) -> Iterator[Element]:
    for kind in _types(root):
        yield from children(kind.find("MeetingAgendaItems"), "MeetingAgendaItem")


def _item(row: Element, place: int) -> AgendaItem:
    number = plain(text_of(row, "AgendaItemNumber")).removesuffix(".")[:40] or str(place)
    paper = row.find("Document")
    if paper is None or not _may_be_published(paper):
        return AgendaItem(number=number, title=CLOSED, open=False)
    return AgendaItem(
        number=number,
        title=plain(text_of(paper, "Title")) or "Uden titel",
        case=plain(text_of(row, "CaseNumber") or text_of(paper, "CaseNumber")),
        open=True,
        source_id=line(text_of(paper, "DocumentIdentifier") or text_of(row, "AgendaItemID")),
        attachments=tuple(_attachments(row)),
    )


def _attachments(row: Element) -> Iterator[Attachment]:
    for annex in row.findall(".//Attachment"):
        name = plain(text_of(annex, "Title") or text_of(annex, "Name"))
        if name and _may_be_published(annex):
            yield Attachment(name, address(text_of(annex, "Url")))


def _may_be_published(element: Element) -> bool:
    return plain(text_of(element, "PublishingType")).casefold() == TO_PUBLISH
