"""`talerstol search`: the command."""

from __future__ import annotations

from typing import Annotated

import typer

from catalogue import InputError, load_settings
from pipeline.archive import open_archive
from pipeline.terminal.console import AsJson, out, write_json
from pipeline.terminal.days import day
from pipeline.terminal.hits import hit_lines
from search import SearchRequest
from web import StillPublic, search_json


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help='Words; "a phrase"; -without.')],
    municipality: Annotated[list[str] | None, typer.Option()] = None,
    body: Annotated[list[str] | None, typer.Option()] = None,
    speaker: Annotated[list[str] | None, typer.Option()] = None,
    party: Annotated[list[str] | None, typer.Option()] = None,
    item: Annotated[list[str] | None, typer.Option()] = None,
    meeting: Annotated[list[str] | None, typer.Option()] = None,
    from_: Annotated[str, typer.Option("--from", help="Earliest day, YYYY-MM-DD.")] = "",
    to: Annotated[str, typer.Option(help="Latest day, YYYY-MM-DD.")] = "",
    sort: Annotated[str, typer.Option(help="relevance, newest or oldest.")] = "relevance",
    page: Annotated[int, typer.Option(min=1)] = 1,
    per_page: Annotated[int, typer.Option(min=1, max=100)] = 10,
    as_json: AsJson = False,
) -> None:
    """Search the archive, as the web does.

    Example: talerstol search "cykelsti -vindmøller" --body Byrådet
    """
    if sort not in ("relevance", "newest", "oldest"):
        raise InputError("can only be relevance, newest or oldest", where="--sort")
    request = SearchRequest(
        q=query,
        municipality=tuple(municipality or ()),
        body=tuple(body or ()),
        speaker=tuple(speaker or ()),
        party=tuple(party or ()),
        item=tuple(item or ()),
        meeting=tuple(meeting or ()),
        from_=day(from_) if from_ else None,
        to=day(to) if to else None,
        sort=sort,  # type: ignore[arg-type]  # checked above
        page=page,
        per_page=per_page,
    )
    with open_archive(load_settings()) as archive:
        result = StillPublic(archive.catalogue).search(archive.engine, request)
        if as_json:
            write_json(search_json(result, archive.settings))
            return
    for line in hit_lines(result):
        out.print(line)
