"""`talerstol sync`: the command, and how its report reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from catalogue import InputError, load_settings, slug
from ingest.portals import Municipality, load_municipalities
from pipeline.archive import open_archive
from pipeline.index.outbox import deliver_at_once
from pipeline.syncing.report import MunicipalityReport, SyncReport
from pipeline.syncing.sync import sync as bring_in_step
from pipeline.terminal import console
from pipeline.terminal.console import AsJson, out, write_json

MOST_NAMED = 20  # meetings of one kind that are named one by one; `--json` names all


def sync(
    municipalities: Annotated[
        list[str] | None,
        typer.Argument(metavar="[MUNICIPALITY]", help="Names as in municipalities.toml; all if left out."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find new meetings, agendas, minutes and recordings at the portals in municipalities.toml.

    Example: talerstol sync "Aarhus Kommune"
    """
    settings = load_settings()
    chosen = _chosen(load_municipalities(settings.home), municipalities or [])
    with open_archive(settings) as archive, console.make_reporter() as reporter:
        today = archive.now().astimezone().date()
        report = bring_in_step(archive, reporter, chosen, today, dry_run)
        waits = "" if dry_run else deliver_at_once(archive)
    if as_json:
        write_json(asdict(report) | {"search_waits": waits})
    else:
        _show(report)
        if waits:
            out.print(f"Search does not follow yet, and will by itself: {waits}", markup=False)
    raise typer.Exit(1 if report.failed else 0)


def _chosen(known: Sequence[Municipality], names: Sequence[str]) -> tuple[Municipality, ...]:
    if not names:
        return tuple(known)
    for name in names:
        if not any(_called(one) == _plain(name) for one in known):
            raise InputError(
                "is not in municipalities.toml",
                where=name,
                remedy=f"There are: {', '.join(dict.fromkeys(one.name for one in known))}.",
            )
    wanted = {_plain(name) for name in names}
    return tuple(one for one in known if _called(one) in wanted)


def _called(one: Municipality) -> str:
    return _plain(one.name)


def _plain(name: str) -> str:
    """With or without "Kommune", however it is written."""
    return re.sub(r"-?kommune$", "", slug(name))


def _show(report: SyncReport) -> None:
    for municipality in report.municipalities:
        for line in _lines(municipality, report.dry_run):
            out.print(line, markup=False)
    if report.dry_run:
        out.print("Nothing was written.")
    elif report.worked:
        out.print("Then: talerstol run")


def _lines(one: MunicipalityReport, dry_run: bool) -> list[str]:
    counts = [
        (len(one.new), "new"),
        (len(one.changed), "changed"),
        (len(one.unchanged), "unchanged"),
        (len(one.recorded), "with new recordings"),
        (len(one.waiting), "waiting for a recording"),
        (len(one.gone), "no longer listed"),
        (len(one.failed), "failed"),
    ]
    told = [f"{count} {word}" for count, word in counts if count or word in ("new", "changed", "unchanged")]
    lines = [f"{one.name}: {', '.join(told)}."]
    lines += _named("new", one.new) + _named("changed", one.changed) + _named("recording", one.recorded)
    for meeting in one.closed:
        lines.append(f"  closed now: {meeting.meeting_id}, item {', '.join(meeting.items)}")
        if not dry_run:
            lines.append(
                "    Withheld from now on, in search too; `talerstol run` takes it out of player files."
            )
    lines += [f"  opened now: {o.meeting_id}, item {', '.join(o.items)}" for o in one.opened]
    lines += _named("waiting for a recording", one.waiting)
    lines += [f"  no longer listed (left as it was): {identity}" for identity in one.gone]
    for failure in one.failed:
        message = failure.message.replace("\n", "\n    ")
        lines += [f"  FAILED {failure.subject}: {message}", f"    Then: {failure.then}"]
    return lines


def _named(word: str, meetings: Sequence[str]) -> list[str]:
    lines = [f"  {word}: {identity}" for identity in meetings[:MOST_NAMED]]
    if len(meetings) > MOST_NAMED:
        lines.append(f"  {word}: and {len(meetings) - MOST_NAMED} more")
    return lines
