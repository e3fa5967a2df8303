"""The XML export of SBSYS (danish.md, section 1b): `Dagsorden/Møde`, `Dagsordenpunkter/Dagsordenpunkt`.

Open is what `@Åbent` says is; an annex is kept where `@MaaPubliceres` allows it.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from catalogue import Agenda, AgendaItem, AgendaKind, Attachment
from ingest.agendas.document import AgendaDocument
from ingest.agendas.reading import address, day, line, plain, rows, says_yes
from ingest.agendas.xml_text import children, load_xml, markup_of, root_name, text_of


class Sbsys:
    name = "SBSYS"

    def recognises(self, document: AgendaDocument) -> bool:
        return root_name(document.text) == "Dagsorden"

    def read(self, document: AgendaDocument) -> Agenda:
        root = load_xml(document.text, document.source)
        meeting = root.find("Møde")
        facts = meeting.attrib if meeting is not None else {}
        minutes = "referat" in root.get("Dagsordentype", "").casefold()
        listed = root.find("Dagsordenpunkter")
        found = rows(list(children(listed, "Dagsordenpunkt")), "Dagsordenpunkter", document.source)
        return Agenda(
            items=tuple(_item(row, place, minutes) for place, row in enumerate(found, start=1)),
            date=day(facts.get("Mødedato")) or day(facts.get("Mødetid")),
            body=line(facts.get("Udvalg")),
            source=document.source,
            kind=AgendaKind.MINUTES if minutes else AgendaKind.AGENDA,
        )


def _item(row: Element, place: int, minutes: bool) -> AgendaItem:
    opened = says_yes(row.get("Åbent"))
    return AgendaItem(
        number=line(row.get("Nummer")).removesuffix(".")[:40] or str(place),
        title=plain(text_of(row, "Overskrift")) or "Uden titel",
        case=line(row.get("Sagsnummer")) or plain(text_of(row, "Sagsnummer")),
        open=opened,
        source_id=line(row.get("DagsordenpunktID")),
        outcome=plain(markup_of(row.find("Beslutning"))) if minutes and opened else "",
        attachments=tuple(_attachments(row)) if opened else (),
    )


def _attachments(row: Element) -> list[Attachment]:
    found = (
        annex for annex in children(row.find("Bilagsliste"), "Bilag") if says_yes(annex.get("MaaPubliceres"))
    )
    named = (Attachment(line(annex.get("Navn")), address(annex.get("BilagUrl"))) for annex in found)
    return [attachment for attachment in named if attachment.name]
