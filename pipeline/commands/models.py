"""`talerstol models`: which speech models are here, installing one, and how this machine decodes fastest."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from catalogue import Settings, load_settings
from ingest import Progress as ProgressCallable
from ingest import extract_audio
from pipeline.demo import spoken_sample
from pipeline.terminal.console import PLAIN_EVERY, AsJson, err, out, write_json
from transcribe import (
    KNOWN,
    QUANTIZATIONS,
    Installed,
    ModelRecord,
    Stage,
    Tuning,
    Wanted,
    install_model,
    installed_models,
    measure,
    model_record,
    write_tuning,
)

models_app = typer.Typer(invoke_without_command=True, add_completion=False, rich_markup_mode=None)


@models_app.callback()
def models(
    context: typer.Context,
    measured: Annotated[
        bool, typer.Option("--measure", help="Find out how this machine decodes fastest, and keep it.")
    ] = False,
    sample: Annotated[
        Path | None, typer.Option(help="A recording to measure with; a short one of our own if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the speech models: which are here, their licence and published Danish word error rate.

    Example: talerstol models --measure
    """
    if context.invoked_subcommand is not None:
        return
    settings = load_settings()
    if measured:
        _measure(settings, sample, as_json)
    else:
        _list(settings, as_json)


def _list(settings: Settings, as_json: bool) -> None:
    here = installed_models(settings)
    known = {model.name: model for model in KNOWN}
    records = {name: model_record(settings, name) for name in here}
    if as_json:
        rows = [
            {"name": n, "here": h, "in_use": n == settings.model, **(asdict(known[n]) if n in known else {})}
            | {"installed": asdict(record) if (record := records[n]) else None}
            for n, h in here.items()
        ]
        write_json({"models": rows})
        return
    table = Table("model", "here", "licence", "Danish WER", "note", box=None, pad_edge=False)
    for name, is_here in here.items():
        model = known.get(name)
        wer = f"{model.danish_wer} % ({model.measured_on})" if model and model.danish_wer else "-"
        mark = ("yes, in use" if name == settings.model else "yes") if is_here else "no"
        table.add_row(name, mark, model.licence if model else "?", wer, model.note if model else "")
    out.print(table)
    for name, record in records.items():
        if record:
            out.print(f"{name}: {_history(record)}", markup=False)


def _history(record: ModelRecord) -> str:
    """How a model is stored and where it came from; without a commit of the hub, its weights' sha256 names it."""
    named = f"at {record.revision[:12]}" if record.revision else f"(sha256 {record.sha256[:12]})"
    return (
        f"{record.quantization}, {_size(record.size)}, from {record.source} {named}, {record.installed[:10]}"
    )


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


@models_app.command()
def install(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A model that is listed, or a hub id owner/name.")
    ],
    folder: Annotated[
        Path | None,
        typer.Option("--from", help="Folder with the model's files, instead of the Hugging Face hub."),
    ] = None,
    quantization: Annotated[
        str, typer.Option(help=f"How the weights are stored: {', '.join(QUANTIZATIONS)}.")
    ] = "",
    revision: Annotated[
        str, typer.Option(help="Commit, tag or branch at the hub; the newest if left out.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Fetch a speech model, convert it where it needs to be, try it, and put it in the models folder.

    Example: talerstol models install edda-v0.2 --from /media/usb/edda-v0.2
    """
    with _stages(name) as stage:
        done = install_model(load_settings(), Wanted(name, folder, revision, quantization), stage)
    if as_json:
        kept = asdict(done.record) if done.record else None
        write_json({"name": done.name, "path": str(done.path), "new": done.new, "installed": kept})
    else:
        _show(done)


def _show(done: Installed) -> None:
    record = done.record
    out.print(f"{'Installed' if done.new else 'Already there'}: {done.path}", markup=False)
    if record:
        out.print(f"{done.name}: {_history(record)}", markup=False)
    for note in record.notes if record else ():
        out.print(f"Note: {note}.", markup=False)
    if done.new:
        out.print(f"Use it with TALERSTOL_MODEL={done.name}", markup=False)


@contextmanager
def _stages(name: str) -> Iterator[Stage]:
    """A bar on a terminal, lines elsewhere; on stderr, both."""
    if not err.is_terminal:
        yield lambda doing: _line(f"{name}: {doing}")
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=err, transient=True) as bars:

        def begin(doing: str) -> ProgressCallable:
            for past in bars.task_ids:
                bars.remove_task(past)
            task = bars.add_task(f"{name}: {doing}", total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        yield begin


def _line(doing: str) -> ProgressCallable:
    last = time.monotonic()
    err.print(doing, markup=False)

    def report(done: float, total: float | None) -> None:
        nonlocal last
        if total and time.monotonic() - last >= PLAIN_EVERY:
            last = time.monotonic()
            err.print(f"{doing}, {done / total:.0%}", markup=False)

    return report


def _measure(settings: Settings, sample: Path | None, as_json: bool) -> None:
    found: list[tuple[Tuning, float]] = []

    def report(tuning: Tuning, speed: float) -> None:
        found.append((tuning, speed))
        err.print(f"{_way(tuning)}: {speed:.1f} × real time", markup=False)

    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="talerstol-") as folder:
        audio = Path(folder) / "sample.flac"
        seconds = extract_audio(sample or spoken_sample(), audio, lambda _, __: None, settings.max_hours)
        err.print(f"Measuring {settings.model} with {seconds:.0f} s of speech, three recordings at a time.")
        best = measure(settings, audio, seconds, Path(folder), report)
    file = write_tuning(settings.home, best)
    if as_json:
        ways = [asdict(tuning) | {"times_real_time": round(speed, 2)} for tuning, speed in found]
        write_json({"best": asdict(best), "measured": ways, "file": str(file)})
    else:
        out.print(f"Fastest: {_way(best)}. Kept in {file}", markup=False)


def _way(tuning: Tuning) -> str:
    return (
        f"{tuning.device} {tuning.compute_type}, {tuning.workers} batches of {tuning.batch_size} at a time"
        + (f", {tuning.threads} threads each" if tuning.threads else "")
    )
