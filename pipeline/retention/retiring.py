"""Letting go of recordings whose time here is over, and never of one whose text is not safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from catalogue import Meeting, Recording, TalerstolError, files_of
from pipeline.archive import Archive
from pipeline.recordings.to_fetch import to_fetch
from pipeline.recordings.workspaces import workspaces
from pipeline.retention.due import day_after
from pipeline.retention.following import follow_rules
from pipeline.retention.rules import RETENTION, Rule, rules
from pipeline.retention.safe import why_not_safe
from pipeline.runs.locks import alone
from pipeline.terminal.reporter import Reporter, Task

LETTING = Task("retire", "letting go of recordings")


@dataclass(frozen=True, slots=True)
class Retired:
    """A meeting whose recordings have gone now: how many, what room that made, and whether its text is still public."""

    meeting_id: str
    recordings: int
    bytes: int
    text_kept: bool
    why: str


def retire(archive: Archive, reporter: Reporter, today: date) -> tuple[Retired, ...]:
    """Bring every meeting to what the rules say of it on this day, and go on where one before was killed.

    What cannot go yet because its text is not safe, and what fails, is told through `reporter`; neither stops the
    others. Raises `InputError` for rules that cannot be used, and `EngineError` while a run is at work.
    """
    said = rules(archive.settings.home)
    done: list[Retired] = []
    with alone(archive, LETTING.name):
        if said.written:  # without, there is nothing to follow, and the run has said so
            follow_rules(archive, said)
        for meeting in archive.catalogue.meetings():
            try:
                done += _bring(archive, reporter, meeting, said.of(meeting), today)
            except TalerstolError as error:
                reporter.failed(meeting.id, LETTING, error.sentence)
            except OSError as error:
                told = (
                    f"a file cannot be deleted ({error.strerror})\nCheck the media folder; it is tried again."
                )
                reporter.failed(meeting.id, LETTING, told)
    return tuple(done)


def _bring(
    archive: Archive, reporter: Reporter, meeting: Meeting, rule: Rule, today: date
) -> Iterator[Retired]:
    left = [r for r in meeting.recordings if r.retired and files_of(r)]
    day = day_after(meeting, rule.video_days)
    going = to_fetch(archive, meeting) if day is not None and today >= day else []
    if going and not _may_go(archive, reporter, meeting, going, rule, today):
        going = []
    if not (going or left):
        return
    with reporter.step(meeting.id, LETTING):
        if going and not rule.keep_text:
            archive.catalogue.retention.withhold_text(meeting.id, True)
        freed = sum(_delete(archive, meeting, recording) for recording in (*left, *going))
    kept = not any(r.text_retired for r in archive.catalogue.meeting(meeting.id).recordings)
    yield Retired(meeting.id, len(going) + len(left), freed, kept, _why(rule))


def _may_go(
    archive: Archive,
    reporter: Reporter,
    meeting: Meeting,
    going: Sequence[Recording],
    rule: Rule,
    today: date,
) -> bool:
    """Whether they may; from then on the catalogue says that they are gone, and nobody is shown them."""
    if archive.catalogue.retention.holds(meeting.id):
        return False  # a person keeps them: nothing to tell
    if why := why_not_safe(archive, meeting):
        reporter.note(
            f"{meeting.id}: its recording stays although its {rule.video_days} days are over: {why}"
        )
        return False
    texts = {r.id: r.transcript for r in going if r.transcript}
    assert len(texts) == len(going)
    return archive.catalogue.retention.retire(meeting.id, texts, today, _why(rule), archive.now())


def _why(rule: Rule) -> str:
    return f"{rule.video_days} days after the meeting, as {RETENTION} says" if rule.video_days else RETENTION


def _delete(archive: Archive, meeting: Meeting, recording: Recording) -> int:
    """Delete all files of a recording that was let go of, then their names; returns the bytes that were freed."""
    freed = 0
    for name in files_of(recording):
        if archive.store.exists(name):
            freed += archive.store.path(name).stat().st_size
        archive.store.delete(name)
    for key in workspaces(recording.id):
        archive.store.discard(key)
    from web import forget_clips  # the web is needed where something goes, and not to ask what the rules are

    forget_clips(archive.settings, meeting.id)
    archive.catalogue.retention.files_gone(recording.id)
    return freed
