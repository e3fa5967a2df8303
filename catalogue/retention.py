"""What is let go of: recordings whose time here is over, and the holds by which people keep them.

A recording goes in two moves. First the catalogue says, in one transaction, that it is let go of, since when and why:
from then on nobody is shown it. Then its files are deleted, and at last their names. Whoever is killed in between
finds on the row what is left to delete.

Its text stays as it was: transcripts are never changed. Where the rule says that the text goes as well, it is withheld
from the public (`catalogue.withholding`), and comes back when the rule does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from catalogue.outbox import changed
from catalogue.records import StepState
from catalogue.rows import locked_meeting
from catalogue.serial import load_segmentation
from catalogue.tables import HoldRow, RecordingRow, StepRow, TranscriptRow
from catalogue.transactions import Transactions

RETIRE = "retire"  # what the catalogue's steps call it, though it is none of a run


@dataclass(frozen=True, slots=True)
class Hold:
    """That a person keeps a meeting's recordings: who, why, since when."""

    meeting_id: str
    by: str
    why: str
    at: datetime


class Retention:
    """What is let go of, and what is held. Safe to share between threads."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    def hold(self, hold: Hold) -> None:
        """Keep a meeting's recordings until that is taken back. Raises `UnknownMeeting`."""
        with self._database.write() as session:
            locked_meeting(session, hold.meeting_id)
            session.add(HoldRow(meeting_id=hold.meeting_id, by=hold.by, why=hold.why, at=hold.at))

    def release(self, meeting_id: str, at: datetime) -> int:
        """Take back every hold of a meeting; returns how many there were. They stay on record."""
        with self._database.write() as session:
            locked_meeting(session, meeting_id)
            rows = list(session.scalars(_HELD.where(HoldRow.meeting_id == meeting_id)))
            for row in rows:
                row.ended = at
            return len(rows)

    def holds(self, meeting_id: str = "") -> list[Hold]:
        """What is held now, of one meeting or of all, the oldest first."""
        asked = _HELD.where(HoldRow.meeting_id == meeting_id) if meeting_id else _HELD
        with self._database.read() as session:
            return [Hold(r.meeting_id, r.by, r.why, r.at) for r in session.scalars(asked)]

    def retire(self, meeting_id: str, texts: Mapping[str, str], day: date, why: str, at: datetime) -> bool:
        """Let go of these recordings: ids, each with that of the transcript which is its text.

        False, and nothing is changed, where a person holds the meeting, or the text of one of them is not (any more)
        in the catalogue and among those that its items are placed in.
        """
        with self._database.write() as session:
            row = locked_meeting(session, meeting_id)
            segmentation = load_segmentation(row.segmentation) if row.segmentation else None
            placed = segmentation.transcripts if segmentation else ()
            rows = [r for r in row.recordings if r.id in texts and r.retired is None]
            safe = len(rows) == len(texts) and all(
                r.transcript == texts[r.id]
                and r.transcript in placed
                and session.get(TranscriptRow, r.transcript) is not None
                for r in rows
            )
            if not rows or not safe or session.scalar(_HELD.where(HoldRow.meeting_id == meeting_id).limit(1)):
                return False
            for recording in rows:
                recording.retired, recording.retired_why = day, why
            session.merge(
                StepRow(
                    meeting_id=meeting_id,
                    step=RETIRE,
                    state=StepState.DONE.value,
                    fingerprint="",
                    finished=at,
                    seconds=0.0,
                    message=why,
                )
            )
            changed(session, meeting_id, withdraws=False)
            return True

    def files_gone(self, recording_id: str) -> None:
        """Of a recording that was let go of no file is left: their names go, too."""
        with self._database.write() as session:
            row = session.get_one(RecordingRow, recording_id)
            assert row.retired is not None
            row.original = row.audio = row.playable = row.playable_without = None

    def withhold_text(self, meeting_id: str, withheld: bool) -> None:
        """Whether the text of what was let go of is withheld from the public."""
        with self._database.write() as session:
            row = locked_meeting(session, meeting_id)
            rows = [r for r in row.recordings if r.retired is not None and r.text_retired != withheld]
            for recording in rows:
                recording.text_retired = withheld
            if rows:
                changed(session, meeting_id, withdraws=withheld)

    def captions_first(self, meeting_id: str, wanted: bool) -> None:
        """Whether nothing but the agenda may be public before every recording has its text."""
        with self._database.write() as session:
            row = locked_meeting(session, meeting_id)
            if row.captions_first != wanted:
                row.captions_first = wanted
                changed(session, meeting_id, withdraws=True)


_HELD = select(HoldRow).where(HoldRow.ended.is_(None)).order_by(HoldRow.id)
