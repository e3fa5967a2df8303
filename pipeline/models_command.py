"""`talerstol models`: which speech models are here, and how this machine decodes fastest with the one in use."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from catalogue import Settings, load_settings
from ingest import extract_audio
from pipeline.console import AsJson, err, out, write_json
from pipeline.demo import spoken_sample
from transcribe import KNOWN, Tuning, installed_models, measure, write_tuning

models_app = typer.Typer(invoke_without_command=True, help="Speech models: list them, measure this machine.")


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
    if as_json:
        rows = [
            {"name": n, "here": h, "in_use": n == settings.model, **(asdict(known[n]) if n in known else {})}
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
