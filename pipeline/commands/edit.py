"""`talerstol edit`: the command line over `pipeline.editing.passages`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from catalogue import InputError, LoggedEdit, load_settings
from pipeline.archive import open_archive
from pipeline.editing.changed import Changed, summary
from pipeline.editing.clock import short_clock
from pipeline.editing.passages import Wishes, edits_on_record, make_edits
from pipeline.index.outbox import deliver_at_once
from pipeline.terminal.console import AsJson, out, write_json
from pipeline.terminal.login import login_name

Many = list[str] | None


def edit(
    meeting: Annotated[str, typer.Argument(metavar="MEETING", help="The meeting's id.")],
    redact: Annotated[
        Many, typer.Option("--redact", metavar="A-B", help="Leave out what is said there, text and sound.")
    ] = None,
    correct: Annotated[
        Many,
        typer.Option(
            "--correct", metavar="A=TEXT", help="What the sentence says that begins at A; or A-B=TEXT."
        ),
    ] = None,
    close: Annotated[
        Many, typer.Option("--close", metavar="ITEM", help="Withhold an agenda item: title, text and sound.")
    ] = None,
    open_: Annotated[
        Many,
        typer.Option(
            "--open", metavar="ITEM|A-B", help="Make an item public, or what was withheld in doubt."
        ),
    ] = None,
    take_back: Annotated[
        list[int] | None,
        typer.Option("--take-back", metavar="N", help="Take back the edit with this number in the list."),
    ] = None,
    by: Annotated[str, typer.Option(help="Who says so; your login name if left out.")] = "",
    why: Annotated[
        str, typer.Option(help="Why. Needed for all but corrections; never shown to readers.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Correct what is said, leave it out, close and open items, and take that back. Without options: what was done.

    Example: talerstol edit tranevig-byraadet-2025-09-24 --redact 1:02:03-1:02:09 --why "CPR number"
    """
    wishes = Wishes(redact or (), correct or (), open_ or (), close or (), take_back or ())
    _require_a_reason(wishes, by, why)
    with open_archive(load_settings()) as archive:
        changed = (
            make_edits(
                archive, meeting, wishes, by.strip() or login_name(), why.strip() or "heard by a person"
            )
            if wishes.any
            else None
        )
        waits = deliver_at_once(archive, meeting) if changed else ""
        edits = edits_on_record(archive, meeting)
    if as_json:
        body = {"meeting": meeting, "edits": [_plain(one) for one in edits]}
        write_json(body | ({"change": asdict(changed), "search_waits": waits} if changed else {}))
        return
    if changed is None:
        _show(edits)
        return
    for line in summary(changed, meeting, waits, follows=_follows(changed)):
        out.print(line, markup=False)


def _require_a_reason(wishes: Wishes, by: str, why: str) -> None:
    if not wishes.any and (by or why):
        raise InputError("is only for a change", where="--by" if by else "--why")
    reasoned = wishes.redact or wishes.open or wishes.close or wishes.take_back
    if reasoned and not why.strip():
        raise InputError(
            "what is left out or opened needs a reason",
            where="--why",
            remedy='For example: --why "CPR number"',
        )


def _follows(changed: Changed) -> str:
    if not (changed.released or changed.withheld):
        return ""
    return "the recording is not played until its sound fits again, which takes a run"


def _plain(one: LoggedEdit) -> dict[str, object]:
    taken = asdict(one.taken_back) if one.taken_back else None
    return {"number": one.number, **asdict(one.edit), "taken_back": taken}


def _show(edits: list[LoggedEdit]) -> None:
    table = Table("#", "edit", "where", "by", "when", "why", box=None, pad_edge=False)
    for one in edits:
        said = Text(one.edit.why)
        if one.edit.text:
            said.append(f"\n“{one.edit.text}”", style="dim")
        if taken := one.taken_back:
            said.append(f"\ntaken back by {taken.by}, {taken.at.astimezone():%Y-%m-%d}: {taken.why}")
        where = Text(_where(one))
        when = f"{one.edit.at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(str(one.number), one.edit.kind.value, where, Text(one.edit.by), when, said)
    out.print(table if edits else "Nobody has changed anything in this meeting.")


def _where(one: LoggedEdit) -> str:
    edit = one.edit
    item = f"item {edit.item}" if edit.item is not None else ""
    if edit.start is None:
        return item
    end = f"–{short_clock(edit.end)}" if edit.end is not None else ""
    return f"{item} {short_clock(edit.start)}{end}".strip()
