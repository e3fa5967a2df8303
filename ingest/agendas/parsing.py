"""An agenda from a document in whatever format it is; the format is known by its content, not by its name."""

from __future__ import annotations

from dataclasses import replace

from catalogue import Agenda, InputError, Settings, closed_by_title
from ingest.agendas.acadre import Acadre
from ingest.agendas.document import AgendaDocument, AgendaFormat
from ingest.agendas.edoc import Edoc
from ingest.agendas.first_agenda import FirstAgenda
from ingest.agendas.html_page import HtmlPage
from ingest.agendas.koebenhavn import Koebenhavn
from ingest.agendas.own_json import OwnJson
from ingest.agendas.pdf import Pdf
from ingest.agendas.sbsys import Sbsys
from ingest.documents import read_document
from ingest.http import Web

# The first that recognises a document reads it.
FORMATS: tuple[AgendaFormat, ...] = (
    Pdf(), FirstAgenda(), Koebenhavn(), OwnJson(), Sbsys(), Edoc(), Acadre(), HtmlPage(),
)  # fmt: skip


def read_agenda(source: str, web: Web, settings: Settings) -> Agenda:
    """The agenda in a file or at an address. Raises `InputError` for what cannot be used."""
    data, _ = read_document(source, web, settings)
    return parse_agenda(data, source)


def parse_agenda(data: bytes, source: str) -> Agenda:
    """An agenda from its bytes; what a title says is closed is marked closed, also where the source has no marks.

    Raises `InputError` for what is no agenda, is broken, or has no items.
    """
    document = AgendaDocument(data, source)
    found = next((format for format in FORMATS if format.recognises(document)), None)
    if found is None:
        raise InputError(
            "this is no agenda in a format that can be read",
            where=source,
            remedy=f"Give one of: {', '.join(format.name for format in FORMATS)}.",
        )
    agenda = found.read(document)
    if not agenda.items:
        raise InputError(
            "the agenda has no items", where=source, remedy="Leave out --agenda if there is none."
        )
    items = tuple(replace(item, open=item.open and not closed_by_title(item.title)) for item in agenda.items)
    return replace(agenda, items=items)
