"""What a search found, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from search import Hit, SearchResult
from transcribe import clock


def hit_lines(result: SearchResult) -> Iterator[Text]:
    """The hits in their order, and behind a short list what has almost all the words."""
    if result.relaxed:
        dropped = ", ".join(result.dropped)
        yield Text(
            f"Nothing has all the words; {f'without {dropped}' if dropped else 'these have the most of them'}:"
        )
    for hit in result.hits:
        yield from _hit(hit)
    if result.also:
        yield Text("These have almost all the words:")
    for hit in result.also:
        yield from _hit(hit)
    yield Text(f"{result.total} {'hit' if result.total == 1 else 'hits'}, page {result.page}.")


def _hit(hit: Hit) -> Iterator[Text]:
    p = hit.passage
    item = f", item {p.item}" if p.item else ""
    speaker = f" {p.speaker}" if p.speaker else ""
    yield Text(f"{p.meeting}{item} at {clock(hit.start, '.')[:-4]}{speaker}", style="bold")
    said = Text(p.text)
    for start, end in hit.highlights:
        said.stylize("bold yellow", start, end)
    yield said
    if hit.missing:
        yield Text(f"(without {', '.join(hit.missing)})")
    yield Text()
