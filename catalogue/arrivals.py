"""What a recording's source said of the file that was fetched, so that a later look can tell whether it has changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.outbox import changed
from catalogue.tables import ArrivalRow, RecordingRow
from catalogue.transactions import Transactions

SAME_SECONDS = 2.0  # sources round their durations, some to whole seconds


@dataclass(frozen=True, slots=True)
class Version:
    """What a source calls the file that it has now. Empty and None where it does not say."""

    tag: str = ""  # ETag; of a playlist a digest of its segments
    modified: str = ""  # Last-Modified as sent; of a file here its time
    length: int | None = None  # bytes
    seconds: float | None = None  # what a playlist or a page announces
    ended: bool = False  # it says itself that nothing more will come

    def differs_from(self, other: Version) -> bool:
        """Whether something that both say proves another file.

        Of one file, some servers give a tag a machine: so the same length and time outweigh another tag.
        """
        if self.length is not None and other.length is not None and self.length != other.length:
            return True
        seconds = (self.seconds, other.seconds)
        if None not in seconds and abs((self.seconds or 0) - (other.seconds or 0)) > SAME_SECONDS:
            return True
        said = [(a, b) for a, b in ((self.tag, other.tag), (self.modified, other.modified)) if a and b]
        return bool(said) and all(a != b for a, b in said)

    def same_as(self, other: Version) -> bool:
        """Whether something that both say proves the same file."""
        said = (self.tag and self.tag == other.tag) or (self.modified and self.modified == other.modified)
        return bool(said) and not self.differs_from(other)

    def longer_than(self, other: Version) -> bool:
        for mine, theirs in ((self.seconds, other.seconds), (self.length, other.length)):
            if mine is not None and theirs is not None:
                return mine > theirs
        return False


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a recording's source was last looked at, and what it said.

    `tries` counts what was done about an incomplete recording. `wanted`: it is to be fetched anew. `growing`: it was
    longer than before, and nothing yet says that it is whole. `note` is what a person should know of it.
    """

    recording_id: str
    version: Version
    looked: datetime
    tries: int = 0
    wanted: bool = False
    growing: bool = False
    note: str = ""


class Arrivals:
    """What is on record of recordings that were fetched."""

    def __init__(self, database: Transactions) -> None:
        self._database = database

    def of(self, meeting_id: str) -> dict[str, Arrival]:
        """By the recording's id; recordings that nothing was fetched of have none."""
        asked = (
            select(ArrivalRow)
            .join(RecordingRow, RecordingRow.id == ArrivalRow.recording_id)
            .where(RecordingRow.meeting_id == meeting_id)
        )
        with self._database.read() as session:
            return {row.recording_id: _arrival(row) for row in session.scalars(asked)}

    def keep(self, *arrivals: Arrival) -> None:
        """Write these down. Whether a recording grows is what readers are told, too."""
        with self._database.write() as session:
            for arrival in arrivals:
                before = session.get(ArrivalRow, arrival.recording_id)
                if arrival.growing != (before is not None and before.growing):
                    recording = session.get_one(RecordingRow, arrival.recording_id)
                    changed(session, recording.meeting_id, withdraws=False)
            keep_arrivals(session, arrivals)


def keep_arrivals(session: Session, arrivals: Sequence[Arrival]) -> None:
    """Write these down within a transaction that does more."""
    for arrival in arrivals:
        row = asdict(arrival) | {"version": json.dumps(asdict(arrival.version), sort_keys=True)}
        session.merge(ArrivalRow(**row))


def _arrival(row: ArrivalRow) -> Arrival:
    return Arrival(
        row.recording_id,
        Version(**json.loads(row.version)),
        row.looked,
        row.tries,
        row.wanted,
        row.growing,
        row.note,
    )
