"""Messages of the command line, fit for a report that is mailed: nothing withheld, and no keys in addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from catalogue import CLOSED_TITLE, Catalogue, Meeting, closed_items
from pipeline.runs.faults import FAULT, fault

LONGEST = 600  # characters of a message; the log and `talerstol status` have the whole
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s<>\"'`]+", re.IGNORECASE)
_KIND = re.compile(r"\w+")


def closed_titles(catalogue: Catalogue, meetings: Iterable[Meeting]) -> frozenset[str]:
    """The titles that nobody may read."""
    return frozenset(
        title
        for meeting in meetings
        for n in closed_items(meeting.agenda.items, catalogue.edits(meeting.id))
        if (title := meeting.agenda.items[n].title.strip())
    )


def discreet(message: str, titles: Iterable[str]) -> str:
    """The message without those titles, and without what addresses carry beside host and path.

    Of an error that nobody expected only its kind is kept: what else it says may be anything.
    """
    if FAULT in message:
        kind = _KIND.match(message)
        return fault(kind[0] if kind else "Error")
    said = _ADDRESS.sub(lambda found: _bare(found[0]), message)
    for title in sorted(titles, key=len, reverse=True):
        said = re.sub(re.escape(title), CLOSED_TITLE, said, flags=re.IGNORECASE)
    lines = (" ".join(line.split()) for line in said.splitlines())
    text = "\n".join(line for line in lines if line)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _bare(address: str) -> str:
    try:
        parts = urlsplit(address)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        return "…"
