"""`talerstol reports`: what readers say is wrong, and closing what has been dealt with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from catalogue import Catalogue, Report, ReportKind, digest, load_settings, published_meeting
from pipeline.archive import open_archive
from pipeline.editing.clock import short_clock
from pipeline.terminal.console import AsJson, out, write_json

SAID = {
    "words": "other words are said",
    "speaker": "speaker's name",
    "item": "another agenda item",
    "time": "text and sound apart",
    "private": "SHOULD NOT BE PUBLIC",
    "other": "other",
}


def reports(
    meeting: Annotated[str, typer.Argument(metavar="[MEETING]", help="Only of this meeting.")] = "",
    done: Annotated[
        list[int] | None, typer.Option("--done", metavar="ID", help="Close the report with this number.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what readers reported as wrong, and close what has been dealt with.

    Example: talerstol reports --done 17
    """
    with open_archive(load_settings()) as archive:
        if meeting:
            archive.catalogue.meeting(meeting)  # an unknown id is said
        closed = [archive.catalogue.reports.close(number) for number in done or ()]
        waiting = archive.catalogue.reports.open(meeting)
        changed = _changed(archive.catalogue, waiting)
    if as_json:
        rows = [asdict(report) | {"text_changed": report.id in changed} for report in waiting]
        write_json({"closed": [report.id for report in closed], "reports": rows})
        return
    for report in closed:
        out.print(f"Report {report.id} is closed.")
    _show(waiting, changed)


def open_reports(count: int) -> str:
    """How many there are, for `status`; empty where there are none."""
    are = "report from readers is" if count == 1 else "reports from readers are"
    return f"{count} {are} open: `talerstol reports`" if count else ""


def _changed(catalogue: Catalogue, reports: list[Report]) -> frozenset[int]:
    """The reports whose sentence does not stand in public any more: it was corrected, withheld or heard anew."""
    stands: dict[str, frozenset[str]] = {}
    for meeting_id in {report.meeting_id for report in reports}:
        public = published_meeting(catalogue, meeting_id, words=False)
        stands[meeting_id] = frozenset(digest(s.text) for s in public.sentences) if public else frozenset()
    return frozenset(r.id for r in reports if r.sentence and r.sentence not in stands[r.meeting_id])


def _show(reports: list[Report], changed: frozenset[int]) -> None:
    for report in reports:
        place = f"{report.meeting_id} {short_clock(report.second)}"
        out.print(
            f"{report.id}  {place}  {SAID[report.kind]}  ({report.at.astimezone():%Y-%m-%d %H:%M})",
            markup=False,
        )
        for line in report.text.splitlines():  # a reader's own words: never markup
            out.print(f"    {line}", markup=False)
        if report.id in changed:
            out.print("    (the text there has changed since)")
        elif report.kind is ReportKind.PRIVATE:
            there = f"{short_clock(report.second)}-{short_clock(report.second + 1)}"
            out.print(
                f'    leave it out: talerstol edit {report.meeting_id} --redact {there} --why "…"',
                markup=False,
            )
    if not reports:
        out.print("No report from readers is open.")
