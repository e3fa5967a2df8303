"""What people have changed in a meeting, in words. Who did it and why is not public (`catalogue.published_edits`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalogue import EditKind, PublishedEdit, PublishedMeeting
from web.language import N_
from web.moments import danish_day
from web.reading import UNENDING, sentence_at
from web.words import Words

# Of a stretch, and of an agenda item.
OF_TIME = {
    EditKind.CORRECTION: N_("Teksten er rettet"),
    EditKind.REDACTION: N_("Tekst og lyd er udeladt"),
    EditKind.CLOSE: N_("Tekst og lyd er udeladt"),
    EditKind.OPEN: N_("Tekst og lyd er åbnet for offentligheden"),
}
OF_ITEM = {
    EditKind.OPEN: N_("Punkt {number} er åbnet for offentligheden"),
    EditKind.CLOSE: N_("Punkt {number} er lukket"),
    EditKind.BOUNDARY: N_("Tidspunktet for punkt {number} er sat"),
    EditKind.UNSET: N_("Tidspunktet for punkt {number} er igen overladt til programmet"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what was done and when. `start` is where in the meeting, None where that is not told; `end` is None
    of a moment, or of what has no known end; `anchor` is the sentence that begins there now."""

    said: str
    day: date
    start: float | None
    end: float | None
    anchor: str | None


@dataclass(frozen=True, slots=True)
class History:
    """All changes, the newest first, and how many of them are corrections of the text."""

    changes: tuple[Change, ...]
    corrections: int


def history(meeting: PublishedMeeting, anchors: tuple[str, ...], words: Words) -> History:
    changes = tuple(_change(meeting, edit, anchors, words) for edit in reversed(meeting.edits))
    return History(changes, sum(edit.kind is EditKind.CORRECTION for edit in meeting.edits))


def _change(meeting: PublishedMeeting, edit: PublishedEdit, anchors: tuple[str, ...], words: Words) -> Change:
    at = sentence_at(meeting, edit.start) if edit.start is not None else None
    return Change(
        said=_said(meeting, edit, words),
        day=danish_day(edit.at),
        start=edit.start,
        end=edit.end if edit.end is not None and edit.end < UNENDING else None,
        anchor=anchors[at] if at is not None else None,
    )


def _said(meeting: PublishedMeeting, edit: PublishedEdit, words: Words) -> str:
    if not edit.items:
        return words.gettext(OF_TIME[edit.kind])
    numbers = [meeting.items[n].number or str(n + 1) for n in edit.items]
    return words.gettext(OF_ITEM[edit.kind]).format(number=", ".join(numbers))
