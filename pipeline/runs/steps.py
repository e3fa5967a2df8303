"""The steps that bring one meeting up to date, in the order that data flows.

Each step knows its fingerprint (of its inputs, its settings and its own version): it runs when that differs
from the one on record, and leaves its result in one move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace

from catalogue import (
    Meeting,
    Recording,
    RecordingKind,
    Segment,
    Transcript,
    TranscriptOrigin,
    Word,
    agenda_key,
    digest,
)
from ingest import Progress, extract_audio, missing, named
from pipeline.archive import Archive
from pipeline.recordings.fetching import fetch_fingerprint, fetch_originals, fetched
from pipeline.recordings.names import audio_name
from pipeline.recordings.playing import has_playable, make_media, media_fingerprint, plays_another
from pipeline.recordings.to_fetch import to_fetch
from segment import index_points, place_items
from transcribe import DecodingOptions


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way. `fingerprint` is of all that decides the result; `run` makes it; `intact` says
    whether what was made is still there. Without a `run`, it is done for many meetings together."""

    name: str
    doing: str  # what a person reads while it runs
    fingerprint: Callable[[Archive, Meeting], str]
    intact: Callable[[Archive, Meeting], bool]
    run: Callable[[Archive, Meeting, Progress], None] | None


def _all_exist(archive: Archive, names: Iterable[str | None]) -> bool:
    return all(name is not None and archive.store.exists(name) for name in names)


def _always(_: Archive, __: Meeting) -> bool:
    return True


# audio ------------------------------------------------------------------------------------------------


def _audio_fingerprint(archive: Archive, meeting: Meeting) -> str:
    return digest(["audio 2", [(r.original, r.source) for r in to_fetch(archive, meeting)]])


def _has_audio(archive: Archive, meeting: Meeting) -> bool:
    return _all_exist(archive, (r.audio for r in to_fetch(archive, meeting)))


def _audio(archive: Archive, meeting: Meeting, progress: Progress) -> None:
    known: list[Recording] = []
    for recording in meeting.recordings:
        if recording.retired is not None:
            known.append(recording)
            continue
        if recording.original is not None:
            name = audio_name(meeting, recording)
            with archive.store.create(name) as file:
                original = archive.store.path(recording.original)
                with named(recording.source):
                    duration = extract_audio(original, file, progress, archive.settings.max_hours)
            incomplete = recording.incomplete or _silent_end(recording, duration)
            recording = replace(recording, audio=name, duration=duration, incomplete=incomplete)
        elif recording.transcript is not None:
            said = archive.catalogue.transcript(recording.transcript).segments
            recording = replace(recording, duration=max((s.end for s in said), default=0.0))
        if recording.offset is None:
            before = known[-1]
            recording = replace(recording, offset=(before.offset or 0.0) + (before.duration or 0.0))
        known.append(recording)
        archive.catalogue.update_recording(recording)


def _silent_end(recording: Recording, heard: float) -> str:
    """What cannot be decoded though it was there to walk through. A picture may go on when the microphones are off, and
    what a playlist announces was held against what came of it (`ingest.hls`)."""
    own_length = recording.kind in (RecordingKind.FILE, RecordingKind.HTTP) and not recording.has_video
    return missing(recording.announced, heard) if own_length else ""


# transcribe -------------------------------------------------------------------------------------------
# It has no `run` of its own: recordings of many meetings are heard together (pipeline/runs/hearing.py).


def to_recognise(archive: Archive, meeting: Meeting) -> list[Recording]:
    """The recordings without the publisher's captions that can still be heard."""
    return [
        r
        for r in meeting.recordings
        if r.kind is not RecordingKind.NONE
        and r.retired is None
        and (r.transcript is None or _origin(archive, r.transcript) is TranscriptOrigin.MODEL)
    ]


def _origin(archive: Archive, transcript_id: str) -> TranscriptOrigin:
    return archive.catalogue.provenance(transcript_id).origin


def _transcribe_fingerprint(archive: Archive, meeting: Meeting) -> str:
    recordings = to_recognise(archive, meeting)
    options = DecodingOptions.from_settings(archive.settings).as_json()
    model = [archive.settings.model, options] if recordings else []
    return digest(["transcribe 2", model, [(r.original, r.source, r.duration) for r in recordings]])


# segment ----------------------------------------------------------------------------------------------


def _segment_fingerprint(_: Archive, meeting: Meeting) -> str:
    open_marks = [item.open for item in meeting.agenda.items]
    recordings = [(r.transcript, r.offset) for r in meeting.recordings]
    points = [asdict(p) for p in index_points(meeting.agenda.items, meeting.recordings)]
    return digest(["segment 3", agenda_key(meeting.agenda), open_marks, recordings, points])


def _segmented(archive: Archive, meeting: Meeting) -> bool:
    return _agenda_placed(archive, meeting) is not None


def _agenda_placed(archive: Archive, meeting: Meeting) -> str | None:
    """The key of the agenda whose items were placed last; None where there is none, or what is there cannot be read."""
    try:
        before = archive.catalogue.segmentation(meeting.id)
    except (KeyError, TypeError, ValueError):
        return None  # it is made anew
    return before.agenda if before else None


def _segment(archive: Archive, meeting: Meeting, progress: Progress) -> None:
    transcripts = [
        (r, archive.catalogue.transcript(r.transcript)) for r in meeting.recordings if r.transcript
    ]
    segments = sorted(
        (s for r, t in transcripts for s in _on_meeting_clock(t, r)), key=lambda s: (s.start, s.end)
    )
    points = index_points(meeting.agenda.items, meeting.recordings)
    placed = place_items(segments, meeting.agenda, tuple(t.id for _, t in transcripts), points)
    # A file to play has the items' titles in it, as its chapters: old ones may be what nobody is to read any more.
    retitled = _agenda_placed(archive, meeting) != placed.agenda
    for recording in meeting.recordings:
        if retitled or plays_another(recording):  # from here on the text is of the new one
            archive.catalogue.update_recording(replace(recording, playable_without=None))
    archive.catalogue.save_segmentation(meeting.id, placed)
    progress(1, 1)


def _on_meeting_clock(transcript: Transcript, recording: Recording) -> list[Segment]:
    offset = recording.offset or 0.0
    return [
        replace(
            s,
            start=s.start + offset,
            end=s.end + offset,
            words=tuple(Word(w.start + offset, w.end + offset, w.word, w.probability) for w in s.words),
        )
        for s in transcript.segments
    ]


# index ------------------------------------------------------------------------------------------------
# It has neither `run` nor fingerprint: what has work waits in the outbox (pipeline/index/outbox.py).


def _nothing(_: Archive, __: Meeting) -> str:
    return ""


FETCH = Step("fetch", "fetching", fetch_fingerprint, fetched, fetch_originals)
AUDIO = Step("audio", "extracting the sound", _audio_fingerprint, _has_audio, _audio)
TRANSCRIBE = Step("transcribe", "transcribing", _transcribe_fingerprint, _always, None)
SEGMENT = Step("segment", "placing agenda items", _segment_fingerprint, _segmented, _segment)
INDEX = Step("index", "indexing", _nothing, _always, None)
STEPS = (
    FETCH,
    AUDIO,
    TRANSCRIBE,
    SEGMENT,
    Step("media", "making it playable", media_fingerprint, has_playable, make_media),
    INDEX,
)
