"""The command line `talerstol`. Each command reads its words, calls one function and shows the result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from catalogue import InputError, Settings, load_settings
from pipeline import console
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.backup_command import backup, restore_command
from pipeline.catching_up import catching_up
from pipeline.console import OK, SOME_FAILED, AsJson, err, out, write_json
from pipeline.demo import DEFAULT_HOME, build_demo
from pipeline.export import export, export_after_run, keeping_export
from pipeline.health import check
from pipeline.hits import hit_lines
from pipeline.indexing import reindex_all
from pipeline.items_command import items
from pipeline.keep_command import keep
from pipeline.models_command import models_app
from pipeline.night_command import night
from pipeline.outbox import Delivery
from pipeline.record_command import record
from pipeline.reports_command import reports
from pipeline.run_command import run, show_outcome
from pipeline.single import Format, place, transcribe_file
from pipeline.status_command import status
from pipeline.steps import INDEX
from pipeline.sync_command import sync
from search import SearchRequest, open_engine, warm
from web import StillPublic, create_app, search_json
from web import serve as serve_app

app = typer.Typer(
    name="talerstol",
    help="Talerstolen: an open archive of council meetings, from recording to searchable page.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(models_app, name="models")
app.command()(run)
app.command()(night)
app.command()(status)
app.command()(sync)
app.command()(items)
app.command()(keep)
app.command()(backup)
app.command()(record)
app.command("restore")(restore_command)
app.command()(reports)
app.command()(export)
app.command()(check)


@contextmanager
def _archive(settings: Settings | None = None) -> Iterator[Archive]:
    with open_archive(settings or load_settings()) as archive:
        yield archive


@app.command()
def add(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE", help="Media file, http(s) file, HLS manifest or page; - for none."),
    ],
    agenda: Annotated[str, typer.Option(help="Agenda: file or URL.")] = "",
    transcript: Annotated[
        list[str] | None,
        typer.Option(help="Captions or transcript instead of speech recognition; one a recording."),
    ] = None,
    offset: Annotated[
        list[float] | None,
        typer.Option(help="Second of the meeting at which a recording begins; one a recording."),
    ] = None,
    title: Annotated[str, typer.Option(help="The meeting's title.")] = "",
    date: Annotated[str, typer.Option(help="The meeting's day, YYYY-MM-DD.")] = "",
    body: Annotated[str, typer.Option(help="Council or committee.")] = "",
    municipality: Annotated[str, typer.Option(help="Municipality.")] = "",
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
        date=_day(date) if date else None,
        body=body,
        municipality=municipality,
    )
    with _archive() as archive:
        registered = add_meeting(archive, asked)
    if as_json:
        write_json({"id": registered.meeting_id, "new": registered.new})
    else:
        said = "Added" if registered.new else "Already there:"
        out.print(f"{said} {registered.meeting_id}", markup=False)


@app.command()
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


@app.command()
def segment(
    transcript: Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="Whisper JSON, WebVTT or SRT.")],
    agenda: Annotated[str, typer.Argument(metavar="AGENDA", help="Agenda: file or URL.")],
    _as_json: Annotated[bool, typer.Option("--json", help="JSON is what it always prints.")] = True,
) -> None:
    """Place one meeting's agenda items in its transcript; JSON to stdout.

    Example: talerstol segment moede.json dagsorden.json
    """
    write_json(place(transcript, agenda, load_settings()))


@app.command()
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
        from_=_day(from_) if from_ else None,
        to=_day(to) if to else None,
        sort=sort,  # type: ignore[arg-type]  # checked above
        page=page,
        per_page=per_page,
    )
    with _archive() as archive:
        result = StillPublic(archive.catalogue).search(archive.engine, request)
        if as_json:
            write_json(search_json(result, archive.settings))
            return
    for line in hit_lines(result):
        out.print(line)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    as_json: AsJson = False,
) -> None:
    """Serve the archive on the web until stopped, and keep its search index up to date.

    Example: talerstol serve --port 8080
    """
    with _archive() as archive:
        _serve(archive, host, port, as_json)


def _serve(archive: Archive, host: str, port: int, as_json: bool) -> None:
    warm()
    if as_json:
        write_json({"address": f"http://{host}:{port}/"})
    err.print(f"Talerstolen is at http://{host}:{port}/  (Ctrl-C stops it)", markup=False)
    engine = open_engine(archive.settings, only_search=True)
    with catching_up(archive), keeping_export(archive):
        app = create_app(archive.settings, archive.catalogue, archive.store, engine)
        serve_app(app, host, port, max_connections=archive.settings.max_connections)


@app.command()
def reindex(as_json: AsJson = False) -> None:
    """Build the whole search index anew from the catalogue; searching goes on meanwhile.

    Example: talerstol reindex
    """
    with _archive() as archive, console.make_reporter() as reporter:
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


@app.command()
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
    with _archive(settings) as archive:
        with console.make_reporter() as reporter:
            outcome = build_demo(archive, reporter)
            export_after_run(archive, reporter)
        show_outcome(outcome, len(archive.catalogue.meeting_ids()), as_json)
        if serve:
            _serve(archive, host, port, as_json)
    raise typer.Exit(SOME_FAILED if outcome.failed else OK)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("is not a day", where=text, remedy="Write it as 2025-10-08.") from error
