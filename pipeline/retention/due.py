"""What has to be done by which day: fetched before the source deletes it, captioned, let go of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from catalogue import Meeting, Recording, has_text, public_decision
from pipeline.archive import Archive
from pipeline.recordings.to_fetch import to_fetch
from pipeline.retention.rules import Rule, rules


class DeadlineKind(StrEnum):
    FETCH = "fetch"  # the source deletes the recording
    CAPTIONS = "captions"  # the text has to be public
    VIDEO = "video"  # the recording goes here


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which something of a meeting may still be undone."""

    meeting_id: str
    kind: DeadlineKind
    day: date


def deadlines(archive: Archive, today: date) -> tuple[Deadline, ...]:
    """What is ahead (or overdue) and not done yet, soonest first. Raises `InputError` for rules that cannot be used.

    Of a meeting whose day nobody knows, and of one without a recording, nothing is due; what a person keeps does not
    go. A day that has passed since it could be met (the source has deleted the recording) stays in the list.
    """
    said = rules(archive.settings.home)
    held = {hold.meeting_id for hold in archive.catalogue.retention.holds()}
    found = [
        deadline
        for meeting in archive.catalogue.meetings()
        for deadline in _of(archive, meeting, said.of(meeting), meeting.id in held)
    ]
    return tuple(sorted(found, key=lambda d: (d.day, tuple(DeadlineKind).index(d.kind), d.meeting_id)))


def day_after(meeting: Meeting, days: int | None) -> date | None:
    """The day so many days after a meeting; None where that never comes, or nobody knows when it was."""
    if meeting.date is None or days is None:
        return None
    try:
        return meeting.date + timedelta(days=days)
    except OverflowError:
        return None  # beyond the calendar


def _of(archive: Archive, meeting: Meeting, rule: Rule, held: bool) -> Iterator[Deadline]:
    files = to_fetch(archive, meeting)
    if not files:
        return
    safe_here = all(r.original is not None and archive.store.exists(r.original) for r in files)
    days = {
        DeadlineKind.FETCH: None if safe_here else rule.source_days,
        DeadlineKind.CAPTIONS: None if _has_public_text(archive, meeting, files) else rule.captions_days,
        DeadlineKind.VIDEO: None if held else rule.video_days,
    }
    for kind, after in days.items():
        if day := day_after(meeting, after):
            yield Deadline(meeting.id, kind, day)


def _has_public_text(archive: Archive, meeting: Meeting, files: Sequence[Recording]) -> bool:
    decision = public_decision(archive.catalogue, meeting)
    return decision is not None and not decision.alone and has_text(archive.catalogue, decision, files)
