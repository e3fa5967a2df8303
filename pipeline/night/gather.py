"""The night's report, gathered from what the night came to and from the catalogue as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from catalogue import Meeting, ReportKind, StepResult, StepState, free_bytes, published_outline
from pipeline.archive import Archive
from pipeline.night.discreet import closed_titles, discreet
from pipeline.night.gone import gone_for_good
from pipeline.night.measured import kept_bytes
from pipeline.night.names import meeting_name, short_name
from pipeline.night.outcome import NightOutcome, Part
from pipeline.night.queue import known_deadlines
from pipeline.night.report import (
    Ahead,
    Disk,
    Done,
    GoingOn,
    Items,
    NightReport,
    Portal,
    Problem,
    Speech,
    State,
)
from pipeline.night.reviews import closed_to_look_for, reviews, unplaced, without_names
from pipeline.night.told import last_told
from pipeline.quality import heard
from pipeline.recordings.lengths import hours_in
from pipeline.recordings.looking import goes_on
from pipeline.retention import RETENTION, DeadlineKind
from pipeline.runs.due import due_steps
from pipeline.runs.hearing import heard_so_far
from pipeline.runs.room import little_room
from pipeline.runs.steps import FETCH, INDEX, STEPS, TRANSCRIBE
from pipeline.syncing.report import ItemsOf, MunicipalityReport

AHEAD = timedelta(days=14)  # a fortnight of deadlines is in the report
MAKES = tuple(step for step in STEPS if step is not INDEX)  # what makes something of a meeting
THEN = {
    Part.SYNC: "talerstol sync",
    Part.SEARCH: "talerstol run",
    Part.EXPORT: "talerstol export",
    Part.MAIL: "talerstol check",
}


def gather(archive: Archive, outcome: NightOutcome, state: State) -> NightReport:
    """What staff are told of this night. Raises `EngineError` where the catalogue cannot be read."""
    return _Gathering(archive, outcome).report(state)


class _Gathering:
    """The archive and the night that are told of."""

    def __init__(self, archive: Archive, outcome: NightOutcome) -> None:
        self._archive, self._outcome = archive, outcome
        self._meetings = {meeting.id: meeting for meeting in archive.catalogue.meetings()}
        self._today = outcome.ended.astimezone().date()
        self._deadlines = known_deadlines(archive, self._today)
        self._gone = gone_for_good(outcome, self._deadlines, self._today)
        self._titles: frozenset[str] | None = None
        self._morning = outcome.until.astimezone().date()
        self._told = last_told(archive.settings.reports_folder, self._morning, outcome.began)
        self._steps = archive.catalogue.work.steps()
        self._new = tuple(self._finished())

    def report(self, state: State) -> NightReport:
        archive, outcome = self._archive, self._outcome
        new = frozenset(meeting.id for meeting in self._new)
        reports = archive.catalogue.reports.open()
        free, gone = free_bytes(archive.store.root), outcome.retirement.gone
        return NightReport(
            morning=self._morning,
            began=outcome.began,
            until=outcome.until,
            state=state,
            ended=outcome.ended,
            told=outcome.ended,
            meetings=len(self._meetings),
            done=tuple(self._done(one) for one in self._new),
            going_on=tuple(self._going_on(self._meetings[one]) for one in self._left()),
            failed=tuple(self._problems()),
            review=reviews(archive, self._meetings.values(), new),
            older_reviews=self._older_reviews(new),
            portals=tuple(self._portal(one) for one in outcome.sync),
            not_asked=outcome.not_asked,
            retired=tuple(self._name(one.meeting_id) for one in gone if one.text_kept),
            retired_whole=tuple(self._name(one.meeting_id) for one in gone if not one.text_kept),
            deadlines=tuple(self._ahead()),
            names_missing=without_names(archive, (meeting.municipality for meeting in self._heard())),
            gone=tuple(self._name(one) for one in sorted(self._gone)),
            reports_open=len(reports),
            reports_private=sum(report.kind is ReportKind.PRIVATE for report in reports),
            speech=self._speech(),
            disk=Disk(free, kept_bytes(archive), little_room(archive)),
        )

    def _left(self) -> tuple[str, ...]:
        run = self._outcome.run
        return tuple(dict.fromkeys((*run.waiting, *run.goes_on)))

    def _finished(self) -> list[Meeting]:
        """The meetings that are brought up to date and that no report has told of, in the order they were finished in:
        by this night, by one that was cut off, by a run in the day, or on another machine."""
        failed = {failure.meeting_id for failure in self._outcome.run.failed}
        found = []
        for meeting_id in self._steps.keys() & self._meetings.keys() - failed - set(self._left()):
            made = [result.finished for step in MAKES if (result := self._step_done(meeting_id, step.name))]
            if not made:
                continue
            last = max(made)
            new = meeting_id in self._told.left or self._told.since(meeting_id, last)
            if new and self._is_up_to_date(self._meetings[meeting_id]):
                found.append((last, meeting_id))
        return [self._meetings[meeting_id] for _, meeting_id in sorted(found)]

    def _is_up_to_date(self, meeting: Meeting) -> bool:
        """Whether all is made of it that there is. What only waits to reach the search index is told of the index."""
        archive = self._archive
        return bool(meeting.recordings) and not (
            due_steps(archive, [meeting.id], MAKES) or goes_on(archive, meeting)
        )

    def _done(self, meeting: Meeting) -> Done:
        accounts = heard(self._archive, meeting) if self._was_heard(meeting.id) else ()
        busy = sum(a.hours / a.times_real_time for a in accounts if a.times_real_time)
        hours = sum(a.hours for a in accounts)
        return Done(
            meeting_id=meeting.id,
            name=meeting_name(meeting),
            public=published_outline(self._archive.catalogue, meeting.id) is not None,
            hours=hours_in(meeting.recordings) or 0.0,
            heard=hours,
            covered=min((a.covered for a in accounts), default=None),
            speed=hours / busy if busy else None,
        )

    def _heard(self) -> list[Meeting]:
        return [meeting for meeting in self._new if self._was_heard(meeting.id)]

    def _was_heard(self, meeting_id: str) -> bool:
        heard = self._step_done(meeting_id, TRANSCRIBE.name)
        return heard is not None and self._told.since(meeting_id, heard.finished)

    def _step_done(self, meeting_id: str, step: str) -> StepResult | None:
        result = self._steps.get(meeting_id, {}).get(step)
        return result if result is not None and result.state is StepState.DONE else None

    def _going_on(self, meeting: Meeting) -> GoingOn:
        due = due_steps(self._archive, [meeting.id])
        return GoingOn(
            meeting_id=meeting.id,
            name=meeting_name(meeting),
            step=due[0].step if due else "",
            heard=sum(heard_so_far(self._archive, recording) for recording in meeting.recordings) / 3600,
            hours=hours_in(meeting.recordings),
            source=goes_on(self._archive, meeting) or "",
        )

    def _problems(self) -> Iterable[Problem]:
        for trouble in self._outcome.other_troubles:
            then = THEN.get(trouble.part, "talerstol night")
            yield Problem("", "", trouble.part.value, self._discreet(trouble.message), then)
        for failure in self._outcome.run.failed:
            if failure.step == FETCH.name and failure.meeting_id in self._gone:
                continue
            then = (
                "talerstol check"
                if failure.step == RETENTION
                else f"talerstol run {failure.meeting_id}".rstrip()
            )
            message = self._discreet(failure.message)
            yield Problem(failure.meeting_id, self._name(failure.meeting_id), failure.step, message, then)
        for resists in self._outcome.retirement.failed:
            name, message = self._name(resists.meeting_id), self._discreet(resists.message)
            yield Problem(resists.meeting_id, name, Part.RETENTION.value, message, "talerstol night")
        for municipality in self._outcome.sync:
            for one in municipality.failed:
                name = (
                    self._name(one.subject) if one.subject in self._meetings else self._discreet(one.subject)
                )
                message = self._discreet(one.message)
                yield Problem(
                    municipality.name, f"{municipality.name}: {name}", Part.SYNC.value, message, one.then
                )

    def _discreet(self, message: str) -> str:
        if self._titles is None:
            self._titles = closed_titles(self._archive.catalogue, self._meetings.values())
        return discreet(message, self._titles)

    def _name(self, meeting_id: str) -> str:
        meeting = self._meetings.get(meeting_id)
        return meeting_name(meeting) if meeting else meeting_id

    def _older_reviews(self, new: frozenset[str]) -> int:
        others = (meeting for one, meeting in self._meetings.items() if one not in new)
        shown = closed_to_look_for
        return sum(
            bool(unplaced(self._archive, meeting)) and not shown(self._archive, meeting)
            for meeting in others
            if meeting.recordings
        )

    def _portal(self, one: MunicipalityReport) -> Portal:
        return Portal(
            name=one.name,
            new=self._names(one.new),
            changed=len(one.changed),
            recorded=self._names(one.recorded),
            waiting=self._names(one.waiting),
            gone=self._names(one.gone),
            closed=self._items(one.closed),
            opened=self._items(one.opened),
        )

    def _names(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Beside their municipality."""
        known = ((one, self._meetings.get(one)) for one in ids)
        return tuple(short_name(meeting) if meeting else one for one, meeting in known)

    def _items(self, found: Iterable[ItemsOf]) -> tuple[Items, ...]:
        return tuple(
            Items(one.meeting_id, self._names([one.meeting_id])[0], tuple(one.items)) for one in found
        )

    def _ahead(self) -> Iterable[Ahead]:
        stays = {one.meeting_id: one.why.why.value for one in self._outcome.retirement.staying}
        for one in self._deadlines:
            if one.day <= self._today + AHEAD and one.meeting_id not in self._gone:
                why = stays.get(one.meeting_id, "") if one.kind is DeadlineKind.VIDEO else ""
                overdue = bool(why) or one.day < self._today
                goes_on = overdue and bool(due_steps(self._archive, [one.meeting_id]))
                name = self._name(one.meeting_id)
                yield Ahead(one.meeting_id, name, one.kind.value, one.day, overdue, goes_on, why)

    def _speech(self) -> Speech | None:
        """Of all recordings heard since the report before; their account is that of the transcripts."""
        found = [
            quality
            for meeting in self._heard()
            for recording in meeting.recordings
            if recording.transcript and (quality := self._archive.catalogue.quality(recording.transcript))
        ]
        if not found:
            return None
        seconds, busy = sum(q.duration for q in found), sum(q.busy for q in found)
        speech = sum(q.speech for q in found)
        missing = sum(gap.end - gap.start for q in found for gap in q.gaps)
        covered = max(0.0, 1 - missing / speech) if speech else 1.0
        return Speech(seconds / 3600, covered, seconds / busy if busy else 0.0)
