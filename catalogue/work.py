"""What is on record of the work on all meetings together, by few questions."""

from __future__ import annotations

from sqlalchemy import func, select

from catalogue.records import StepResult, StepState, TranscriptOrigin
from catalogue.rows import step_of
from catalogue.tables import RecordingRow, StepRow, TranscriptRow
from catalogue.transactions import Transactions


class Work:
    """Reads what the steps came to. Safe to share between threads."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    def steps(self) -> dict[str, dict[str, StepResult]]:
        """What is on record of each step of each meeting, by the meeting's id and the step's name."""
        found: dict[str, dict[str, StepResult]] = {}
        with self._database.read() as session:
            for row in session.scalars(select(StepRow)):
                found.setdefault(row.meeting_id, {})[row.step] = step_of(row)
        return found

    def counts(self) -> dict[tuple[str, StepState], int]:
        """Of how many meetings each step is done, or failed the last time, by the step's name and state."""
        asked = select(StepRow.step, StepRow.state, func.count()).group_by(StepRow.step, StepRow.state)
        with self._database.read() as session:
            return {(step, StepState(state)): count for step, state, count in session.execute(asked)}

    def seconds_heard(self) -> float:
        """How much recording has been heard by a speech model, in seconds."""
        asked = (
            select(func.sum(RecordingRow.duration))
            .join(TranscriptRow, TranscriptRow.id == RecordingRow.transcript)
            .where(TranscriptRow.origin == TranscriptOrigin.MODEL.value)
        )
        with self._database.read() as session:
            return float(session.scalar(asked) or 0.0)
