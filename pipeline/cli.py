"""The command line `talerstol`. Each command reads its words, calls one function and shows the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from catalogue import InputError, Settings, load_settings
from pipeline import console, quality
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.backup_command import backup, restore_command
from pipeline.catching_up import catching_up
from pipeline.console import AsJson, err, out, write_json
from pipeline.deadline import next_time
from pipeline.deep_check import check_deeply
from pipeline.demo import DEFAULT_HOME, build_demo
from pipeline.export import export, export_after_run, keeping_export
from pipeline.health import check_archive
from pipeline.hits import hit_lines
from pipeline.indexing import reindex_all
from pipeline.items_command import items
from pipeline.keep_command import keep
from pipeline.live_runs import live_runs, run_lines
from pipeline.models_command import models_app
from pipeline.night import Plan, Waiting, plan, plan_lines, queue
from pipeline.night_command import night
from pipeline.outbox import Delivery
from pipeline.outcome import Failure, Outcome
from pipeline.record_command import record
from pipeline.reports_command import open_reports, reports
from pipeline.runner import Run
from pipeline.single import Format, place, transcribe_file
from pipeline.status import MeetingStatus, State, meeting_status, outbox_status, tally
from pipeline.steps import INDEX, STEPS, Step
from pipeline.sync_command import sync
from search import SearchRequest, open_engine, warm
from web import StillPublic, create_app, search_json
from web import serve as serve_app

OK, SOME_FAILED, BAD_INPUT, STOPPED = 0, 1, 2, 3

app = typer.Typer(
    name="talerstol",
    help="Talerstolen: an open archive of council meetings, from recording to searchable page.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(models_app, name="models")
app.command()(night)
app.command()(sync)
app.command()(items)
app.command()(keep)
app.command()(backup)
app.command()(record)
app.command("restore")(restore_command)
app.command()(reports)
app.command()(export)


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
def run(
    meetings: Annotated[
        list[str] | None, typer.Argument(metavar="[MEETING]", help="Ids; all if left out.")
    ] = None,
    until: Annotated[str, typer.Option(help="Stop at this time of day, HH:MM.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    step: Annotated[str, typer.Option(help="Run only this step.")] = "",
    executor: Annotated[str, typer.Option(help="Where speech is recognised: local or ray.")] = "",
    as_json: AsJson = False,
) -> None:
    """Bring meetings up to date: fetch, transcribe, place agenda items, index.

    Example: talerstol run --until 06:00
    """
    steps = _steps(step)
    with _archive(_settings_with(executor)) as archive:
        moment = archive.now()
        waiting = queue(archive, moment.astimezone().date())
        if meetings:
            waiting = tuple(_asked_for(archive, waiting, meetings))
        meeting_ids = [one.meeting_id for one in waiting]
        deadline = next_time(until, moment) if until else None
        if dry_run:
            _show_due(plan(archive, waiting, deadline, steps), as_json)
            return
        with console.make_reporter() as reporter:
            outcome = Run(archive, reporter, steps, deadline).bring_up_to_date(meeting_ids)
            if not step and not outcome.waiting and (why := export_after_run(archive, reporter)):
                outcome = replace(outcome, failed=(*outcome.failed, Failure("", "export", why)))
    _show_outcome(outcome, len(meeting_ids), as_json)
    raise typer.Exit(SOME_FAILED if outcome.failed else STOPPED if outcome.waiting else OK)


def _asked_for(archive: Archive, known: Sequence[Waiting], ids: Sequence[str]) -> Iterator[Waiting]:
    """Those that were named, in the order they were named in."""
    by_id = {one.meeting_id: one for one in known}
    for meeting_id in ids:
        archive.catalogue.meeting(meeting_id)  # an unknown id is said before any work begins
        yield by_id[meeting_id]


def _show_due(planned: Plan, as_json: bool) -> None:
    if as_json:
        due = [{"meeting_id": m.meeting_id, "step": step} for m in planned.meetings for step in m.steps]
        write_json({"due": due, "plan": asdict(planned)})
        return
    for line in plan_lines(planned):
        out.print(line, markup=False)


def _show_outcome(outcome: Outcome, total: int, as_json: bool) -> None:
    if as_json:
        write_json(asdict(outcome))
        return
    worked = len({meeting_id for meeting_id, _ in outcome.done})
    out.print(
        f"{total} meetings: {worked} worked on, {len(outcome.failed)} failed, {len(outcome.waiting)} waiting."
    )
    for failure in outcome.failed:
        subject = f"{failure.meeting_id} ({failure.step})" if failure.meeting_id else failure.step
        out.print(f"- {subject}: {failure.message}", markup=False)
        out.print(f"  Then: {f'talerstol run {failure.meeting_id}'.rstrip()}", markup=False)


@app.command()
def status(
    meeting: Annotated[str, typer.Argument(metavar="[MEETING]", help="One meeting in detail.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what runs now, and what is done, waiting, failed, or needs a person.

    Example: talerstol status tranevig-byraadet-2025-09-24
    """
    with _archive() as archive:
        ids = [meeting] if meeting else archive.catalogue.meeting_ids()
        statuses = [meeting_status(archive, meeting_id) for meeting_id in ids]
        outbox = outbox_status(archive)
        reported = archive.catalogue.reports.count(meeting)
        runs = live_runs(archive)
    if as_json:
        told = {"runs": [asdict(run) for run in runs], "meetings": [asdict(s) for s in statuses]}
        write_json(told | {"outbox": asdict(outbox), "reports": reported})
        return
    for line in run_lines(runs):
        out.print(line, markup=False)
    _show_statuses(statuses, in_detail=bool(meeting))
    for line in (outbox.sentence if outbox.waiting else "", open_reports(reported)):
        out.print(line, markup=False, end="\n" if line else "")
    out.print(tally(statuses))


def _show_statuses(statuses: list[MeetingStatus], in_detail: bool) -> None:
    table = Table("meeting", "state", "items placed", "sentences", box=None, pad_edge=False)
    for s in statuses:
        placed = f"{s.placed} of {s.items}" if s.items and not s.waits_for else "-"
        table.add_row(s.id, s.state, placed, str(s.sentences) if s.sentences else "-")
    if statuses:
        out.print(table)
    for s in statuses:
        for one in s.steps:
            if one.state is State.FAILED or in_detail:
                out.print(
                    f"{s.id}: {one.name} {one.state}{': ' + one.message if one.message else ''}", markup=False
                )
        for note in (*([s.waits_for] if s.waits_for else []), *s.review, *(s.retention if in_detail else ())):
            out.print(f"{s.id}: {note}", markup=False)
        for line in (line for account in s.heard if in_detail for line in quality.lines(account)):
            out.print(line, markup=False)


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
def check(
    deep: Annotated[bool, typer.Option("--deep", help="Read every row and file too; takes long.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look whether everything is in place, and say what to do about what is not.

    Example: talerstol check --deep
    """
    with _archive() as archive:
        findings = [*check_archive(archive), *(check_deeply(archive) if deep else ())]
    if as_json:
        write_json({"findings": [asdict(f) for f in findings]})
    else:
        for finding in findings:
            out.print(
                f"{'ok     ' if finding.ok else 'PROBLEM'} {finding.subject}: {finding.text}", markup=False
            )
            if finding.remedy:
                out.print(f"        {finding.remedy}", markup=False)
    raise typer.Exit(OK if all(f.ok for f in findings) else SOME_FAILED)


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
        _show_outcome(outcome, len(archive.catalogue.meeting_ids()), as_json)
        if serve:
            _serve(archive, host, port, as_json)
    raise typer.Exit(SOME_FAILED if outcome.failed else OK)


def _settings_with(executor: str) -> Settings:
    if executor not in ("", "local", "ray"):
        raise InputError("can only be local or ray", where="--executor")
    settings = load_settings()
    return settings.model_copy(update={"executor": executor}) if executor else settings


def _steps(name: str) -> tuple[Step, ...]:
    if not name:
        return STEPS
    chosen = tuple(step for step in STEPS if step.name == name)
    if not chosen:
        raise InputError(
            "there is no such step", where=name, remedy=f"The steps: {', '.join(s.name for s in STEPS)}."
        )
    return chosen


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("is not a day", where=text, remedy="Write it as 2025-10-08.") from error
