"""`talerstol add`: a meeting goes into the catalogue whole, or not at all."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from catalogue import (
    Agenda,
    InputError,
    Meeting,
    MeetingExists,
    Provenance,
    Recording,
    Transcript,
    TranscriptOrigin,
    UnknownMeeting,
    make_transcript,
    meeting_id,
)
from ingest import read_agenda, read_captions, register
from pipeline.archive import Archive

NO_SOURCE = "-"
_DATE = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Registration:
    """What the caller of `add` said. Empty means: take it from the agenda or the source's name."""

    sources: tuple[str, ...]
    agenda: str = ""
    transcripts: tuple[str, ...] = ()
    offsets: tuple[float, ...] = ()
    title: str = ""
    date: date | None = None
    body: str = ""
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    meeting_id: str
    new: bool  # False: the same meeting from the same sources was there already


def add_meeting(archive: Archive, asked: Registration) -> Registered:
    """Read and check all that was given, then register it in one transaction.

    Raises `InputError` for what cannot be used and `MeetingExists` where another meeting has the id.
    """
    _check_counts(asked)
    agenda = read_agenda(asked.agenda, archive.web, archive.settings) if asked.agenda else Agenda(items=())
    facts = facts_of(asked, agenda)
    known = _already_there(archive, facts.id, asked)
    if known:
        return Registered(facts.id, new=False)
    recordings = tuple(
        register(source, n, facts.id, _offset(asked, n), archive.web, archive.settings)
        for n, source in enumerate(asked.sources, start=1)
    )
    transcripts = [
        (recording.id, _imported(recording, source, archive))
        for recording, source in zip(recordings, asked.transcripts, strict=False)
    ]
    archive.catalogue.add_meeting(replace(facts, recordings=recordings), transcripts)
    return Registered(facts.id, new=True)


def _check_counts(asked: Registration) -> None:
    if NO_SOURCE in asked.sources and not (asked.transcripts or asked.agenda):
        raise InputError(
            "there is nothing to add", where=NO_SOURCE, remedy="Give --transcript, --agenda or a recording."
        )
    if asked.transcripts and len(asked.transcripts) != len(asked.sources):
        raise InputError(
            f"{len(asked.sources)} recordings but {len(asked.transcripts)} transcripts",
            where="--transcript",
            remedy="Give one for each recording, in the same order, or none.",
        )
    if len(asked.offsets) > len(asked.sources) or any(not 0 <= o < 1e6 for o in asked.offsets):
        raise InputError(
            "an offset is a number of seconds, at most one for each recording",
            where="--offset",
            remedy="Where none is given, a recording begins where the one before ended.",
        )


def facts_of(asked: Registration, agenda: Agenda) -> Meeting:
    """The meeting without its recordings: what the caller said, else the agenda, else the source's name."""
    name = _name(asked.sources[0] if asked.sources[0] != NO_SOURCE else (*asked.transcripts, asked.agenda)[0])
    day = asked.date or agenda.date or _date_in(name)
    body = asked.body or agenda.body
    municipality = asked.municipality or agenda.municipality
    title = asked.title or agenda.title
    if not title:
        called = body or ("Møde" if day or asked.sources[0] == NO_SOURCE else name)
        title = f"{called} {day.isoformat()}" if day else called
    identity = meeting_id(municipality=municipality, body=body, day=day, title=title)
    return Meeting(identity, title, day, body, municipality, agenda=agenda)


def _name(source: str) -> str:
    path = urlsplit(source).path if "://" in source else Path(source).name
    return PurePosixPath(path).stem or source


def _date_in(name: str) -> date | None:
    found = _DATE.search(name)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _offset(asked: Registration, ordinal: int) -> float | None:
    if ordinal <= len(asked.offsets):
        return asked.offsets[ordinal - 1]
    return 0.0 if ordinal == 1 else None


def _imported(recording: Recording, source: str, archive: Archive) -> Transcript:
    segments = read_captions(source, archive.web, archive.settings)
    name = source if "://" in source else Path(source).name
    return make_transcript(recording.id, "da", segments, Provenance(TranscriptOrigin.CAPTIONS, name))


def _already_there(archive: Archive, identity: str, asked: Registration) -> bool:
    """Whether this very meeting is registered; raises `MeetingExists` where the id is another meeting's."""
    try:
        known = archive.catalogue.meeting(identity)
    except UnknownMeeting:
        return False
    if [r.source for r in known.recordings] != [_as_kept(source) for source in asked.sources]:
        raise MeetingExists(identity)
    if asked.sources[0] == NO_SOURCE and known.agenda.source != asked.agenda:
        raise MeetingExists(identity)
    return True


def _as_kept(source: str) -> str:
    return source if source == NO_SOURCE or "://" in source or "\0" in source else os.path.realpath(source)
