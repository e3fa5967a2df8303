"""The catalogue: the archive's one truth. Every write is one transaction; what it returns are records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from catalogue.arrivals import Arrival, Arrivals, keep_arrivals
from catalogue.database import open_database
from catalogue.edit_log import EditLog, edit_of
from catalogue.edits import checked
from catalogue.errors import InputError, UnknownMeeting
from catalogue.outbox import Outbox, changed
from catalogue.records import (
    Agenda,
    Edit,
    Meeting,
    PaperLink,
    Provenance,
    Recording,
    Segment,
    Segmentation,
    StepResult,
    Transcript,
    TranscriptQuality,
    TranscriptVersion,
)
from catalogue.reports import Reports
from catalogue.retention import Retention
from catalogue.rows import (
    item_rows,
    meeting_of,
    meeting_row,
    provenance_of,
    quality_of,
    recording_row,
    step_of,
    transcript_of,
)
from catalogue.rows_kept import reading_all
from catalogue.runners import Runners
from catalogue.serial import (
    digest,
    dump_chapters,
    dump_quality,
    dump_segmentation,
    load_segmentation,
    pack_segments,
)
from catalogue.soundness import Misfit, damage, misfits
from catalogue.tables import (
    AgendaItemRow,
    EditRow,
    MeetingRow,
    PaperRow,
    RecordingRow,
    StepRow,
    TranscriptRow,
)
from catalogue.transactions import Transactions
from catalogue.updates import Updated, read_updates
from catalogue.work import Work


class MeetingExists(InputError):
    """Another meeting already has this id."""

    def __init__(self, meeting_id: str) -> None:
        self.meeting_id = meeting_id
        super().__init__(
            "the archive already has another meeting with this id",
            where=meeting_id,
            remedy="Give this one another --title, --body or --date; the first was left as it is.",
        )


def make_transcript(
    recording_id: str,
    language: str,
    segments: tuple[Segment, ...],
    provenance: Provenance,
    quality: TranscriptQuality | None = None,
) -> Transcript:
    """A transcript whose id is made from what it says, of which recording, and how it came to be."""
    packed = pack_segments(segments).hex()
    return Transcript(
        id=digest([recording_id, language, packed, asdict(provenance)])[:32],
        language=language,
        segments=segments,
        provenance=provenance,
        quality=quality,
    )


class Catalogue:
    """What the archive knows. Safe to share between threads; processes share the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        database = Transactions(engine)
        self._read, self._write = database.read, database.write
        self.arrivals = Arrivals(database)
        self.outbox = Outbox(database)
        self.edit_log = EditLog(database)
        self.reports = Reports(database)
        self.retention = Retention(database)
        self.runners = Runners(database)
        self.work = Work(database)

    @classmethod
    def open(cls, url: str) -> Catalogue:
        """Open (and create or migrate) the database at `url`."""
        return cls(open_database(url))

    def close(self) -> None:
        self._engine.dispose()

    @property
    def shared(self) -> bool:
        """Whether machines may share this database."""
        return self._engine.dialect.name != "sqlite"

    def reading_all(self) -> AbstractContextManager[tuple[str, Iterator[bytes]]]:
        """The schema's name and every row as a line (`catalogue.rows_kept`), as they are at one moment."""
        return reading_all(self._engine)

    # Meetings -----------------------------------------------------------------------------------------

    def add_meeting(
        self,
        meeting: Meeting,
        transcripts: Sequence[tuple[str, Transcript]] = (),
        papers: Sequence[PaperLink] = (),
    ) -> None:
        """Register a meeting whole, with transcripts given as (recording id, transcript), and the portal's papers
        it was made from. Raises `MeetingExists`."""
        try:
            with self._write() as session:
                session.add(meeting_row(meeting))
                session.flush()
                for recording_id, transcript in transcripts:
                    _store_transcript(session, recording_id, transcript)
                _link(session, meeting.id, papers)
        except IntegrityError as error:
            raise MeetingExists(meeting.id) from error

    def meeting(self, meeting_id: str) -> Meeting:
        with self._read() as session:
            return meeting_of(_row(session, meeting_id))

    @contextmanager
    def alone_with(self, meeting_id: str) -> Iterator[Meeting]:
        """The meeting as it is now, for what is done to its files: in a transaction that writes, so that whoever may write
        only with a lease (`Runners.only_with`) has it until the block ends."""
        with self._write() as session:
            yield meeting_of(_row(session, meeting_id))

    def meetings(self) -> list[Meeting]:
        """All meetings, newest first."""
        newest_first = MeetingRow.date.desc().nulls_last()
        with self._read() as session:
            return [
                meeting_of(row)
                for row in session.scalars(select(MeetingRow).order_by(newest_first, MeetingRow.id))
            ]

    def meeting_ids(self) -> list[str]:
        """The ids of all meetings in the order they were added: the order in which they are run."""
        with self._read() as session:
            return list(session.scalars(select(MeetingRow.id).order_by(MeetingRow.created, MeetingRow.id)))

    def replace_agenda(self, meeting_id: str, agenda: Agenda) -> None:
        """A newer agenda; people's edits and the recordings stay."""
        with self._write() as session:
            row = _row(session, meeting_id)
            session.execute(delete(AgendaItemRow).where(AgendaItemRow.meeting_id == meeting_id))
            session.expire(row, ["items"])
            row.items = item_rows(agenda)
            row.agenda_source = agenda.source
            changed(session, meeting_id, withdraws=True)

    def follow_source(
        self,
        meeting: Meeting,
        papers: Sequence[PaperLink],
        clips: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Bring a meeting's title, day and agenda to what its source says now, in one move; it keeps its id, its
        recordings and people's edits. Where nothing differs nothing is touched.

        `clips` gives items that are known by another name now (old to new), for the recordings that are of them.
        """
        with self._write() as session:
            row = _row(session, meeting.id)
            before = meeting_of(row)
            if before.agenda.items != meeting.agenda.items:
                row.items.clear()
                session.flush()
                row.items = item_rows(meeting.agenda)
            for recording in row.recordings:
                recording.item = clips.get(recording.item, recording.item)
            row.title, row.date, row.agenda_source = meeting.title, meeting.date, meeting.agenda.source
            differs = any(session.is_modified(each) for each in (row, *row.recordings))
            if differs or before.agenda.items != meeting.agenda.items:
                changed(session, meeting.id, withdraws=True)
            _link(session, meeting.id, papers)

    def add_recordings(self, meeting_id: str, recordings: Sequence[Recording]) -> int:
        """Recordings that came later, in their order after those there are; returns how many were new.

        A recording whose source the meeting has already is left out. Ids and places are given here: those of the
        others stay, and so do the times of what is published.
        """
        with self._write() as session:
            row = _row(session, meeting_id)
            known = {recording.source for recording in row.recordings}
            last = max((recording.ordinal for recording in row.recordings), default=0)
            new = [r for r in recordings if r.source not in known]
            for ordinal, recording in enumerate(new, start=last + 1):
                offset = 0.0 if ordinal == 1 else recording.offset
                placed = replace(recording, id=f"{meeting_id}-{ordinal}", ordinal=ordinal, offset=offset)
                row.recordings.append(recording_row(placed))
            if new:  # the meeting is not whole, and so not public, until they are ready
                changed(session, meeting_id, withdraws=True)
            return len(new)

    def papers(self, portal: str) -> dict[str, str]:
        """What is on record of a portal's papers: the id of the meeting that each belongs to, by the paper's id."""
        with self._read() as session:
            rows = session.scalars(select(PaperRow).where(PaperRow.portal == portal))
            return {row.source_id: row.meeting_id for row in rows}

    def portals(self, meeting_id: str) -> frozenset[str]:
        """The portals that a meeting's papers came from; none of one that a person added."""
        with self._read() as session:
            return frozenset(session.scalars(select(PaperRow.portal).filter_by(meeting_id=meeting_id)))

    def revision(self, meeting_id: str) -> int | None:
        """A number that grows with every change a reader could see; None if there is no such meeting."""
        with self._read() as session:
            return session.scalar(select(MeetingRow.revision).where(MeetingRow.id == meeting_id))

    def revisions_of(self, meeting_ids: Sequence[str]) -> dict[str, int]:
        """The same number of each of these meetings (some hundreds at most), by one question; of none that there is not."""
        with self._read() as session:
            asked = select(MeetingRow.id, MeetingRow.revision).where(MeetingRow.id.in_(meeting_ids))
            return {meeting_id: revision for meeting_id, revision in session.execute(asked)}

    def revisions(self) -> dict[str, int]:
        """The same number of every meeting, newest meeting first, by one question."""
        newest_first = MeetingRow.date.desc().nulls_last()
        with self._read() as session:
            rows = session.execute(
                select(MeetingRow.id, MeetingRow.revision).order_by(newest_first, MeetingRow.id)
            )
            return {meeting_id: revision for meeting_id, revision in rows}

    def updates(self) -> dict[str, Updated]:
        """When each meeting last changed."""
        with self._read() as session:
            return read_updates(session)

    def faults(self) -> list[str]:
        """What the database itself finds wrong with its pages and references."""
        with self._read() as session:
            return damage(session)

    def misfits(self) -> list[Misfit]:
        """Where its tables and columns are not those known here."""
        with self._read() as session:
            return misfits(session)

    # Recordings and transcripts -----------------------------------------------------------------------

    def update_recording(self, recording: Recording, *arrivals: Arrival) -> None:
        """Write down what the steps found out about a recording, and what its source said of it."""
        with self._write() as session:
            row = session.get_one(RecordingRow, recording.id)
            # On another place of the meeting's clock other sentences may be withheld.
            moved = (row.offset, row.duration) != (recording.offset, recording.duration)
            withdraws = moved or bool(row.playable and not recording.playable)
            segmented = session.scalar(
                select(MeetingRow.segmentation.is_not(None)).filter_by(id=row.meeting_id)
            )
            for name in (
                "offset",
                "duration",
                "original",
                "audio",
                "playable",
                "playable_without",
                "has_video",
                "announced",
                "incomplete",
            ):
                setattr(row, name, getattr(recording, name))
            row.chapters = dump_chapters(recording.chapters)
            keep_arrivals(session, arrivals)
            changed(session, row.meeting_id, withdraws=withdraws and bool(segmented))

    def save_transcript(self, recording_id: str, transcript: Transcript) -> None:
        """Keep a transcript and make it the recording's current one. Older ones stay."""
        with self._write() as session:
            _store_transcript(session, recording_id, transcript)

    def transcript(self, transcript_id: str) -> Transcript:
        with self._read() as session:
            return transcript_of(session.get_one(TranscriptRow, transcript_id))

    def transcripts(self, transcript_ids: Sequence[str], *, words: bool = True) -> dict[str, Transcript]:
        """These transcripts, by the id of the recording that each is of; with the times of their words or without."""
        with self._read() as session:
            rows = session.scalars(select(TranscriptRow).where(TranscriptRow.id.in_(transcript_ids)))
            return {row.recording_id: transcript_of(row, words) for row in rows}

    def transcript_versions(self, meeting_id: str) -> dict[str, tuple[TranscriptVersion, ...]]:
        """The versions there are of each recording of a meeting, oldest first, without reading them."""
        asked = (
            select(TranscriptRow.recording_id, TranscriptRow.id, TranscriptRow.created)
            .join(RecordingRow, RecordingRow.id == TranscriptRow.recording_id)
            .where(RecordingRow.meeting_id == meeting_id)
            .order_by(TranscriptRow.created, TranscriptRow.id)
        )
        versions: dict[str, tuple[TranscriptVersion, ...]] = {}
        with self._read() as session:
            for recording_id, transcript_id, created in session.execute(asked):
                before = versions.get(recording_id, ())
                versions[recording_id] = (*before, TranscriptVersion(transcript_id, created))
        return versions

    def provenance(self, transcript_id: str) -> Provenance:
        """How a transcript came to be, without reading it."""
        with self._read() as session:
            row = session.get_one(TranscriptRow, transcript_id, options=[defer(TranscriptRow.segments)])
            return provenance_of(row)

    def quality(self, transcript_id: str) -> TranscriptQuality | None:
        """How well a recording was heard, without reading what was said."""
        with self._read() as session:
            return quality_of(session.scalar(select(TranscriptRow.quality).filter_by(id=transcript_id)))

    def heard_lately(self, model: str, most: int) -> list[TranscriptQuality]:
        """How the newest recordings that this model heard were heard, newest first, at most so many."""
        asked = (
            select(TranscriptRow.quality)
            .where(TranscriptRow.source == model, TranscriptRow.quality.is_not(None))
            .order_by(TranscriptRow.created.desc(), TranscriptRow.id)
            .limit(most)
        )
        with self._read() as session:
            return [quality for text in session.scalars(asked) if (quality := quality_of(text))]

    # Segmentation, edits ------------------------------------------------------------------------------

    def save_segmentation(self, meeting_id: str, segmentation: Segmentation) -> None:
        """From here on the meeting is public, as this segmentation has it."""
        with self._write() as session:
            row = _row(session, meeting_id)
            again = row.segmentation is not None
            row.segmentation = dump_segmentation(segmentation)
            changed(session, meeting_id, withdraws=again)

    def segmentation(self, meeting_id: str) -> Segmentation | None:
        with self._read() as session:
            text = _row(session, meeting_id).segmentation
        return load_segmentation(text) if text else None

    def add_edit(self, meeting_id: str, *edits: Edit) -> None:
        """All or none. Raises `InputError` where one would not do what was meant: times that cannot be, no such item."""
        with self._write() as session:
            items = meeting_of(_row(session, meeting_id)).agenda.items
            session.add_all(EditRow(meeting_id=meeting_id, **asdict(checked(e, items))) for e in edits)
            changed(session, meeting_id, withdraws=True)

    def edits(self, meeting_id: str) -> list[Edit]:
        """People's edits that hold, in the order they were made; `edit_log` has also those that were taken back."""
        holds = select(EditRow).where(EditRow.meeting_id == meeting_id, EditRow.taken_back.is_(None))
        with self._read() as session:
            return [edit_of(row) for row in session.scalars(holds.order_by(EditRow.id))]

    # Steps --------------------------------------------------------------------------------------------

    def record_step(self, result: StepResult) -> None:
        with self._write() as session:
            session.merge(StepRow(**asdict(result)))

    def forget_step(self, meeting_id: str, step: str) -> None:
        """A step is as if it had never been tried."""
        with self._write() as session:
            session.execute(delete(StepRow).where(StepRow.meeting_id == meeting_id, StepRow.step == step))

    def steps(self, meeting_id: str) -> dict[str, StepResult]:
        """What is on record of each step of a meeting, by the step's name."""
        with self._read() as session:
            rows = session.scalars(select(StepRow).where(StepRow.meeting_id == meeting_id))
            return {row.step: step_of(row) for row in rows}


def _row(session: Session, meeting_id: str) -> MeetingRow:
    row = session.get(MeetingRow, meeting_id)
    if row is None:
        raise UnknownMeeting(meeting_id)
    return row


def _link(session: Session, meeting_id: str, papers: Sequence[PaperLink]) -> None:
    for paper in papers:
        session.merge(PaperRow(portal=paper.portal, source_id=paper.source_id, meeting_id=meeting_id))


def _store_transcript(session: Session, recording_id: str, transcript: Transcript) -> None:
    recording = session.get_one(RecordingRow, recording_id)
    if session.get(TranscriptRow, transcript.id) is None:
        session.add(
            TranscriptRow(
                id=transcript.id,
                recording_id=recording_id,
                language=transcript.language,
                segments=pack_segments(transcript.segments),
                quality=dump_quality(transcript.quality) if transcript.quality else None,
                created=datetime.now(UTC),
                **asdict(transcript.provenance),
            )
        )
    recording.transcript = transcript.id
    changed(session, recording.meeting_id, withdraws=False)
