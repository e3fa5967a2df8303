"""`talerstol demo`: the command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalogue import load_settings
from pipeline.archive import open_archive
from pipeline.commands.run import show_outcome
from pipeline.commands.serve import serve_archive
from pipeline.demo import DEFAULT_HOME, build_demo
from pipeline.export import export_after_run
from pipeline.terminal import console
from pipeline.terminal.console import OK, SOME_FAILED, AsJson


def demo(
    home: Annotated[Path, typer.Option(help="Where the demo archive is kept.")] = DEFAULT_HOME,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    serve: Annotated[bool, typer.Option(help="Serve the archive when it is built.")] = True,
    as_json: AsJson = False,
) -> None:
    """Build a small archive of an invented municipality, and serve it.

    Example: talerstol demo --port 8080
    """
    settings = load_settings(home).model_copy(update={"allow_private_addresses": True})
    with open_archive(settings) as archive:
        with console.make_reporter() as reporter:
            outcome = build_demo(archive, reporter)
            export_after_run(archive, reporter)
        show_outcome(outcome, len(archive.catalogue.meeting_ids()), as_json)
        if serve:
            serve_archive(archive, host, port, as_json)
    raise typer.Exit(SOME_FAILED if outcome.failed else OK)
