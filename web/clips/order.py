"""What a clip holds: its stretch of the playable file, the published words in it, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from catalogue import (
    InputError,
    MediaStore,
    PublishedMeeting,
    PublishedRecording,
    Sentence,
    Settings,
    TranscriptOrigin,
)
from ingest import Clip, ClipCaption
from transcribe import Cue, cues
from web.addresses import meeting_address
from web.archive import Revised
from web.clips.stretch import Named, Refused, Stretch, Why, recording_of
from web.language import DANISH
from web.moments import clock
from web.site import absolute
from web.words import Words

BRIEFEST = 0.3  # seconds; of a caption that is only just begun at the clip's edge nothing is shown
LONGEST_TITLE = 120  # characters in the credit line
_WORDS = Words(DANISH)


@dataclass(frozen=True, slots=True)
class Order:
    """A clip that may be cut, of this revision of its meeting."""

    meeting: str
    revision: int
    named: Named
    source: Path
    clip: Clip


def order(revised: Revised, named: Named, store: MediaStore, settings: Settings) -> Order:
    """What is to be cut. Raises `Refused` where that may not or cannot be."""
    recording = recording_of(revised.meeting, named.stretch)
    try:
        source = store.path(recording.playable or "")
    except InputError as error:
        raise Refused(Why.NOWHERE) from error
    if not source.is_file():
        raise Refused(Why.NOWHERE)
    about = credit(revised.meeting, recording, named.stretch, settings)
    clip = Clip(
        start=max(0.0, named.stretch.start - recording.offset),
        seconds=named.stretch.seconds,
        form=named.form,
        captions=tuple(
            ClipCaption(cue.start, cue.end, tuple(line.text for line in cue.lines))
            for cue in captions(revised.meeting, named.stretch)
        ),
        credit=about,
        title=about[0],
        comment=about[1],
    )
    return Order(revised.meeting.id, revised.revision, named, source, clip)


def said_in(meeting: PublishedMeeting, stretch: Stretch) -> list[Sentence]:
    """The public sentences of which some is said in the stretch."""
    return [s for s in meeting.sentences if s.start < stretch.end and s.end > stretch.start]


def captions(meeting: PublishedMeeting, stretch: Stretch) -> list[Cue]:
    """The captions of a stretch, in seconds from its beginning."""
    found = []
    for cue in cues(said_in(meeting, stretch)):
        start, end = max(cue.start, stretch.start) - stretch.start, min(cue.end, stretch.end) - stretch.start
        if end - start >= BRIEFEST:
            found.append(Cue(round(start, 3), round(end, 3), cue.lines))
    return found


def credit(
    meeting: PublishedMeeting, recording: PublishedRecording, stretch: Stretch, settings: Settings
) -> tuple[str, str]:
    """Two lines: the meeting and when in it; its address, and where the words come from."""
    title = meeting.title or meeting.id
    parts = [title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"]
    parts += [part for part in (meeting.municipality, meeting.body) if part and part not in title]
    if meeting.date:
        parts.append(_WORDS.short_date(meeting.date))
    parts.append(f"{clock(stretch.start)}–{clock(stretch.end)}")
    address = absolute(settings, meeting_address(meeting.id, stretch.start))
    shown = address.split("://", 1)[-1] if settings.base_url else f"{settings.site_name}: {address}"
    by_model = recording.provenance and recording.provenance.origin is TranscriptOrigin.MODEL
    return ", ".join(parts), shown + (" · Teksten er lavet af talegenkendelse" if by_model else "")
