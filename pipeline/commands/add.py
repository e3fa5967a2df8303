"""`talerstol add`: the command."""

from __future__ import annotations

from typing import Annotated

import typer

from catalogue import load_settings
from pipeline.add import Registration, add_meeting
from pipeline.archive import open_archive
from pipeline.commands import facts
from pipeline.terminal.console import AsJson, out, write_json
from pipeline.terminal.days import day


def add(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE", help="Media file, http(s) file, HLS manifest or page; - for none."),
    ],
    agenda: facts.Agenda = "",
    transcript: Annotated[
        list[str] | None,
        typer.Option(help="Captions or transcript instead of speech recognition; one a recording."),
    ] = None,
    offset: Annotated[
        list[float] | None,
        typer.Option(help="Second of the meeting at which a recording begins; one a recording."),
    ] = None,
    title: facts.Title = "",
    date: Annotated[str, typer.Option(help="The meeting's day, YYYY-MM-DD.")] = "",
    body: facts.Body = "",
    municipality: facts.Municipality = "",
    as_json: AsJson = False,
) -> None:
    """Register a meeting; prints its id.

    Example: talerstol add moede.mp4 --agenda dagsorden.json --body Byrådet --municipality Tranevig
    """
    asked = Registration(
        sources=tuple(sources),
        agenda=agenda,
        transcripts=tuple(transcript or ()),
        offsets=tuple(offset or ()),
        title=title,
        date=day(date) if date else None,
        body=body,
        municipality=municipality,
    )
    with open_archive(load_settings()) as archive:
        registered = add_meeting(archive, asked)
    if as_json:
        write_json({"id": registered.meeting_id, "new": registered.new})
    else:
        said = "Added" if registered.new else "Already there:"
        out.print(f"{said} {registered.meeting_id}", markup=False)
