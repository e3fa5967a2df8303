"""`talerstol record`: the command."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from threading import Event
from typing import Annotated, Any

import typer
from rich.live import Live
from rich.text import Text

from catalogue import Agenda, Meeting, load_settings
from ingest import read_agenda
from ingest.live import Asked, End, State
from pipeline.add import NO_SOURCE, Registration, facts_of
from pipeline.archive import Archive, open_archive
from pipeline.commands import facts
from pipeline.editing.clock import short_clock
from pipeline.live.gaps import gap_line, gaps_said
from pipeline.live.recording import LiveOutcome, claimed, finish, let_go, record_live
from pipeline.runs.deadline import next_time
from pipeline.terminal import console
from pipeline.terminal.console import PLAIN_EVERY, AsJson, err, out, write_json
from pipeline.terminal.days import day
from pipeline.terminal.reporter import Task

ENDED = {
    End.STREAM: "the stream ended",
    End.TIME: "the time was reached",
    End.STOPPED: "it was stopped",
    End.SILENT: "nothing new came for too long (TALERSTOL_LIVE_PATIENCE)",
    End.DISK: "the disk is nearly full: make room",
    End.LIMIT: "it is as long or large as a recording may be",
}
UNWANTED = (End.SILENT, End.DISK, End.LIMIT)


JOINING = Task("record", "making one file of it")


def record(
    url: Annotated[str, typer.Argument(metavar="URL", help="An HLS stream: a media or a master playlist.")],
    until: Annotated[str, typer.Option(help="Stop at this time of day, HH:MM.")] = "",
    from_now: Annotated[
        bool, typer.Option("--from-now/--from-start", help="From now, or all that the stream still has.")
    ] = False,
    agenda: facts.Agenda = "",
    title: facts.Title = "",
    date: Annotated[str, typer.Option(help="The meeting's day, YYYY-MM-DD; today if left out.")] = "",
    body: facts.Body = "",
    municipality: facts.Municipality = "",
    as_json: AsJson = False,
) -> None:
    """Record a live meeting until it ends; Ctrl-C ends it well. Started again it goes on.

    Example: talerstol record https://live.example.dk/byraad.m3u8 --until 22:30 --body Byrådet
    """
    said = Registration((NO_SOURCE,), agenda, title=title, body=body, municipality=municipality)
    with open_archive(load_settings()) as archive, _stopping() as stop:
        named = any((agenda, title, date, body, municipality))
        with claimed(archive, url, lambda: _meeting(archive, said, date), named) as (identity, folder):
            err.print(f"{identity}: recording into {folder}; Ctrl-C ends it", markup=False)
            deadline = next_time(until, archive.now()) if until else None
            asked = Asked(url, archive.settings.live_patience * 60, from_now, deadline)
            with _shown(identity, archive.now) as show:
                ended = record_live(archive, asked, identity, folder, stop, show)
            with console.make_reporter() as reporter, reporter.step(identity, JOINING) as progress:
                outcome = finish(archive, identity, folder, ended, progress)
            if outcome.recording is None:
                let_go(folder)
    _tell(outcome, as_json)
    raise typer.Exit(1 if outcome.recording is None or ended in UNWANTED else 0)


def _meeting(archive: Archive, said: Registration, date: str) -> Meeting:
    """The meeting as the caller, else its agenda has it; a live meeting is today's."""
    agenda = read_agenda(said.agenda, archive.web, archive.settings) if said.agenda else Agenda(items=())
    on = day(date) if date else agenda.date or archive.now().astimezone().date()
    return facts_of(replace(said, date=on), agenda)


@contextmanager
def _stopping() -> Iterator[Event]:
    """Ctrl-C and SIGTERM ask for the end; asked twice, the program goes at once."""
    stop = Event()
    before: dict[int, Any] = {}

    def ask(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, before[number])

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _shown(identity: str, now: Callable[[], datetime]) -> Iterator[Callable[[State], None]]:
    """A line that is kept up to date on a terminal, a line now and then elsewhere."""
    if err.is_terminal:
        with Live(console=err, transient=True) as live:
            yield lambda state: live.update(Text(_line(identity, state, now())))
        return
    last = -PLAIN_EVERY

    def show(state: State) -> None:
        nonlocal last
        if time.monotonic() - last >= PLAIN_EVERY:
            last = time.monotonic()
            err.print(_line(identity, state, now()), markup=False)

    yield show


def _line(identity: str, state: State, now: datetime) -> str:
    age = f"newest {max(0.0, (now - state.newest).total_seconds()):.0f} s ago" if state.newest else "waiting"
    parts = [
        f"{short_clock(state.seconds)} recorded",
        age,
        gaps_said([hole.lost for hole in state.holes]),
        f"{state.size / 1024**2:,.0f} MB, {state.free / 1024**3:,.0f} GB free",
        *([state.trouble] if state.trouble else []),
    ]
    return f"{identity}: {' · '.join(parts)}"


def _tell(outcome: LiveOutcome, as_json: bool) -> None:
    if as_json:
        told = asdict(outcome)
        write_json({"id": told.pop("meeting_id"), **told})
        return
    why = ENDED[outcome.ended] if outcome.ended else ""
    if outcome.recording is None:
        out.print(f"{outcome.meeting_id}: nothing new was recorded; {why}", markup=False)
        return
    lost = gaps_said([gap.lost for gap in outcome.gaps])
    out.print(f"{outcome.recording}: {outcome.seconds:.0f} s recorded, {lost}; {why}", markup=False)
    for gap in outcome.gaps:
        out.print(f"- at {gap.at:.0f} s: {gap_line(gap)}", markup=False)
    out.print(f"Then: talerstol run {outcome.meeting_id}", markup=False)
