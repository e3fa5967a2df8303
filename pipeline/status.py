"""`talerstol status`: what is done, waiting, failed, and what a person should look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalogue import Meeting, PublishedMeeting, StepState, closed_not_found, published_meeting
from pipeline.archive import Archive
from pipeline.editing.items import lost_notes
from pipeline.index.outbox import counted
from pipeline.live.gaps import gap_notes
from pipeline.quality import Heard, heard, notes
from pipeline.recordings.looking import GoesOn, goes_on, wholeness_notes
from pipeline.retention import retention_notes
from pipeline.runs.due import stale_steps
from pipeline.runs.steps import STEPS


class State(StrEnum):
    DONE = "done"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepStatus:
    name: str
    state: State
    seconds: float | None
    message: str


@dataclass(frozen=True, slots=True)
class MeetingStatus:
    """One meeting as staff see it. `review` lists what needs a person, in plain words; `waits_for` says what is
    waited for besides the next run; `retention` what was let go of, and what a person keeps."""

    id: str
    title: str
    state: State
    steps: tuple[StepStatus, ...]
    public: bool
    items: int
    placed: int
    sentences: int
    review: tuple[str, ...]
    heard: tuple[Heard, ...] = ()
    waits_for: str = ""
    retention: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """How many meetings wait to reach the search index, how many of them with something that must leave it, and since
    when."""

    waiting: int
    withdrawing: int
    since: datetime | None

    @property
    def sentence(self) -> str:
        since = f" since {self.since.astimezone():%Y-%m-%d %H:%M}" if self.since else ""
        leaves = (
            f", {self.withdrawing} of them with changes that may withdraw text" if self.withdrawing else ""
        )
        return f"{counted(self.waiting)} to reach the search index{since}{leaves}"


def outbox_status(archive: Archive) -> OutboxStatus:
    waiting = archive.catalogue.outbox.waiting()
    since = min((entry.since for entry in waiting), default=None)
    return OutboxStatus(len(waiting), sum(entry.withdraws for entry in waiting), since)


def meeting_status(archive: Archive, meeting_id: str) -> MeetingStatus:
    meeting = archive.catalogue.meeting(meeting_id)
    steps = _steps(archive, meeting)
    published = published_meeting(archive.catalogue, meeting_id)
    accounts = heard(archive, meeting)
    states = {step.state for step in steps}
    if not meeting.recordings:  # only its agenda is public as yet
        states.add(State.WAITING)
    state = next(s for s in (State.FAILED, State.WAITING, State.DONE) if s in states)
    return MeetingStatus(
        id=meeting.id,
        title=meeting.title,
        state=state,
        steps=steps,
        public=published is not None,
        items=len(meeting.agenda.items),
        placed=published.placed if published else 0,
        sentences=len(published.sentences) if published else 0,
        review=(
            *_review(meeting, published),
            *_closed_to_look_for(archive, meeting),
            *lost_notes(archive, meeting),
            *wholeness_notes(archive, meeting),
            *gap_notes(meeting),
            *notes(accounts),
        ),
        heard=accounts,
        waits_for=_waits_for(archive, meeting),
        retention=retention_notes(archive, meeting),
    )


def _waits_for(archive: Archive, meeting: Meeting) -> str:
    if not meeting.recordings:
        return "no recording yet; `talerstol sync` looks for it again"
    if goes_on(archive, meeting) is GoesOn.LIVE:
        return "still being broadcast; it is fetched when it has ended, by a run an hour later or more"
    return ""


def _steps(archive: Archive, meeting: Meeting) -> tuple[StepStatus, ...]:
    recorded = archive.catalogue.steps(meeting.id)
    found: list[StepStatus] = []
    with_work = {step.name for step in stale_steps(archive, meeting, STEPS)}
    for step in STEPS:
        last = recorded.get(step.name)
        waiting_before = any(s.state is not State.DONE for s in found)
        stale = step.name in with_work
        if stale and last is not None and last.state is StepState.FAILED:
            found.append(StepStatus(step.name, State.FAILED, last.seconds, last.message))
        elif stale or waiting_before:
            found.append(StepStatus(step.name, State.WAITING, None, ""))
        else:
            found.append(StepStatus(step.name, State.DONE, last.seconds if last else None, ""))
    return tuple(found)


def _review(meeting: Meeting, published: PublishedMeeting | None) -> tuple[str, ...]:
    if published is None or not meeting.recordings:
        return ()
    notes = []
    if not meeting.agenda.items:
        notes.append("no agenda: the transcript is not cut by item")
    unplaced = [item.number for item in published.items if not item.known]
    if unplaced and published.sentences:
        notes.append(f"agenda items not found in the recording: {', '.join(unplaced)}")
    if not published.sentences:
        notes.append("no public text")
    return tuple(notes)


def _closed_to_look_for(archive: Archive, meeting: Meeting) -> tuple[str, ...]:
    """What is withheld in doubt, and what could not be: a closed item whose place in the recording is not known."""
    if not meeting.recordings:
        return ()
    return tuple(
        f"closed item {number} was not found: "
        + (
            "check what is withheld in its place"
            if sign
            else "what was said of it may be public. Listen, then: "
            f"talerstol items {meeting.id} --set {number}=TIME (or {number}=none)"
        )
        for number, sign in closed_not_found(archive.catalogue, meeting.id)
    )


def tally(statuses: list[MeetingStatus]) -> str:
    """One line: how many meetings are done, waiting, failed."""
    counts = Counter(status.state for status in statuses)
    review = sum(bool(status.review) for status in statuses)
    parts = [f"{counts[state]} {state}" for state in State if counts[state]]
    gone = sum(any("was removed" in note for note in status.retention) for status in statuses)
    parts += [f"{gone} without their recordings"] if gone else []
    return ", ".join([*parts, *([f"{review} to review"] if review else [])]) or "the archive is empty"
