"""What was found in a meeting, as its page shows it: how many, each with its place, the one before and the one after."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from catalogue import EngineError, PublishedMeeting
from search import InvalidRequest
from web.language import N_
from web.marking import sentence_html
from web.meetings.finding import FoundSentence, find_here
from web.moments import address_seconds
from web.reading import SLACK, Line, Reading
from web.site import Site

NOT_NOW = N_("Søgningen svarer ikke lige nu. Prøv igen om lidt.")
TOO_LONG = N_("Det er for langt at søge efter. Skriv nogle få ord.")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A sentence with what was found marked. `marks` is that for the script: ranges of characters, `3-9 14-20`."""

    anchor: str
    href: str
    start: float
    speaker: str | None
    html: Markup
    marks: str
    current: bool


@dataclass(frozen=True, slots=True)
class Found:
    """`current` counts from 1, 0 where the reader stands before the first; `trouble` is why there is no answer."""

    query: str
    rows: tuple[FoundRow, ...] = ()
    current: int = 0
    before: str | None = None
    after: str | None = None
    relaxed: bool = False
    complete: bool = True
    trouble: str = ""


def look(
    site: Site, meeting: PublishedMeeting, reading: Reading, query: str, moment: float | None
) -> Found | None:
    """What was found, for a reader who stands at `moment`; None where nothing was asked for."""
    if not query:
        return None
    try:
        found = find_here(site, meeting, reading, query)
    except InvalidRequest:
        return Found(query, trouble=TOO_LONG)
    except EngineError:
        return Found(query, trouble=NOT_NOW)  # the page itself does not need the search
    lines = {line.anchor: line for line in reading.lines}
    asked = urlencode({"q": query})
    reached = [
        n for n, f in enumerate(found.sentences) if moment is not None and f.sentence.start <= moment + SLACK
    ]
    at = reached[-1] if reached else -1
    rows = tuple(_row(asked, f, lines[f.anchor], n == at) for n, f in enumerate(found.sentences))
    return Found(
        query=query,
        rows=rows,
        current=at + 1,
        before=rows[at - 1].href if at > 0 else None,
        after=rows[at + 1].href if at + 1 < len(rows) else None,
        relaxed=found.relaxed,
        complete=found.complete,
    )


def _row(asked: str, found: FoundSentence, line: Line, current: bool) -> FoundRow:
    sentence = found.sentence
    return FoundRow(
        anchor=found.anchor,
        href=f"?{asked}&t={address_seconds(sentence.start)}#{found.anchor}",
        start=sentence.start,
        speaker=sentence.speaker,
        html=sentence_html(line, found.marks),
        marks=" ".join(f"{a}-{b}" for a, b in found.marks),
        current=current,
    )
