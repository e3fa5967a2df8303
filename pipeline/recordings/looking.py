"""Looking at sources again: whether what was fetched is still what they have, and all of it.

A look costs a source a request or a few, once a night, for some days after the meeting. What it finds is only written
down here; the step `fetch` acts on it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

import structlog

from catalogue import Arrival, Meeting, Recording, StepState, TalerstolError, TranscriptOrigin, Version
from ingest import CutTransfer, clock, look
from pipeline.archive import Archive
from pipeline.recordings.to_fetch import to_fetch

log = structlog.get_logger()

BETWEEN_LOOKS = timedelta(hours=6)  # so that runs after each other in one night ask once
STILL = timedelta(
    hours=1
)  # a recording that has not grown for so long has stopped: a break is shorter, a meeting goes on
CAPTIONS_LAG = 60.0  # seconds that captions written live may stand on the screen after the end
FETCH = "fetch"  # the step that acts on what is found
MOST_TRIES = 5  # of getting an incomplete recording whole: with one a night, until after a weekend


class GoesOn(StrEnum):
    """Why a recording cannot be had whole yet, though nothing is wrong."""

    LIVE = "live"  # the meeting is still being broadcast, and nothing of it is here
    GROWING = "growing"  # what is here was longer at its source every time


def look_again(archive: Archive, meeting: Meeting, away: set[str]) -> None:
    """Ask the sources of a recent meeting what they have now; a recording that is another there is wanted anew.

    Hosts that do not answer are put into `away`, and are not asked again.
    """
    arrivals = archive.catalogue.arrivals.of(meeting.id)
    for recording in to_fetch(archive, meeting):
        arrival = arrivals.get(recording.id)
        if arrival is None or arrival.wanted or recording.original is None:
            continue
        host = urlsplit(recording.source).netloc if "://" in recording.source else ""
        if host not in away and _due(archive, meeting, recording, arrival):
            archive.catalogue.arrivals.keep(_looked(archive, recording, arrival, host, away))


def _due(archive: Archive, meeting: Meeting, recording: Recording, arrival: Arrival) -> bool:
    tried = recording.incomplete and arrival.tries < MOST_TRIES
    if archive.now() - arrival.looked < (STILL if arrival.growing or tried else BETWEEN_LOOKS):
        return False
    return bool(tried) or archive.now() < _until(archive, meeting)


def _until(archive: Archive, meeting: Meeting) -> datetime:
    """When a meeting's sources are no longer looked at; at once for one of no day, or of a day to come."""
    tomorrow = (archive.now() + timedelta(days=1)).date()
    if meeting.date is None or meeting.date > tomorrow or not archive.settings.look_again_days:
        return datetime.min.replace(tzinfo=UTC)
    days = timedelta(days=archive.settings.look_again_days + 1)
    return datetime.combine(meeting.date, time(), UTC) + days


def _looked(archive: Archive, recording: Recording, arrival: Arrival, host: str, away: set[str]) -> Arrival:
    now, tries = archive.now(), arrival.tries + bool(recording.incomplete)
    try:
        found = look(recording, archive.web, archive.settings)
    except TalerstolError as error:
        # Sources take recordings away after some days: what was fetched is kept.
        log.info("source not looked at again", recording=recording.id, reason=error.what)
        if isinstance(error, CutTransfer) and host:
            away.add(host)
        return replace(arrival, looked=now, tries=tries)
    looked = replace(arrival, looked=now, tries=tries, growing=False)
    if found.differs_from(arrival.version):
        return replace(looked, wanted=True, growing=_grows(found, arrival.version, now))
    # Of an incomplete one that is the same at its source, there is no more to be had tonight.
    unknown = tries > arrival.tries and tries <= MOST_TRIES and not found.same_as(arrival.version)
    return replace(looked, wanted=unknown, version=_filled(arrival.version, found))


def _grows(found: Version, before: Version, now: datetime) -> bool:
    """Whether more may come: it is longer, and neither its end nor its age says that this was all."""
    if not found.longer_than(before) or found.ended:
        return False
    changed = _moment(found.modified)
    return changed is None or now - changed < STILL


def _moment(modified: str) -> datetime | None:
    if modified.isdecimal():  # of a file here, in nanoseconds
        return datetime.fromtimestamp(int(modified) / 1e9, UTC)
    try:
        told = parsedate_to_datetime(modified)
    except (ValueError, TypeError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _filled(known: Version, found: Version) -> Version:
    """What was not known when it was fetched."""
    return Version(
        known.tag or found.tag,
        known.modified or found.modified,
        known.length if known.length is not None else found.length,
        known.seconds if known.seconds is not None else found.seconds,
        known.ended or found.ended,
    )


def stood_still(arrival: Arrival | None, now: datetime) -> Version | None:
    """What a source had when it was last looked at, if that was long enough ago to say that it has stopped."""
    return arrival.version if arrival is not None and now - arrival.looked >= STILL else None


def still_grows(archive: Archive, meeting: Meeting) -> bool:
    """Whether what was fetched waits to be whole before it is heard; not longer than its source is looked at."""
    return any(
        arrival.growing and archive.now() < _until(archive, meeting)
        for arrival in archive.catalogue.arrivals.of(meeting.id).values()
    )


def goes_on(archive: Archive, meeting: Meeting) -> GoesOn | None:
    """Whether a recording of the meeting still went on when its source was last looked at."""
    last = archive.catalogue.steps(meeting.id).get(FETCH)
    if last is not None and last.state is StepState.FAILED:
        return None  # what is known is older than that
    arrivals = archive.catalogue.arrivals.of(meeting.id)
    if any(_is_live(r, arrivals.get(r.id)) for r in to_fetch(archive, meeting)):
        return GoesOn.LIVE
    return GoesOn.GROWING if still_grows(archive, meeting) else None


def _is_live(recording: Recording, arrival: Arrival | None) -> bool:
    """Of a recording that is not here, a version is known only because it had not ended."""
    return recording.original is None and arrival is not None and arrival.version != Version()


def captions_go_on(archive: Archive, recording: Recording) -> float | None:
    """The second at which captions end that go on long after their recording."""
    if recording.audio is None or recording.transcript is None or recording.duration is None:
        return None
    if archive.catalogue.provenance(recording.transcript).origin is not TranscriptOrigin.CAPTIONS:
        return None
    said = archive.catalogue.transcripts([recording.transcript], words=False)[recording.id].segments
    ends = max((segment.end for segment in said), default=0.0)
    return ends if ends - recording.duration > CAPTIONS_LAG else None


def wholeness_notes(archive: Archive, meeting: Meeting) -> tuple[str, ...]:
    """What a person should know of recordings that are not whole, or whose source has something else by now."""
    arrivals, several = archive.catalogue.arrivals.of(meeting.id), len(meeting.recordings) > 1
    notes = []
    for recording in meeting.recordings:
        which = f"recording {recording.ordinal}" if several else "the recording"
        arrival = arrivals.get(recording.id)
        if recording.incomplete:
            again = arrival is not None and arrival.tries < MOST_TRIES
            then = (
                "a run an hour later or more asks its source again"
                if again
                else f"its source was asked {MOST_TRIES} times: look whether it is whole there"
            )
            notes.append(f"{which} is incomplete: {recording.incomplete}; {then}")
        if late := captions_go_on(archive, recording):
            notes.append(
                f"{which} ends at {clock(recording.duration or 0)} and its captions at {clock(late)}: do they belong together?"
            )
        if arrival is not None and arrival.growing:
            notes.append(f"{which} was still growing at its source; it is heard when it has stopped")
        if arrival is not None and arrival.note:
            notes.append(f"{which}: {arrival.note}")
    return tuple(notes)
