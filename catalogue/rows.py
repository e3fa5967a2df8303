"""The catalogue's records as rows of its tables, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.errors import UnknownMeeting
from catalogue.records import (
    Agenda,
    AgendaItem,
    Meeting,
    Provenance,
    Recording,
    RecordingKind,
    StepResult,
    StepState,
    Transcript,
    TranscriptOrigin,
    TranscriptQuality,
)
from catalogue.serial import (
    dump_attachments,
    dump_chapters,
    dump_gaps,
    load_attachments,
    load_chapters,
    load_gaps,
    load_quality,
    unpack_segments,
)
from catalogue.tables import AgendaItemRow, MeetingRow, RecordingRow, StepRow, TranscriptRow


def locked_meeting(session: Session, meeting_id: str) -> MeetingRow:
    """The meeting's row, which no other transaction changes meanwhile. Raises `UnknownMeeting`."""
    asked = select(MeetingRow).where(MeetingRow.id == meeting_id).with_for_update()
    row = session.scalar(asked.execution_options(populate_existing=True))
    if row is None:
        raise UnknownMeeting(meeting_id)
    return row


def meeting_row(meeting: Meeting) -> MeetingRow:
    return MeetingRow(
        id=meeting.id,
        title=meeting.title,
        date=meeting.date,
        body=meeting.body,
        municipality=meeting.municipality,
        agenda_source=meeting.agenda.source,
        captions_first=meeting.captions_first,
        created=datetime.now(UTC),
        recordings=[recording_row(recording) for recording in meeting.recordings],
        items=item_rows(meeting.agenda),
    )


def item_rows(agenda: Agenda) -> list[AgendaItemRow]:
    return [
        AgendaItemRow(
            position=position,
            **asdict(item)
            | {"attachments": dump_attachments(item.attachments), "audio": json.dumps(item.audio)},
        )
        for position, item in enumerate(agenda.items)
    ]


def recording_row(recording: Recording) -> RecordingRow:
    lists = {"chapters": dump_chapters(recording.chapters), "gaps": dump_gaps(recording.gaps)}
    return RecordingRow(**asdict(recording) | lists)


def meeting_of(row: MeetingRow) -> Meeting:
    agenda = Agenda(
        items=tuple(_item(item) for item in row.items),
        title=row.title,
        date=row.date,
        body=row.body,
        municipality=row.municipality,
        source=row.agenda_source,
    )
    recordings = tuple(
        Recording(
            id=r.id,
            ordinal=r.ordinal,
            kind=RecordingKind(r.kind),
            source=r.source,
            offset=r.offset,
            duration=r.duration,
            original=r.original,
            audio=r.audio,
            playable=r.playable,
            playable_without=r.playable_without,
            has_video=r.has_video,
            transcript=r.transcript,
            item=r.item,
            chapters=load_chapters(r.chapters),
            announced=r.announced,
            incomplete=r.incomplete,
            retired=r.retired,
            retired_why=r.retired_why,
            text_retired=r.text_retired,
            gaps=load_gaps(r.gaps),
        )
        for r in row.recordings
    )
    return Meeting(
        row.id, row.title, row.date, row.body, row.municipality, recordings, agenda, row.captions_first
    )


def _item(row: AgendaItemRow) -> AgendaItem:
    return AgendaItem(
        number=row.number,
        title=row.title,
        case=row.case,
        open=row.open,
        source_id=row.source_id,
        outcome=row.outcome,
        attachments=load_attachments(row.attachments),
        url=row.url,
        audio=tuple(json.loads(row.audio)),
        begins=row.begins,
    )


def transcript_of(row: TranscriptRow, words: bool = True) -> Transcript:
    segments = unpack_segments(row.segments, words)
    return Transcript(row.id, row.language, segments, provenance_of(row), quality_of(row.quality))


def quality_of(text: str | None) -> TranscriptQuality | None:
    return load_quality(text) if text else None


def provenance_of(row: TranscriptRow) -> Provenance:
    return Provenance(
        origin=TranscriptOrigin(row.origin),
        source=row.source,
        revision=row.revision,
        options=row.options,
        audio_sha256=row.audio_sha256,
        tools=row.tools,
    )


def step_of(row: StepRow) -> StepResult:
    return StepResult(
        row.meeting_id,
        row.step,
        StepState(row.state),
        row.fingerprint,
        row.finished,
        row.seconds,
        row.message,
    )
