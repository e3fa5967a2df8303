"""What every portal can be asked: which papers of which meetings there are, and what one of them says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Protocol

from catalogue import Agenda, AgendaKind


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper that a portal lists: an agenda, a supplement or minutes of one meeting.

    `source_id` is the portal's own and stays when the day or the title changes. `begins` is the time of day in
    Denmark, None where the portal has none; `released` is what the portal says of when it was published, as text
    that sorts. A `closed` paper is of a closed meeting: whatever it says, nothing of it is open.
    """

    source_id: str
    body: str
    day: date
    begins: time | None = None
    kind: AgendaKind = AgendaKind.AGENDA
    released: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """The papers that a portal lists, and what of its list could not be used and why."""

    references: tuple[Reference, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says. `recordings` are addresses of recordings of the whole meeting, in order."""

    agenda: Agenda
    recordings: tuple[str, ...] = ()


class Portal(Protocol):
    """A place where a municipality publishes. Raises nothing but `TalerstolError`."""

    def meetings(self, since: date) -> Listing:
        """The papers of meetings from that day on, of the bodies that were asked for."""
        ...

    def paper(self, reference: Reference) -> Paper:
        """What one of them says."""
        ...
