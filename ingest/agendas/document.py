"""What a format of agendas is asked: whether a document is of it, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from catalogue import Agenda
from ingest.agendas.json_text import load_json
from ingest.documents import decode_text


@dataclass(frozen=True)
class AgendaDocument:
    """A document's bytes and where it came from: an address or a file's path."""

    data: bytes
    source: str

    @cached_property
    def text(self) -> str:
        return decode_text(self.data)

    @cached_property
    def json(self) -> Any:
        """The document as JSON, None where it does not begin like one. Raises `InputError` for broken JSON."""
        return load_json(self.text, self.source)


class AgendaFormat(Protocol):
    """One way in which agendas are published; a module of this folder each. Both raise nothing but `InputError`."""

    name: str

    def recognises(self, document: AgendaDocument) -> bool: ...
    def read(self, document: AgendaDocument) -> Agenda: ...
