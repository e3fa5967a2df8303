"""`talerstol reindex`: the command."""

from __future__ import annotations

import typer

from catalogue import load_settings
from pipeline.archive import open_archive
from pipeline.index.indexing import reindex_all
from pipeline.index.outbox import Delivery
from pipeline.runs.steps import INDEX
from pipeline.terminal import console
from pipeline.terminal.console import OK, SOME_FAILED, AsJson, out, write_json


def reindex(as_json: AsJson = False) -> None:
    """Build the whole search index anew from the catalogue; searching goes on meanwhile.

    Example: talerstol reindex
    """
    with open_archive(load_settings()) as archive, console.make_reporter() as reporter:
        count = reindex_all(archive, reporter)
        delivery = Delivery(archive, reporter)
        delivery.go_on(insist=True)  # what changed meanwhile; what could not be read is told
        name, left = archive.engine.name, delivery.left()
    if as_json:
        write_json({"engine": name, "passages": count, "left": left})
    else:
        out.print(f"{count} passages in the {name} search engine.")
        for meeting_id, why in left.items():
            out.print(f"- {meeting_id or INDEX.name}: {why}", markup=False)
    raise typer.Exit(SOME_FAILED if left else OK)
