"""A sentence as HTML, and marks set into a text that is rendered already: of thousands of sentences only a few change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from web.reading import Line, Ranges

_SENTENCE = re.compile(r'<a id="(s-[^"]+)"')
CURRENT = Markup(' aria-current="true"')


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands in the rendered text: attributes may be set in at `attributes`; its words are from `start` to `end`."""

    attributes: int
    start: int
    end: int


def sentence_html(line: Line, marked: Ranges = ()) -> Markup:
    """The words of a sentence, escaped: `<mark>` around what was found, `<u>` around what the model is unsure of."""
    if not marked and not line.unsure:
        return escape(line.text)
    return Markup("".join(_pieces(line.text, _within(marked, line.text), line.unsure)))


def _pieces(text: str, marked: Ranges, unsure: Ranges) -> Iterator[str]:
    at = 0
    for start, end in marked:
        yield from _underlined(text, at, start, unsure)
        yield "<mark>"
        yield from _underlined(text, start, end, unsure)
        yield "</mark>"
        at = end
    yield from _underlined(text, at, len(text), unsure)


def _underlined(text: str, start: int, end: int, unsure: Ranges) -> Iterator[str]:
    """A stretch of the text, with the parts of it that are unsure."""
    at = start
    for first, last in unsure:
        first, last = max(first, at), min(last, end)
        if first < last:
            yield f"{_escaped(text[at:first])}<u>{_escaped(text[first:last])}</u>"
            at = last
    yield _escaped(text[at:end])


def _escaped(text: str) -> str:
    return str(escape(text))


def _within(marked: Ranges, text: str) -> Ranges:
    """The ranges in order, inside the text and apart from each other."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(marked):
        start, end = max(start, kept[-1][1] if kept else 0), min(end, len(text))
        if start < end:
            kept.append((start, end))
    return tuple(kept)


def sentence_places(html: str) -> dict[str, Place]:
    """Where each sentence stands in a rendered text, by its anchor."""
    places = {}
    for found in _SENTENCE.finditer(html):
        start = html.index(">", found.end()) + 1
        places[found[1]] = Place(found.end(), start, html.index("</a>", start))
    return places


def with_marks(
    html: Markup, places: Mapping[str, Place], current: str | None, found: Mapping[str, Markup]
) -> Markup:
    """The text with the current sentence marked and the sentences in `found` as they are there (anchor: their words)."""
    changes: list[tuple[int, int, str]] = [
        (place.start, place.end, str(words))
        for anchor, words in found.items()
        if (place := places.get(anchor))
    ]
    if current is not None and (here := places.get(current)):
        changes.append((here.attributes, here.attributes, CURRENT))
    return Markup("".join(_spliced(str(html), sorted(changes)))) if changes else html


def _spliced(text: str, changes: Iterable[tuple[int, int, str]]) -> Iterator[str]:
    at = 0
    for start, end, new in changes:
        yield text[at:start]
        yield new
        at = end
    yield text[at:]
