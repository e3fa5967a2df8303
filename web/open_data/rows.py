"""A public meeting as rows of the open data. What is not in the published view is in no row."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import (
    PublishedItem,
    PublishedMeeting,
    PublishedRecording,
    Settings,
    TranscriptOrigin,
)
from web.addresses import media_address, meeting_address, outward
from web.moments import moment_json
from web.reading import UNENDING
from web.references import reference_json
from web.site import absolute
from web.words import model_name

Row = dict[str, object]


def rows_of(meeting: PublishedMeeting, revision: int, settings: Settings) -> dict[str, Iterator[Row]]:
    """The rows of each table, by its name; each is read once."""
    return {
        "meetings": iter([_meeting(meeting, revision, settings)]),
        "recordings": (_recording(meeting, r, settings) for r in meeting.recordings),
        "items": (_item(meeting, item) for item in meeting.items),
        "sentences": _sentences(meeting),
        "words": _words(meeting),
        "edits": _edits(meeting),
    }


def _meeting(meeting: PublishedMeeting, revision: int, settings: Settings) -> Row:
    gaps = [{"start": g.start, "end": g.end if g.end < UNENDING else None} for g in meeting.withheld]
    return {
        **reference_json(meeting),
        "duration": meeting.duration,
        "items": len(meeting.items),
        "sentences": len(meeting.sentences),
        "withheld": gaps,
        "revision": revision,
        "url": absolute(settings, meeting_address(meeting.id)),
    }


def _recording(meeting: PublishedMeeting, recording: PublishedRecording, settings: Settings) -> Row:
    made = recording.provenance
    heard = made if made and made.origin is TranscriptOrigin.MODEL else None
    media = absolute(settings, media_address(meeting.id, recording.ordinal))
    return {
        "meeting": meeting.id,
        "ordinal": recording.ordinal,
        "offset": recording.offset,
        "duration": recording.duration,
        "has_video": recording.has_video,
        "media": media if recording.playable else None,
        "origin": made.origin.value if made else None,
        "model": model_name(heard) if heard else None,
        "model_revision": heard.revision if heard else None,
    }


def _item(meeting: PublishedMeeting, item: PublishedItem) -> Row:
    return {
        "meeting": meeting.id,
        "position": item.position + 1,
        "number": item.number,
        "title": item.title,
        "case": item.case,
        "open": item.open,
        "outcome": item.outcome,
        "status": item.status.value,
        "start": item.start,
        "end": item.end,
        "confidence": item.confidence,
        "set_by": item.set_by.value,
        "evidence_at": item.evidence.at if item.evidence else None,
        "evidence": item.evidence.text if item.evidence else None,
        "url": outward(item.url),
        "attachments": [{"name": a.name, "url": outward(a.url)} for a in item.attachments],
    }


def _sentences(meeting: PublishedMeeting) -> Iterator[Row]:
    for number, sentence in enumerate(meeting.sentences, start=1):
        yield {
            "meeting": meeting.id,
            "sentence": number,
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.text,
            "speaker": sentence.speaker,
            "item": None if sentence.item is None else sentence.item + 1,
            "recording": sentence.recording,
            "corrected": sentence.corrected,
            "doubt": sentence.doubt,
        }


def _words(meeting: PublishedMeeting) -> Iterator[Row]:
    for number, sentence in enumerate(meeting.sentences, start=1):
        for word in sentence.words:
            yield {
                "meeting": meeting.id,
                "sentence": number,
                "start": word.start,
                "end": word.end,
                "word": word.word,
                "probability": word.probability,
            }


def _edits(meeting: PublishedMeeting) -> Iterator[Row]:
    """One row a change, or one for each of the items that it names."""
    for edit in meeting.edits:
        ends = edit.end is not None and edit.end < UNENDING
        for item in edit.items or (None,):
            yield {
                "meeting": meeting.id,
                "kind": edit.kind.value,
                "at": moment_json(edit.at),
                "start": edit.start,
                "end": edit.end if ends else None,
                "item": None if item is None else item + 1,
            }
