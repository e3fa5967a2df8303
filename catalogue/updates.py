"""When each meeting last changed, as far as the catalogue's own times say it.

No column keeps it: it is the latest of the times at which a meeting was added, a person's edit was made or taken back, and a step
brought something about. `touched` counts also what only reached the search index and what still waits to: it may be
later than the change, never earlier, so that who asks for "everything since" misses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from catalogue.tables import EditRow, MeetingRow, OutboxRow, StepRow, UtcDateTime

_INDEX = "index"  # the step that changes nothing of a meeting


@dataclass(frozen=True, slots=True)
class Updated:
    """Moments in UTC."""

    changed: datetime
    touched: datetime


def read_updates(session: Session) -> dict[str, Updated]:
    """Of every meeting, by its id."""
    finished = func.max(StepRow.finished, type_=UtcDateTime())
    at = func.max(func.coalesce(EditRow.taken_back, EditRow.at), type_=UtcDateTime())
    steps = select(StepRow.meeting_id, finished).group_by(StepRow.meeting_id)
    edits = select(EditRow.meeting_id, at).group_by(EditRow.meeting_id)

    def times(query: Select[str, datetime]) -> dict[str, datetime]:
        return {meeting_id: at for meeting_id, at in session.execute(query)}

    changes = [times(steps.where(StepRow.step != _INDEX)), times(edits)]
    others = [times(steps), times(select(OutboxRow.meeting_id, OutboxRow.since))]
    created = times(select(MeetingRow.id, MeetingRow.created))
    return {id_: _updated(id_, first, changes, others) for id_, first in created.items()}


def _updated(
    meeting_id: str,
    created: datetime,
    changes: list[dict[str, datetime]],
    others: list[dict[str, datetime]],
) -> Updated:
    changed = max([created, *(times[meeting_id] for times in changes if meeting_id in times)])
    return Updated(changed, max([changed, *(times[meeting_id] for times in others if meeting_id in times)]))
