"""How long the open data take, how much memory, and how long `/udvalg.atom` takes the first time.

python -m bench.open_data --meetings 100 --sentences 3000
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from starlette.testclient import TestClient

from catalogue import (
    Agenda,
    AgendaItem,
    Edit,
    EditKind,
    ItemSpan,
    Meeting,
    Provenance,
    Recording,
    RecordingKind,
    Segment,
    Segmentation,
    Settings,
    SpanStatus,
    TranscriptOrigin,
    Word,
    agenda_key,
    make_transcript,
)
from pipeline.archive import Archive, open_archive
from pipeline.export import make_dump
from web import create_app

Result = TypeVar("Result")

WORDS = "vi skal have en ny cykelsti langs havnegade og budgettet for skolerne er vedtaget af byrådet".split()
WORDS_A_SENTENCE = 15
ITEMS = 20
FEED = "/udvalg.atom?municipality=Tranevig&body=Byr%C3%A5det"


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--meetings", type=int, default=50)
    said.add_argument("--sentences", type=int, default=3000)
    asked = said.parse_args()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), base_url="https://arkiv.example")  # type: ignore[call-arg]
        with open_archive(settings) as archive:
            for number in range(asked.meetings):
                add(archive, number, asked.sentences)
            before = memory()
            seconds, dump = timed(lambda: make_dump(archive, lambda done, total: None))
            size = sum(file.size for file in dump.files) / 1e6
            print(f"whole dump: {seconds:.1f} s, {size:.0f} MB, memory {before:.0f} -> {memory():.0f} MB")
            for file in dump.files:
                if file.rows is not None:
                    print(f"  {file.name}: {file.rows} rows, {file.size / 1e6:.1f} MB")
            at = datetime(2025, 1, 1, tzinfo=UTC)
            archive.catalogue.add_edit("m0", Edit(EditKind.REDACTION, "b", "b", at, 10.0, 20.0))
            seconds, _ = timed(lambda: make_dump(archive, lambda done, total: None))
            print(f"after one redaction: {seconds:.1f} s, memory {memory():.0f} MB")
            app = create_app(settings, archive.catalogue, archive.store, archive.engine)
            client = TestClient(app)
            for time_ in ("first", "second"):
                print(f"{FEED} {time_}: {timed(lambda: client.get(FEED))[0] * 1000:.0f} ms")
            print(
                f"/data/meetings.jsonl.gz: {timed(lambda: client.get('/data/meetings.jsonl.gz'))[0] * 1000:.0f} ms"
            )


def add(archive: Archive, number: int, sentences: int) -> None:
    chance, meeting_id = random.Random(number), f"m{number}"
    said = tuple(sentence(chance, n * 6.0) for n in range(sentences))
    items = Agenda(tuple(AgendaItem(str(n + 1), f"Punkt om sag {n}", case=f"25/{n}") for n in range(ITEMS)))
    day, one = date(2020, 1, 1) + timedelta(days=number), f"{meeting_id}-1"
    recording = Recording(one, 1, RecordingKind.NONE, "-", 0.0, sentences * 6.0)
    meeting = Meeting(meeting_id, f"Møde {number}", day, "Byrådet", "Tranevig", (recording,), items)
    transcript = make_transcript(one, "da", said, Provenance(TranscriptOrigin.MODEL, "bench"))
    archive.catalogue.add_meeting(meeting, [(one, transcript)])
    long = sentences * 6.0 / ITEMS
    spans = tuple(ItemSpan(n, SpanStatus.DISCUSSED, n * long, (n + 1) * long, 0.9) for n in range(ITEMS))
    archive.catalogue.save_segmentation(meeting_id, Segmentation(agenda_key(items), (transcript.id,), spans))


def sentence(chance: random.Random, start: float) -> Segment:
    words = [chance.choice(WORDS) for _ in range(WORDS_A_SENTENCE)]
    times = [start + n * 0.35 for n in range(len(words) + 1)]
    heard = tuple(
        Word(round(a, 2), round(b, 2), f" {word}", round(chance.random(), 4))
        for a, b, word in zip(times, times[1:], words, strict=False)
    )
    return Segment(start, times[-1], " ".join(words), chance.choice(("Anna Friis (A)", "Bo Lund (V)")), heard)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    began = time.monotonic()
    result = work()
    return time.monotonic() - began, result


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
