"""What there is to tell staff of all meetings: read from the catalogue, each meeting anew only when it has changed.

Of closed items the number is told and nothing else, of a meeting that is not public its id.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from catalogue import (
    Catalogue,
    Recording,
    RecordingKind,
    Runner,
    Settings,
    StepResult,
    StepState,
    closed_clips,
    closed_items,
    closed_not_found,
    published_outline,
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a meeting's own rows tell. `title` is empty where the meeting is not public. `waits`: a run has work with it;
    `unrecorded`: there is no recording yet; the rest is for a person, items by their numbers."""

    title: str
    waits: bool
    unrecorded: bool
    no_agenda: bool = False
    unplaced: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()  # of which there is a sign: what follows it is withheld
    closed_unseen: tuple[str, ...] = ()  # of which there is none: what of them was said may be public

    @property
    def to_review(self) -> bool:
        return self.no_agenda or bool(self.unplaced or self.closed or self.closed_unseen)


@dataclass(frozen=True, slots=True)
class Failed:
    """A step that failed the last time; `reason` is as the step said it, in English."""

    meeting_id: str
    title: str
    step: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Disk:
    """Room on a disk, in bytes."""

    what: str
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it, at one moment."""

    runners: tuple[Runner, ...]
    waiting: tuple[tuple[str, Looked], ...]
    unrecorded: int
    failed: tuple[Failed, ...]
    review: tuple[tuple[str, Looked], ...]
    unindexed: int
    unindexed_since: datetime | None
    reported: int
    disks: tuple[Disk, ...]
    nights: tuple[str, ...]


class Overlook:
    """Looks over the archive for staff. Safe to share between threads."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self._settings, self._catalogue = settings, catalogue
        self._looked: dict[str, tuple[int, Looked]] = {}  # by the meeting's revision
        self._lock = Lock()

    def now(self) -> Overview:
        steps, looked = self._catalogue.work.steps(), self._look()
        failed = _failed(steps, looked)
        stuck = {one.meeting_id for one in failed}
        waiting = self._catalogue.outbox.waiting()
        return Overview(
            runners=tuple(r for r in self._catalogue.runners.all() if r.works),
            waiting=tuple((m, one) for m, one in looked.items() if one.waits and m not in stuck),
            unrecorded=sum(one.unrecorded for one in looked.values()),
            failed=failed,
            review=tuple((m, one) for m, one in looked.items() if one.to_review),
            unindexed=len(waiting),
            unindexed_since=min((entry.since for entry in waiting), default=None),
            reported=self._catalogue.reports.count(),
            disks=tuple(self._disks()),
            nights=nights(self._settings),
        )

    def _look(self) -> dict[str, Looked]:
        with self._lock:
            revisions = self._catalogue.revisions()
            self._looked = {
                meeting_id: known
                if (known := self._looked.get(meeting_id)) and known[0] == revision
                else (revision, _look_at(self._catalogue, meeting_id))
                for meeting_id, revision in revisions.items()
            }
            return {meeting_id: looked for meeting_id, (_, looked) in self._looked.items()}

    def _disks(self) -> list[Disk]:
        found: dict[int, Disk] = {}
        for what, folder in (("home", self._settings.home), ("media", self._settings.media_folder)):
            if folder.exists():
                usage = shutil.disk_usage(folder)
                found.setdefault(folder.stat().st_dev, Disk(what, usage.free, usage.total))
        return list(found.values())


def nights(settings: Settings) -> tuple[str, ...]:
    """The days that there is a report of, newest first."""
    folder = settings.reports_folder
    found = folder.glob("????-??-??.*") if folder.is_dir() else ()
    return tuple(sorted({file.stem for file in found if file.suffix in (".html", ".txt")}, reverse=True))


def _look_at(catalogue: Catalogue, meeting_id: str) -> Looked:
    meeting = catalogue.meeting(meeting_id)
    public = published_outline(catalogue, meeting_id)
    if not meeting.recordings:
        return Looked(public.title if public else "", waits=False, unrecorded=True)
    doubtful = closed_not_found(catalogue, meeting_id)
    closed = tuple(number for number, sign in doubtful if sign)
    unseen = tuple(number for number, sign in doubtful if not sign)
    if public is None:
        return Looked("", waits=True, unrecorded=False, closed=closed, closed_unseen=unseen)
    shut = closed_clips(meeting, closed_items(meeting.agenda.items, catalogue.edits(meeting_id)))
    return Looked(
        public.title,
        waits=not all(_is_ready(recording) for recording in meeting.recordings if recording.id not in shut),
        unrecorded=False,
        no_agenda=not meeting.agenda.items,
        unplaced=tuple(item.number for item in public.items if not item.known),
        closed_unseen=unseen,
        closed=closed,
    )


def _is_ready(one: Recording) -> bool:
    """Whether a run has nothing left to do with it; what was let go of has its text, and no file to wait for."""
    played = one.kind is RecordingKind.NONE or one.playable is not None or one.retired is not None
    return one.transcript is not None and played


def _failed(
    steps: Mapping[str, Mapping[str, StepResult]], looked: Mapping[str, Looked]
) -> tuple[Failed, ...]:
    found = [
        Failed(meeting_id, looked[meeting_id].title, last.step, last.message, last.finished)
        for meeting_id, of_one in steps.items()
        if meeting_id in looked
        for last in of_one.values()
        if last.state is StepState.FAILED
    ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))
