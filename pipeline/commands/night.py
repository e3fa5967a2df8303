"""`talerstol night`: the command."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from catalogue import InputError, Settings, TalerstolError, home_named_outside, load_settings
from pipeline.archive import Archive, now, open_archive
from pipeline.night import (
    NightReport,
    as_json,
    hold_night,
    never_began,
    one_night,
    plan,
    plan_lines,
    queue,
)
from pipeline.night.outcome import Part
from pipeline.runs.deadline import next_time
from pipeline.terminal import console
from pipeline.terminal.console import AsJson, out, write_json


def night(
    until: Annotated[
        str, typer.Option(help="Stop at this time of day, HH:MM; TALERSTOL_NIGHT_UNTIL if left out.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done, and whether it ends in time.")
    ] = False,
    no_mail: Annotated[bool, typer.Option("--no-mail", help="Do not mail the report.")] = False,
    as_json_: AsJson = False,
) -> None:
    """Bring the whole archive up to date overnight, and leave a report for the morning.

    Example: talerstol night --until 06:00
    """
    settings = _settings(until)
    deadline = next_time(until or settings.night_until, now())
    if dry_run:
        with open_archive(settings) as archive:
            _show_plan(archive, until or settings.night_until, as_json_)
        return
    with one_night(settings.home):
        try:
            with open_archive(settings) as archive, console.make_reporter() as reporter:
                report = hold_night(archive, reporter, deadline, mail=not no_mail)
        except TalerstolError as error:
            never_began(settings, now(), deadline, error, mail=not no_mail)
            raise
    _show(report, settings, as_json_)
    raise typer.Exit(report.exit_code)


def _settings(until: str) -> Settings:
    """The settings; where they cannot be read, the report says so, for nobody sits at the screen."""
    try:
        return load_settings()
    except InputError as error:
        home = home_named_outside()
        if home.is_dir():
            usable = Settings.model_construct(home=home)
            never_began(usable, now(), next_time(until or usable.night_until, now()), error, mail=False)
        raise


def _show_plan(archive: Archive, until: str, machine: bool) -> None:
    moment = archive.now()
    planned = plan(archive, queue(archive, moment.astimezone().date()), next_time(until, moment))
    if machine:
        write_json(asdict(planned))
        return
    for line in plan_lines(planned):
        out.print(line, markup=False)
    out.print("The portals were not asked; `talerstol sync --dry-run` does that.")


def _show(report: NightReport, settings: Settings, machine: bool) -> None:
    if machine:
        write_json(as_json(report))
        return
    counts = f"{len(report.done)} done, {len(report.going_on)} going on, {len(report.failed)} failed"
    out.print(f"The night has ended: {counts}, {len(report.review)} to review.", markup=False)
    for one in report.failed:
        if one.step == Part.WRITE:
            out.print(one.message, markup=False)
            return
    out.print(f"The report: {settings.reports_folder / f'{report.morning}.txt'}", markup=False)
