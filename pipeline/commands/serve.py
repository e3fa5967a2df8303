"""`talerstol serve`: the command."""

from __future__ import annotations

from typing import Annotated

import typer

from catalogue import load_settings
from pipeline.archive import Archive, open_archive
from pipeline.export import keeping_export
from pipeline.index.catching_up import catching_up
from pipeline.terminal.console import AsJson, err, write_json
from search import open_engine, warm
from web import create_app
from web import serve as serve_app


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    as_json: AsJson = False,
) -> None:
    """Serve the archive on the web until stopped, and keep its search index up to date.

    Example: talerstol serve --port 8080
    """
    with open_archive(load_settings()) as archive:
        serve_archive(archive, host, port, as_json)


def serve_archive(archive: Archive, host: str, port: int, as_json: bool) -> None:
    warm()
    if as_json:
        write_json({"address": f"http://{host}:{port}/"})
    err.print(f"Talerstolen is at http://{host}:{port}/  (Ctrl-C stops it)", markup=False)
    engine = open_engine(archive.settings, only_search=True)
    with catching_up(archive), keeping_export(archive):
        app = create_app(archive.settings, archive.catalogue, archive.store, engine)
        serve_app(app, host, port, max_connections=archive.settings.max_connections)
