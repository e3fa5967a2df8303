"""One recording or one meeting outside the archive: `talerstol transcribe` and `talerstol segment`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from catalogue import Agenda, InputError, ItemSpan, Segment, Settings
from ingest import Progress, Web, extract_audio, missing, probe, read_agenda, read_captions
from pipeline.runs.steps import STEPS
from pipeline.terminal.reporter import Reporter
from segment import index_points, place_items
from transcribe import Failed, Finished, Job, load_transcriber, to_json, to_srt, to_txt, to_vtt


class Format(StrEnum):
    JSON = "json"
    VTT = "vtt"
    SRT = "srt"
    TXT = "txt"


WRITERS: dict[Format, Callable[[Sequence[Segment]], str]] = {
    Format.JSON: to_json,
    Format.VTT: to_vtt,
    Format.SRT: to_srt,
    Format.TXT: to_txt,
}


def transcribe_file(media: Path, format: Format, settings: Settings, reporter: Reporter) -> str:
    """The transcript of a file in the format asked for. Raises `InputError` for what is no recording."""
    if probe(media).audio is None:
        raise InputError("this recording has no sound", where=str(media))
    steps = {step.name: step for step in STEPS}
    with tempfile.TemporaryDirectory(prefix="talerstol-") as folder:
        audio = Path(folder) / "audio.flac"
        with reporter.step(media.name, steps["audio"]) as progress:
            duration = extract_audio(media, audio, progress, settings.max_hours)
        if short := missing(probe(media).duration, duration):
            reporter.note(f"{media.name}: {short}: the file may have been cut off")
        with reporter.step(media.name, steps["transcribe"]) as progress:
            heard = _hear(
                Job(media.name, audio, "", duration, Path(folder) / "heard.jsonl"), settings, progress
            )
    return WRITERS[format](heard.segments)


def _hear(job: Job, settings: Settings, progress: Progress) -> Finished:
    transcriber = load_transcriber(settings)
    try:
        transcriber.submit(job, progress)
        results: list[Finished | Failed] = []
        while not results:
            results = transcriber.collect(seconds=1.0)
        if isinstance(results[0], Failed):
            raise results[0].error
        return results[0]
    finally:
        transcriber.close()


def place(transcript: Path, agenda_source: str, settings: Settings) -> dict[str, Any]:
    """The promised answer of `talerstol segment`: one entry for every item of the agenda, in its order."""
    web = Web(settings)
    agenda = read_agenda(agenda_source, web, settings)
    segments = read_captions(str(transcript), web, settings)
    placed = place_items(segments, agenda, given=index_points(agenda.items))
    return {"items": [_entry(span, agenda) for span in placed.spans]}


def _entry(span: ItemSpan, agenda: Agenda) -> dict[str, Any]:
    item = agenda.items[span.item]
    evidence = {"at": span.evidence.at, "text": span.evidence.text} if span.evidence else None
    return {
        "number": item.number,
        "title": item.title,
        "start": span.start,
        "end": span.end,
        "status": span.status.value,
        "confidence": span.confidence,
        "evidence": evidence,
    }
