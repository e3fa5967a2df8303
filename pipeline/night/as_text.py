"""The report as plain text, for a terminal, a mail reader or a printer."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from pipeline.night.page import Entry, Page, Section

WIDTH = 78  # characters


def as_text(page: Page) -> str:
    """The page in lines of at most `WIDTH`, except where a command or an address is longer."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield page.title.upper()
    yield ""
    yield page.headline
    yield from _wrapped(page.lead, "")
    for section in page.sections:
        yield ""
        yield section.title
        yield "-" * len(section.title)
        yield from _section(section)
    yield ""
    yield from _wrapped(page.foot, "")


def _section(section: Section) -> Iterator[str]:
    for n, entry in enumerate(section.entries, start=1):
        if section.counted and n > 1:
            yield ""
        yield from _entry(entry, f"{n}. " if section.counted else "- ")


def _entry(entry: Entry, mark: str) -> Iterator[str]:
    space = " " * len(mark)
    short = entry.said[0] if len(entry.said) == 1 and not (entry.then or entry.message) else ""
    if short:
        yield from _wrapped(f"{entry.what}: {short}", mark, space)
        return
    yield from _wrapped(entry.what, mark, space)
    for line in entry.said:
        yield from _wrapped(line, space)
    for line in entry.message.splitlines():
        yield from _wrapped(f"[{line}]", space)
    for command in entry.then:
        yield f"{space}> {command}"


def _wrapped(text: str, first: str, rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
