"""Letting go of recordings whose time here is over, and never of one whose text is not safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from catalogue import EngineError, Meeting, Recording, TalerstolError, files_of
from pipeline.archive import Archive
from pipeline.recordings.left import remove_left
from pipeline.recordings.to_fetch import to_fetch
from pipeline.recordings.workspaces import workspaces
from pipeline.retention.due import day_after
from pipeline.retention.following import follow_rules
from pipeline.retention.rules import RETENTION, Rule, rules
from pipeline.retention.safe import NotSafe, why_not_safe
from pipeline.runs.faults import fault
from pipeline.runs.locks import alone
from pipeline.runs.running import Running
from pipeline.terminal.reporter import Reporter, Task

LETTING = Task("retire", "letting go of recordings")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Retired:
    """A meeting whose recordings have gone now: how many, what room that made, and whether its text is still public."""

    meeting_id: str
    recordings: int
    bytes: int
    text_kept: bool
    why: str


@dataclass(frozen=True, slots=True)
class Staying:
    """A meeting whose recordings stay although their day has come, and why."""

    meeting_id: str
    why: NotSafe


@dataclass(frozen=True, slots=True)
class NotRetired:
    """A meeting that could not be brought to what the rules say, and why, in the words of the command line."""

    meeting_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Retirement:
    """What came of letting go."""

    gone: tuple[Retired, ...] = ()
    staying: tuple[Staying, ...] = ()
    failed: tuple[NotRetired, ...] = ()


class NotDeleted(EngineError):
    """Something of a recording that was let go of is still on the disk."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"cannot be deleted ({reason})",
            where=name,
            remedy="See who may write in the media folder; the next night tries again. Nobody is shown it meanwhile.",
        )


def retire(archive: Archive, reporter: Reporter, today: date) -> Retirement:
    """Bring every meeting to what the rules say of it on this day, and go on where one before was killed.

    What cannot go yet because its text is not safe, and what fails, stops none of the others. Raises `InputError` for
    rules that cannot be used, and `EngineError` while a run is at work.
    """
    said = rules(archive.settings.home)
    with alone(archive, LETTING.name) as me:
        if said.written:  # without, there is nothing to follow, and the run has said so
            follow_rules(archive, said)
        letting = _Letting(archive, reporter, me, today)
        for meeting in archive.catalogue.meetings():
            letting.bring(meeting, said.of(meeting))
    return Retirement(tuple(letting.gone), tuple(letting.staying), tuple(letting.failed))


class _Letting:
    """One pass over the meetings, and what came of it."""

    def __init__(self, archive: Archive, reporter: Reporter, me: Running, today: date) -> None:
        self._archive, self._reporter, self._me, self._today = archive, reporter, me, today
        self.gone: list[Retired] = []
        self.staying: list[Staying] = []
        self.failed: list[NotRetired] = []

    def bring(self, meeting: Meeting, rule: Rule) -> None:
        """Bring one meeting to what its rule says; whatever goes wrong with it is among what failed."""
        try:
            if self._going(meeting, rule) or _left(meeting):
                self._with_lease(meeting.id, rule)
        except TalerstolError as error:
            self._failed(meeting.id, error.sentence)
        except Exception as error:
            log.exception("letting go failed unexpectedly", meeting=meeting.id)
            self._failed(meeting.id, fault(type(error).__name__))

    def _with_lease(self, meeting_id: str, rule: Rule) -> None:
        """No other machine fetches or hears a meeting while it is looked at and let go of."""
        if not self._me.take(meeting_id):
            self._reporter.note(f"{meeting_id}: another runner has it; the next night looks again")
            return
        try:
            self._let_go(self._archive.catalogue.meeting(meeting_id), rule)
        finally:
            self._me.release(meeting_id)

    def _going(self, meeting: Meeting, rule: Rule) -> list[Recording]:
        day = day_after(meeting, rule.video_days)
        return to_fetch(self._archive, meeting) if day is not None and self._today >= day else []

    def _let_go(self, meeting: Meeting, rule: Rule) -> None:
        left, going = _left(meeting), self._going(meeting, rule)
        if going and not self._may_go(meeting, going, rule):
            going = []
        if not (going or left):
            return
        with self._reporter.step(meeting.id, LETTING):
            if going and not rule.keep_text:
                self._archive.catalogue.retention.withhold_text(meeting.id, True)
            freed = _delete(self._archive, meeting, (*left, *going))
        kept = not any(r.text_retired for r in self._archive.catalogue.meeting(meeting.id).recordings)
        self.gone.append(Retired(meeting.id, len(going) + len(left), freed, kept, _why(rule)))

    def _may_go(self, meeting: Meeting, going: Sequence[Recording], rule: Rule) -> bool:
        """Whether they may; from then on the catalogue says that they are gone, and nobody is shown them."""
        retention = self._archive.catalogue.retention
        if retention.holds(meeting.id):
            return False  # a person keeps them: nothing to tell
        deleted = day_after(meeting, rule.source_days)
        if why := why_not_safe(self._archive, meeting, deleted is None or self._today <= deleted):
            self.staying.append(Staying(meeting.id, why))
            self._reporter.note(
                f"{meeting.id}: its recording stays although its {rule.video_days} days are over: {why.said}"
            )
            return False
        texts = {r.id: r.transcript for r in going if r.transcript}
        assert len(texts) == len(going)
        return retention.retire(meeting.id, texts, self._today, _why(rule), self._archive.now())

    def _failed(self, meeting_id: str, message: str) -> None:
        self.failed.append(NotRetired(meeting_id, message))
        self._reporter.failed(meeting_id, LETTING, message)


def _left(meeting: Meeting) -> list[Recording]:
    """What was let go of before, and has files still."""
    return [recording for recording in meeting.recordings if recording.retired and files_of(recording)]


def _why(rule: Rule) -> str:
    return f"{rule.video_days} days after the meeting, as {RETENTION} says" if rule.video_days else RETENTION


def _delete(archive: Archive, meeting: Meeting, recordings: Sequence[Recording]) -> int:
    """Delete all files of recordings that were let go of, then their names, and what a killed run left of them; returns
    the bytes that were freed.

    Raises `NotDeleted` for the first that resists, when all the others have gone. Its names stay on the row, by which
    the next night finds it.
    """
    from web import forget_clips  # the web is needed where something goes, and not to ask what the rules are

    forget_clips(archive.settings, meeting.id)
    freed, resists = 0, list[NotDeleted]()
    for recording in recordings:
        before = len(resists)
        for name in files_of(recording):
            try:
                size = archive.store.path(name).stat().st_size if archive.store.exists(name) else 0
                archive.store.delete(name)
                freed += size
            except OSError as error:
                resists.append(NotDeleted(name, error.strerror or type(error).__name__))
        for key in workspaces(recording.id):
            archive.store.discard(key)
            if archive.store.workspace_path(key).exists():
                resists.append(NotDeleted(archive.store.workspace_path(key).name, "it is still there"))
        if len(resists) == before:
            archive.catalogue.retention.files_gone(recording.id)
    if resists:
        raise resists[0]
    return freed + remove_left(archive, meeting.id)
