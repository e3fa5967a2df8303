"""`talerstol items`: the command line over `pipeline.editing.items`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from catalogue import InputError, SetBy, SpanStatus, load_settings
from pipeline.archive import open_archive
from pipeline.editing.changed import summary
from pipeline.editing.clock import short_clock
from pipeline.editing.items import ItemLine, item_lines, mend_items
from pipeline.index.outbox import deliver_at_once
from pipeline.terminal.console import AsJson, out, write_json
from pipeline.terminal.login import login_name

FOLLOWS = "chapters in the file and the silenced sound follow at the next run"


def items(
    meeting: Annotated[str, typer.Argument(metavar="MEETING", help="The meeting's id.")],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="ITEM=TIME", help="5=1:02:03, 5=1:02:03-1:10:00, or 5=none."),
    ] = None,
    unset: Annotated[
        list[str] | None, typer.Option("--unset", metavar="ITEM", help="Let the machine decide again.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who says so; your login name if left out.")] = "",
    why: Annotated[str, typer.Option(help="Why.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show when each agenda item was taken, and mend it. ITEM is a number, 5@SOURCE-ID, or #3 for the third.

    Example: talerstol items tranevig-byraadet-2025-09-24 --set 5=1:02:03 --set 7=none
    """
    placed, taken_back = set_ or [], unset or []
    if (by or why) and not (placed or taken_back):
        raise InputError("is only for --set and --unset", where="--by" if by else "--why")
    with open_archive(load_settings()) as archive:
        said = placed or taken_back
        changed = (
            mend_items(
                archive, meeting, placed, taken_back, by.strip() or login_name(), why or "heard by a person"
            )
            if said
            else None
        )
        waits = deliver_at_once(archive, meeting) if said else ""
        lines = item_lines(archive, meeting)
    if as_json:
        body = {"meeting": meeting, "items": [asdict(line) for line in lines]}
        write_json(body | ({"change": asdict(changed), "search_waits": waits} if changed else {}))
        return
    _show(lines)
    for line in summary(changed, meeting, waits, follows=FOLLOWS) if changed else ():
        out.print(line, markup=False)


def _show(lines: list[ItemLine]) -> None:
    table = Table("#", "item", "start", "end", "status", "set by", "title", box=None, pad_edge=False)
    for line in lines:
        title = Text(line.title)
        if line.evidence:
            title.append(f"\n{short_clock(line.evidence.at)} “{line.evidence.text}”", style="dim")
        table.add_row(
            str(line.place),
            Text(line.number),
            _time(line.start),
            _time(line.end),
            _status(line),
            _set_by(line),
            title,
        )
    out.print(table if lines else "The meeting has no agenda.")


def _time(seconds: float | None) -> str:
    return "-" if seconds is None else short_clock(seconds)


def _status(line: ItemLine) -> str:
    absent = line.status is SpanStatus.NOT_FOUND and line.set_by is SetBy.PERSON
    return "not in the recording" if absent else line.status.value.replace("_", " ")


def _set_by(line: ItemLine) -> str:
    measured = line.set_by is not SetBy.PERSON and line.start is not None
    return f"{line.set_by} {line.confidence:.0%}" if measured else line.set_by.value
