"""A report as a page: what the text and the HTML have in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing: what it is about, what there is to say, what to do (a command), and where it can be seen."""

    what: str
    said: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    message: str = ""  # the program's own words, in English
    meeting_id: str = ""  # a public meeting, to be linked where the archive's address is set


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    entries: tuple[Entry, ...]
    counted: bool = False  # numbered, for these are what a person has to do


@dataclass(frozen=True, slots=True)
class Page:
    """`headline` is the whole in a few words; `lead` what stands under it."""

    title: str
    headline: str
    lead: str
    sections: tuple[Section, ...]
    foot: str
