"""What can go wrong, said so that a person can act on it.

Every error of ours carries three things: *what* happened, *where*, and *what to do*. The command line
prints them as one or two lines and leaves with `exit_code`; the overnight run writes them on the row.

    TalerstolError
    ├── InputError          bad input or usage             exit 2
    │   └── UnknownMeeting  no meeting has that id
    ├── SourceError         a source could not be read     exit 1
    └── EngineError         something we depend on failed  exit 1
"""

from __future__ import annotations

from catalogue.keys import without_keys

LONGEST_WHERE, LONGEST_WHAT = 300, 1000  # characters: an address; a few sentences


class TalerstolError(Exception):
    """An error with a sentence for the person who meets it."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """One or two lines: where, what, and the way out; addresses without their keys, for it goes on record."""
        what = _one_line(without_keys(self.what), LONGEST_WHAT)
        text = f"{_one_line(without_keys(self.where), LONGEST_WHERE)}: {what}" if self.where else what
        return f"{text}\n{self.remedy}" if self.remedy else text


def _one_line(text: str, longest: int) -> str:
    """As a person can read it: names and words from outside may hold anything, and be of any length."""
    plain = "".join(c if c.isprintable() else "�" for c in text)
    return plain if len(plain) <= longest else f"{plain[: longest // 2]} … {plain[-longest // 2 :]}"


class InputError(TalerstolError):
    """What the caller gave cannot be used; trying again unchanged will not help."""

    exit_code = 2


class UnknownMeeting(InputError):
    """No meeting in the catalogue has that id."""

    def __init__(self, meeting_id: str) -> None:
        self.meeting_id = meeting_id
        super().__init__(
            "no such meeting",
            where=meeting_id,
            remedy="`talerstol status` lists the meetings in the archive.",
        )


class SourceError(TalerstolError):
    """A recording, agenda or caption file could not be fetched or understood."""


class EngineError(TalerstolError):
    """A program or service we depend on (ffmpeg, the search engine, the database) failed."""
