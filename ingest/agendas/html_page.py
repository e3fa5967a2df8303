"""An agenda published as a page: FirstAgenda's own, a content system's, or what Word saves as HTML."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from catalogue import Agenda, Attachment, InputError
from ingest.agendas.document import AgendaDocument
from ingest.agendas.headings import lone_number
from ingest.agendas.lines import LONGEST_LINE, Rank, TextLine, clean
from ingest.agendas.outline import MOST_LINES, outline
from ingest.agendas.reading import MOST_LINKS, address

_BEGINS = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|table|h[1-6]|p|ol|ul|article|section|main)\b",
    re.IGNORECASE | re.DOTALL,
)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure form h1 h2 "
    "h3 h4 h5 h6 header hr legend li main ol p pre section summary table tbody td tfoot th thead title tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD = frozenset(("b", "strong", "th"))
_SILENT = frozenset(
    ("script", "style", "template", "noscript", "nav", "footer", "select", "svg", "math", "object", "iframe")
)
_MENUS = frozenset(
    ("badge", "breadcrumb", "dropdown-menu", "menu", "menubar", "navigation", "pdf-label")
)  # class or role
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_HEAVY = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_WORD_HEADING = re.compile(r"\b(?:MsoHeading|Overskrift|Heading)\d?\b", re.IGNORECASE)
_DEEPEST = 2_000  # elements within each other; Word's tables have some forty


class HtmlPage:
    name = "an HTML page"

    def recognises(self, document: AgendaDocument) -> bool:
        return _BEGINS.match(document.text[:4096]) is not None

    def read(self, document: AgendaDocument) -> Agenda:
        return outline(page_lines(document.text, document.source), document.source)


def page_lines(text: str, source: str) -> list[TextLine]:
    """A page's lines of text, one for each paragraph, cell or heading. Raises `InputError` for what no page can be."""
    target = _Lines(source)
    # Fed as events, so that no tree is built and nesting costs nothing; nothing is fetched, no entity is expanded.
    parser = etree.HTMLParser(target=target, recover=True, no_network=True, encoding="utf-8")
    try:
        parser.feed(text.replace("\x00", "").encode("utf-8", "replace"))
        lines: list[TextLine] = parser.close()
    except etree.LxmlError as error:
        raise InputError(
            f"the page cannot be read ({error})", where=source, remedy="Save it again."
        ) from error
    return lines


class _Element:
    """An element that is open: what it makes of the text in it."""

    silent: bool
    bold: bool
    title: bool
    style: str
    anchor: str
    link: _Element | None

    def __init__(self, tag: str, attributes: dict[str, str], within: _Element | None) -> None:
        names = attributes.get("class", "")
        self.tag = tag
        menu = not _MENUS.isdisjoint([*names.split(), attributes.get("role", "")])
        self.silent = (
            menu or tag in _SILENT or "hidden" in attributes or (within is not None and within.silent)
        )
        self.bold = (
            tag in _BOLD
            or bool(_HEAVY.search(attributes.get("style", "")))
            or (within is not None and within.bold)
        )
        self.title = (
            tag in _HEADINGS or bool(_WORD_HEADING.search(names)) or (within is not None and within.title)
        )
        style = f"{tag}.{names.split()[0]}" if names.split() else tag
        self.style = style if tag in _BLOCKS or within is None else within.style
        found = _GUID.search(attributes.get("id", ""))
        self.anchor = found[0] if found else within.anchor if within is not None else ""
        self.href = attributes.get("href", "").strip() if tag == "a" else ""
        self.link = self if self.href else within.link if within is not None else None
        counts = tag == "ol" and attributes.get("type", "1") == "1"
        start = attributes.get("start", "1")
        self.counter = (int(start) - 1 if start.isdecimal() and len(start) < 5 else 0) if counts else None


class _Lines:
    """Collects a page's lines from the parser's events."""

    def __init__(self, source: str) -> None:
        self._base = source if source.startswith(("http://", "https://")) else ""
        self._open: list[_Element] = []
        self._lines: list[TextLine] = []
        self._said: list[tuple[str, _Element]] = []
        self._block = True
        self._number = ""
        self._cell = 0
        self._source = source

    def start(self, tag: Any, attributes: Any) -> None:
        tag = str(tag).rpartition(":")[2].lower()
        if tag in _BLOCKS:
            self._flush()
        if tag == "br":
            self._flush(block=False)
        if tag in _VOID:
            return
        if len(self._open) >= _DEEPEST:
            raise InputError(
                "the page is nested too deeply", where=self._source, remedy="Check that it is the right file."
            )
        element = _Element(
            tag, {str(k): str(v) for k, v in dict(attributes).items()}, self._open[-1] if self._open else None
        )
        self._open.append(element)
        if tag == "tr":
            self._cell, self._number = 0, ""
        elif tag in ("td", "th"):
            self._cell += 1
        elif tag == "li" and not element.silent:
            self._count(str(dict(attributes).get("value", "")))

    def end(self, tag: Any) -> None:
        tag = str(tag).rpartition(":")[2].lower()
        if tag in _BLOCKS:
            self._flush()
        at = next(
            (
                n
                for n in range(len(self._open) - 1, max(-1, len(self._open) - 50), -1)
                if self._open[n].tag == tag
            ),
            None,
        )
        if at is not None:
            del self._open[at:]
        if tag in ("tr", "li"):
            self._number = ""

    def data(self, text: Any) -> None:
        if self._open and not self._open[-1].silent:
            self._said.append((str(text), self._open[-1]))

    def comment(self, _: Any) -> None:
        """Comments are no text."""

    def pi(self, *_: Any) -> None:
        """Nor are instructions, such as Word's conditions."""

    def doctype(self, *_: Any) -> None:
        """Nor is the type."""

    def close(self) -> list[TextLine]:
        self._flush()
        return self._lines

    def _count(self, value: str) -> None:
        """An item of a numbered list: the list's own number for it."""
        lists = next((e for e in reversed(self._open[-3:-1]) if e.tag in ("ol", "ul")), None)
        if lists is not None and lists.counter is not None:
            lists.counter = int(value) if value.isdecimal() and len(value) < 5 else lists.counter + 1
            self._number = str(lists.counter)

    def _links(self) -> tuple[Attachment, ...]:
        """What the line links to: only whole addresses, with the words that are the link."""
        words: dict[_Element, list[str]] = {}
        for text, of in self._said:
            if of.link is not None and not of.link.href.startswith("#"):
                words.setdefault(of.link, []).append(text)
        found = (
            (clean("".join(texts)[: 2 * LONGEST_LINE]), self._address(link.href))
            for link, texts in words.items()
        )
        return tuple(Attachment(name, url) for name, url in islice(found, MOST_LINKS) if name and url)

    def _address(self, href: str) -> str:
        try:
            return address(urljoin(self._base, href))
        except ValueError:  # "http://[" is no address
            return ""

    def _flush(self, block: bool = True) -> None:
        """The line that ends here. `block` says that the next is a paragraph of its own."""
        text = clean("".join(text for text, _ in self._said)[: 2 * LONGEST_LINE])
        if text:
            self._add(text)
            self._block = block
        self._block = self._block or block
        self._said = []

    def _add(self, text: str) -> None:
        spoken = [of for part, of in self._said if part.strip()]
        of = next((e for e in spoken if e.title), spoken[0])
        in_cell = any(e.tag in ("td", "th") for e in self._open[-6:])
        if in_cell and self._cell == 1 and not self._number and lone_number(text):
            self._number = lone_number(text)
            return
        bold = all(e.bold or e.title for e in spoken)
        if len(self._lines) >= MOST_LINES:
            raise InputError(f"the page has more than {MOST_LINES:,} lines", where=self._source)
        self._lines.append(
            TextLine(
                text=text,
                style=of.style + ("/b" if bold and not of.title else ""),
                rank=Rank.HEADING if of.title else Rank.BOLD if bold else Rank.BODY,
                number=self._number,
                block=self._block,
                links=self._links(),
                anchor=of.anchor,
            )
        )
        self._number = ""
