"""`talerstol transcribe` and `talerstol segment`: the commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalogue import load_settings
from pipeline.single import Format, place, transcribe_file
from pipeline.terminal import console
from pipeline.terminal.console import write_json


def transcribe(
    media: Annotated[Path, typer.Argument(metavar="MEDIA", help="A recording on this machine.")],
    format: Annotated[Format, typer.Option(help="What to write.")] = Format.JSON,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Transcribe one recording, to stdout.

    Example: talerstol transcribe moede.mp4 --format vtt > moede.vtt
    """
    with console.make_reporter() as reporter:
        text = transcribe_file(media, Format.JSON if as_json else format, load_settings(), reporter)
    typer.echo(text)


def segment(
    transcript: Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="Whisper JSON, WebVTT or SRT.")],
    agenda: Annotated[str, typer.Argument(metavar="AGENDA", help="Agenda: file or URL.")],
    _as_json: Annotated[bool, typer.Option("--json", help="JSON is what it always prints.")] = True,
) -> None:
    """Place one meeting's agenda items in its transcript; JSON to stdout.

    Example: talerstol segment moede.json dagsorden.json
    """
    write_json(place(transcript, agenda, load_settings()))
