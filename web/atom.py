"""Atom (RFC 4287, with the links between pages of RFC 5005): a feed as records, and as bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree import ElementTree

from web.moments import moment_json

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `id` never changes, whatever becomes of the rest; `summary` and `content` are plain text."""

    id: str
    title: str
    updated: datetime
    address: str
    author: str
    summary: str = ""
    published: datetime | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed. `itself` is its own address, `page` what people read instead."""

    id: str
    title: str
    itself: str
    page: str
    author: str
    entries: tuple[Entry, ...]
    subtitle: str = ""
    next: str | None = None  # address of the page with older entries
    previous: str | None = None
    first: str | None = None

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=datetime(1970, 1, 1, tzinfo=UTC))


def write_atom(feed: Feed) -> bytes:
    """The feed as a document in UTF-8. Characters that XML cannot hold become spaces."""
    root = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "da"})
    text(root, "id", feed.id)
    text(root, "title", feed.title)
    if feed.subtitle:
        text(root, "subtitle", feed.subtitle)
    text(root, "updated", moment_json(feed.updated))
    text(ElementTree.SubElement(root, "author"), "name", feed.author)
    _link(root, "self", feed.itself, MEDIA_TYPE)
    _link(root, "alternate", feed.page, "text/html")
    for rel, href in (("first", feed.first), ("next", feed.next), ("previous", feed.previous)):
        if href:
            _link(root, rel, href, MEDIA_TYPE)
    for entry in feed.entries:
        _entry(root, entry)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def text(parent: ElementTree.Element, name: str, said: str, **attributes: str) -> None:
    """A child element with some text."""
    ElementTree.SubElement(parent, name, attributes).text = xml_text(said)


def xml_text(said: str) -> str:
    """What XML can hold of a text."""
    return _NOT_XML.sub(" ", said)


def midnight(day: date) -> datetime:
    """The beginning of a day, for what has no time of day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _entry(root: ElementTree.Element, entry: Entry) -> None:
    element = ElementTree.SubElement(root, "entry")
    text(element, "id", entry.id)
    text(element, "title", entry.title)
    text(element, "updated", moment_json(entry.updated))
    if entry.published:
        text(element, "published", moment_json(entry.published))
    text(ElementTree.SubElement(element, "author"), "name", entry.author)
    _link(element, "alternate", entry.address, "text/html")
    if entry.summary:
        text(element, "summary", entry.summary)
    if entry.content:
        text(element, "content", entry.content)


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, "link", {"rel": rel, "type": kind, "href": xml_text(href)})
