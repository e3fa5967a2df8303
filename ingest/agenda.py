"""Agendas: our own JSON, and the JSON of FirstAgenda Publication (danish.md, section 1b)."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser
from typing import Any

from catalogue import Agenda, AgendaItem, InputError, Settings
from ingest.documents import decode_text, read_document
from ingest.http import Web

MOST_ITEMS = 2_000
LONGEST_TITLE = 2_000  # characters
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december")  # fmt: skip
_DANISH_DAY = re.compile(rf"(\d{{1,2}})\.?\s+({'|'.join(_MONTHS)})\s+(\d{{4}})", re.IGNORECASE)
_FIRST_AGENDA = ("Dagsordenpunkter", "Moede")


def read_agenda(source: str, web: Web, settings: Settings) -> Agenda:
    """The agenda in a file or at an address. Raises `InputError` for what cannot be used."""
    data, _ = read_document(source, web, settings)
    return parse_agenda(data, source)


def parse_agenda(data: bytes, source: str) -> Agenda:
    """An agenda from its bytes; the format is known by its content."""
    try:
        raw = json.loads(decode_text(data))
    except json.JSONDecodeError as error:
        raise InputError(
            f"the agenda is not JSON (line {error.lineno}: {error.msg})",
            where=source,
            remedy="Give our agenda JSON or FirstAgenda Publication's.",
        ) from error
    except ValueError as error:  # a number with thousands of digits
        raise InputError("the agenda holds a number that cannot be read", where=source) from error
    except RecursionError as error:
        raise InputError("the agenda is nested too deeply", where=source) from error
    if not isinstance(raw, dict):
        raise InputError("the agenda is not a JSON object", where=source)
    agenda = _first_agenda(raw, source) if any(key in raw for key in _FIRST_AGENDA) else _ours(raw, source)
    if not agenda.items:
        raise InputError(
            "the agenda has no items", where=source, remedy="Leave out --agenda if there is none."
        )
    return agenda


# Our own JSON ---------------------------------------------------------------------------------------


def _ours(raw: dict[str, Any], source: str) -> Agenda:
    rows = _rows(raw.get("items"), "items", source)
    items = []
    for place, row in enumerate(rows, start=1):
        title = _line(row.get("title")) if isinstance(row, dict) else ""
        if not title:
            raise InputError(f"item {place} of the agenda has no title", where=source)
        # Our own format: absent means open. Anything but a plain true is in doubt, so closed.
        opened = row.get("open", True) is True
        number = _line(row.get("number"))[:40] or str(place)
        items.append(
            AgendaItem(
                number, title, _line(row.get("case")), opened, _line(row.get("id")), _line(row.get("outcome"))
            )
        )
    return Agenda(
        items=tuple(items),
        title=_line(raw.get("title")),
        date=_day(raw.get("date")),
        body=_line(raw.get("body")),
        municipality=_line(raw.get("municipality")),
        source=source,
    )


# FirstAgenda Publication ----------------------------------------------------------------------------


def _first_agenda(raw: dict[str, Any], source: str) -> Agenda:
    """`/api/agenda/dagsorden/{guid}`. An item without its `IsOpen` mark is in doubt, so closed."""
    rows = [
        row for row in _rows(raw.get("Dagsordenpunkter"), "Dagsordenpunkter", source) if isinstance(row, dict)
    ]
    rows.sort(key=_sorting)
    meeting = raw.get("Moede")
    meeting = meeting if isinstance(meeting, dict) else {}
    return Agenda(
        items=tuple(_first_agenda_item(row, place) for place, row in enumerate(rows, start=1)),
        title=_plain(meeting.get("Navn")),
        date=_day(meeting.get("Dato")) or _day(meeting.get("MeetingBeginUtc")),
        body=_body(raw.get("Udvalg")),
        source=source,
    )


def _sorting(row: dict[str, Any]) -> float:
    value = row.get("Sorting")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 1e9


def _first_agenda_item(row: dict[str, Any], place: int) -> AgendaItem:
    number = (_plain(row.get("Punktnummer")) or _plain(row.get("Number"))).removesuffix(".")[:40] or str(
        place
    )
    title = _plain(row.get("Navn")) or _plain(row.get("Caption")) or "Uden titel"
    return AgendaItem(
        number=number,
        title=re.sub(rf"^{re.escape(number)}[.:]\s+", "", title) or title,
        case=_plain(row.get("SagsNummer")),
        open=row.get("IsOpen") is True,
        source_id=_line(row.get("Id")),
        outcome=_plain(row.get("ItemDecision")),
    )


def _body(value: Any) -> str:
    return _plain(value.get("Navn")) if isinstance(value, dict) else _plain(value)


# Reading values -------------------------------------------------------------------------------------


def _rows(value: Any, name: str, source: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f'"{name}" is not a list', where=source)
    if len(value) > MOST_ITEMS:
        raise InputError(f"the agenda has more than {MOST_ITEMS:,} items", where=source)
    return value


def _line(value: Any) -> str:
    """One line of text, its letters in one form; nothing where the value is no text or number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = unicodedata.normalize("NFC", str(value)[: LONGEST_TITLE * 2])
    return " ".join(_CONTROL.sub(" ", text).split())[:LONGEST_TITLE]


def _plain(value: Any) -> str:
    """The text of a value that may be HTML."""
    text = str(value)[: 100 * LONGEST_TITLE] if isinstance(value, str) else value
    if isinstance(text, str) and ("<" in text or "&" in text):
        reader = _TextOf()
        reader.feed(text)
        reader.close()
        text = html.unescape("".join(reader.said))
    return _line(text)


class _TextOf(HTMLParser):
    """The text between tags; what scripts and styles hold is no text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style") and self._silent > 0
        self._part(tag)

    def _part(self, tag: str) -> None:
        """Lines and paragraphs part words; `<b>` within a word does not."""
        if tag in ("br", "div", "h1", "h2", "h3", "h4", "li", "ol", "p", "td", "tr", "ul"):
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def _day(value: Any) -> date | None:
    """A day from "2025-10-08T16:00:00" or "onsdag den 8. oktober 2025 kl. 16.00"; None where there is none."""
    text = value if isinstance(value, str) else ""
    iso, danish = _ISO_DAY.search(text), _DANISH_DAY.search(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if danish:
            return date(int(danish[3]), _MONTHS.index(danish[2].lower()) + 1, int(danish[1]))
    except ValueError:
        return None
    return None
