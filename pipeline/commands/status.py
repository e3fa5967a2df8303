"""`talerstol status`: what runs now, and what is done, waiting, failed, or needs a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from catalogue import load_settings
from pipeline import quality
from pipeline.archive import open_archive
from pipeline.commands.reports import open_reports
from pipeline.runs.live_runs import live_runs, run_lines
from pipeline.status import MeetingStatus, State, meeting_status, outbox_status, tally
from pipeline.terminal.console import AsJson, out, write_json


def status(
    meeting: Annotated[str, typer.Argument(metavar="[MEETING]", help="One meeting in detail.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what runs now, and what is done, waiting, failed, or needs a person.

    Example: talerstol status tranevig-byraadet-2025-09-24
    """
    with open_archive(load_settings()) as archive:
        ids = [meeting] if meeting else archive.catalogue.meeting_ids()
        statuses = [meeting_status(archive, meeting_id) for meeting_id in ids]
        outbox = outbox_status(archive)
        reported = archive.catalogue.reports.count(meeting)
        runs = live_runs(archive)
    if as_json:
        told = {"runs": [asdict(run) for run in runs], "meetings": [asdict(s) for s in statuses]}
        write_json(told | {"outbox": asdict(outbox), "reports": reported})
        return
    for line in run_lines(runs):
        out.print(line, markup=False)
    _show_statuses(statuses, in_detail=bool(meeting))
    for line in (outbox.sentence if outbox.waiting else "", open_reports(reported)):
        out.print(line, markup=False, end="\n" if line else "")
    out.print(tally(statuses))


def _show_statuses(statuses: list[MeetingStatus], in_detail: bool) -> None:
    table = Table("meeting", "state", "items placed", "sentences", box=None, pad_edge=False)
    for s in statuses:
        placed = f"{s.placed} of {s.items}" if s.items and not s.waits_for else "-"
        table.add_row(s.id, s.state, placed, str(s.sentences) if s.sentences else "-")
    if statuses:
        out.print(table)
    for s in statuses:
        for one in s.steps:
            if one.state is State.FAILED or in_detail:
                out.print(
                    f"{s.id}: {one.name} {one.state}{': ' + one.message if one.message else ''}", markup=False
                )
        for note in (*([s.waits_for] if s.waits_for else []), *s.review, *(s.retention if in_detail else ())):
            out.print(f"{s.id}: {note}", markup=False)
        for line in (line for account in s.heard if in_detail for line in quality.lines(account)):
            out.print(line, markup=False)
