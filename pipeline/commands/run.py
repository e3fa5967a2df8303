"""`talerstol run`: every meeting brought up to date, or what that would take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Annotated

import typer

from catalogue import InputError, Settings, load_settings
from pipeline.archive import Archive, open_archive
from pipeline.export import export_after_run
from pipeline.night import Plan, Waiting, plan, plan_lines, queue
from pipeline.runs.deadline import next_time
from pipeline.runs.outcome import Failure, Outcome
from pipeline.runs.runner import Run
from pipeline.runs.steps import STEPS, Step
from pipeline.terminal import console
from pipeline.terminal.console import OK, SOME_FAILED, STOPPED, AsJson, out, write_json


def run(
    meetings: Annotated[
        list[str] | None, typer.Argument(metavar="[MEETING]", help="Ids; all if left out.")
    ] = None,
    until: Annotated[str, typer.Option(help="Stop at this time of day, HH:MM.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    step: Annotated[str, typer.Option(help="Run only this step.")] = "",
    executor: Annotated[str, typer.Option(help="Where speech is recognised: local or ray.")] = "",
    as_json: AsJson = False,
) -> None:
    """Bring meetings up to date: fetch, transcribe, place agenda items, index.

    Example: talerstol run --until 06:00
    """
    steps = _steps(step)
    with open_archive(_settings_with(executor)) as archive:
        moment = archive.now()
        waiting = queue(archive, moment.astimezone().date())
        if meetings:
            waiting = tuple(_asked_for(archive, waiting, meetings))
        meeting_ids = [one.meeting_id for one in waiting]
        deadline = next_time(until, moment) if until else None
        if dry_run:
            _show_due(plan(archive, waiting, deadline, steps), as_json)
            return
        with console.make_reporter() as reporter:
            outcome = Run(archive, reporter, steps, deadline).bring_up_to_date(meeting_ids)
            if not step and not outcome.waiting and (why := export_after_run(archive, reporter)):
                outcome = replace(outcome, failed=(*outcome.failed, Failure("", "export", why)))
    show_outcome(outcome, len(meeting_ids), as_json)
    raise typer.Exit(SOME_FAILED if outcome.failed else STOPPED if outcome.waiting or outcome.goes_on else OK)


def _asked_for(archive: Archive, known: Sequence[Waiting], ids: Sequence[str]) -> Iterator[Waiting]:
    """Those that were named, in the order they were named in."""
    by_id = {one.meeting_id: one for one in known}
    for meeting_id in ids:
        archive.catalogue.meeting(meeting_id)  # an unknown id is said before any work begins
        yield by_id[meeting_id]


def _show_due(planned: Plan, as_json: bool) -> None:
    if as_json:
        due = [{"meeting_id": m.meeting_id, "step": step} for m in planned.meetings for step in m.steps]
        write_json({"due": due, "plan": asdict(planned)})
        return
    for line in plan_lines(planned):
        out.print(line, markup=False)


def show_outcome(outcome: Outcome, total: int, as_json: bool) -> None:
    if as_json:
        write_json(asdict(outcome))
        return
    worked = len({meeting_id for meeting_id, _ in outcome.done})
    out.print(
        f"{total} meetings: {worked} worked on, {len(outcome.failed)} failed, {len(outcome.waiting)} waiting."
    )
    for meeting_id in outcome.goes_on:
        out.print(f"- {meeting_id}: its recording goes on at its source; run again in an hour", markup=False)
    for failure in outcome.failed:
        subject = f"{failure.meeting_id} ({failure.step})" if failure.meeting_id else failure.step
        out.print(f"- {subject}: {failure.message}", markup=False)
        out.print(f"  Then: {f'talerstol run {failure.meeting_id}'.rstrip()}", markup=False)


def _settings_with(executor: str) -> Settings:
    if executor not in ("", "local", "ray"):
        raise InputError("can only be local or ray", where="--executor")
    settings = load_settings()
    return settings.model_copy(update={"executor": executor}) if executor else settings


def _steps(name: str) -> tuple[Step, ...]:
    if not name:
        return STEPS
    chosen = tuple(step for step in STEPS if step.name == name)
    if not chosen:
        raise InputError(
            "there is no such step", where=name, remedy=f"The steps: {', '.join(s.name for s in STEPS)}."
        )
    return chosen
