"""What a person should look at, meeting by meeting, out of the public view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalogue import (
    InputError,
    Meeting,
    Part,
    PublishedMeeting,
    closed_not_found,
    lost_boundaries,
    published_meeting,
    published_outline,
)
from pipeline.archive import Archive
from pipeline.night.discreet import discreet
from pipeline.night.names import meeting_name
from pipeline.night.report import Note, NoteKind, Place, Review
from pipeline.recordings.fetching import KEPT_LONGER, NEVER_ENDED
from pipeline.recordings.fitting import KEPT_FOR_EDITS
from pipeline.recordings.looking import captions_go_on
from transcribe import names_file

ARRIVED = {  # by words of an arrival's note
    NEVER_ENDED: NoteKind.NEVER_ENDED,
    KEPT_LONGER: NoteKind.SHORTER,
    KEPT_FOR_EDITS: NoteKind.CUT_ANEW,
}


def reviews(archive: Archive, meetings: Iterable[Meeting], new: frozenset[str]) -> tuple[Review, ...]:
    """Those that are newly done in full; of the others only what is open until a person has looked: closed items whose place
    is not known, and times of theirs that are not used any more."""
    found = []
    for meeting in meetings:
        notes = [*_always(archive, meeting), *(_newly(archive, meeting) if meeting.id in new else ())]
        if notes:
            found.append(Review(meeting.id, meeting_name(meeting), tuple(notes)))
    return tuple(found)


def closed_to_look_for(archive: Archive, meeting: Meeting) -> tuple[str, ...]:
    """The numbers of closed items of which there is no sign in the recording: what of them was said may be public."""
    return _closed(archive, meeting, sign=False)


def _closed(archive: Archive, meeting: Meeting, *, sign: bool) -> tuple[str, ...]:
    found = closed_not_found(archive.catalogue, meeting.id) if meeting.recordings else ()
    return tuple(number for number, its_sign in found if its_sign is sign)


def unplaced(archive: Archive, meeting: Meeting) -> tuple[str, ...]:
    """The numbers of open items that were not found."""
    outline = published_outline(archive.catalogue, meeting.id)
    return tuple(item.number for item in outline.items if not item.known) if outline else ()


def _always(archive: Archive, meeting: Meeting) -> Iterator[Note]:
    if closed := closed_to_look_for(archive, meeting):
        yield Note(NoteKind.CLOSED, numbers=closed)
    lost = lost_boundaries(archive.catalogue.edits(meeting.id), meeting.agenda.items)
    if lost:
        yield Note(NoteKind.LOST, numbers=tuple(edit.item or "" for edit in lost))


def _newly(archive: Archive, meeting: Meeting) -> Iterator[Note]:
    yield from _incomplete(meeting)
    yield from _unlike_its_source(archive, meeting)
    yield from _fully(archive, meeting)


def _incomplete(meeting: Meeting) -> Iterator[Note]:
    """What recordings themselves say: that they are not whole, and where a live one misses something."""
    for recording in meeting.recordings:
        told, gaps = discreet(recording.incomplete, ()), recording.gaps
        if told or gaps:
            offset = recording.offset or 0.0
            places = tuple(Place(offset + gap.at, offset + gap.at) for gap in gaps)
            yield Note(NoteKind.INCOMPLETE, places=places, detail=told)


def _unlike_its_source(archive: Archive, meeting: Meeting) -> Iterator[Note]:
    """Where captions do not fit their recording, and where the recording is not simply what its source has."""
    arrivals = archive.catalogue.arrivals.of(meeting.id)
    for recording in meeting.recordings:
        if late := captions_go_on(archive, recording):
            offset = recording.offset or 0.0
            yield Note(
                NoteKind.LATE_CAPTIONS, places=(Place(offset + (recording.duration or 0.0), offset + late),)
            )
        told = arrivals[recording.id].note if recording.id in arrivals else ""
        yield from (Note(kind) for words, kind in ARRIVED.items() if words in told)


def _fully(archive: Archive, meeting: Meeting) -> Iterator[Note]:
    public = published_meeting(archive.catalogue, meeting.id, words=False) if meeting.recordings else None
    if public is None:
        return
    if behind := _closed(archive, meeting, sign=True):
        yield Note(NoteKind.DOORS, numbers=behind)
    if not public.sentences:
        yield Note(NoteKind.NO_TEXT)
        return
    if not public.items:
        yield Note(NoteKind.NO_AGENDA)
    if numbers := tuple(item.number for item in public.items if not item.known):
        yield Note(NoteKind.ITEMS, numbers=numbers)
    yield from _hearing(public)
    yield from _speakers(public)


def _hearing(public: PublishedMeeting) -> Iterator[Note]:
    accounts = [recording.quality for recording in public.recordings if recording.quality]
    for kind, parts in (
        (NoteKind.GAPS, [part for account in accounts for part in account.gaps]),
        (NoteKind.DOUBTFUL, [part for account in accounts for part in account.doubtful]),
    ):
        if parts:
            yield Note(kind, places=_places(parts))


def _places(parts: Iterable[Part]) -> tuple[Place, ...]:
    return tuple(Place(part.start, part.end) for part in sorted(parts, key=lambda part: part.start))


def _speakers(public: PublishedMeeting) -> Iterator[Note]:
    unnamed = sum(sentence.speaker is None for sentence in public.sentences)
    if 0 < unnamed < len(public.sentences):  # where nobody has a name, names were never there
        yield Note(NoteKind.SPEAKERS, count=unnamed, of=len(public.sentences))


def without_names(archive: Archive, municipalities: Iterable[str]) -> tuple[str, ...]:
    """Those that have no list of names for the recogniser."""
    return tuple(name for name in sorted(set(municipalities)) if name and not _has_names(archive, name))


def _has_names(archive: Archive, municipality: str) -> bool:
    try:
        return bool(names_file(archive.settings.names_folder, municipality))
    except InputError:  # there is one, and what is wrong with it failed the hearing already
        return True
