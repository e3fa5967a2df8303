"""Archives to measure the web on, made of the real sittings' words.

    python -m bench.web.archive MATERIAL HOME --long            one meeting of five hours, with words' times and sound
    python -m bench.web.archive MATERIAL HOME --passages 200000  so many passages in meetings of 800, and their index

`MATERIAL` is the folder that holds `folketinget/`. An archive that is there already is kept.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.searching.size import changed_text
from catalogue import (
    Agenda,
    AgendaItem,
    Catalogue,
    ItemSpan,
    MediaStore,
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
    withheld_digest,
)
from ingest.media import program
from pipeline.archive import open_archive
from pipeline.index.indexing import reindex_all
from pipeline.terminal.console import make_reporter

LONG = "kommune-byraadet-2025-10-08"
SENTENCES, WORDS, LONG_ITEMS = 3_000, 45_000, 30
SECONDS = 5 * 3600.0
NOISE = "anoisesrc=sample_rate=24000:amplitude=0.02"
A_PART = 300.0  # seconds of sound that are made; the rest is the same again
A_MEETING, AN_ITEM = 800, 50  # passages, as in bench.searching.size
PASSAGE_WORDS, PASSAGE_SECONDS = 45, 19.0
HEARD = Provenance(TranscriptOrigin.MODEL, "large-v3-turbo", revision="bench")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("material", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--passages", type=int, default=0)
    asked = parser.parse_args()
    settings = Settings(home=asked.home, meili_url=None)  # type: ignore[call-arg]
    spoken = spoken_words(asked.material)
    if asked.long:
        make_long(settings, spoken)
    if asked.passages:
        make_many(settings, spoken, asked.passages)


def spoken_words(material: Path) -> list[str]:
    """All words of the sittings in their order."""
    files = sorted((material / "folketinget").glob("M*/transcript.json"))
    segments = (s for file in files for s in json.loads(file.read_text(encoding="utf-8"))["segments"])
    return [word for segment in segments for word in segment["text"].split()]


def make_long(settings: Settings, spoken: Sequence[str]) -> None:
    """The meeting `LONG`: 3,000 sentences, 45,000 words, 30 items, and a file that plays for five hours."""
    catalogue, store = Catalogue.open(settings.database), MediaStore(settings.media_folder)
    try:
        if LONG not in catalogue.meeting_ids():
            name = f"{LONG}/1-playable.m4a"
            with store.create(name) as file:
                make_sound(file, SECONDS)
            _publish(
                catalogue, _meeting(LONG, date(2025, 10, 8), LONG_ITEMS, SECONDS, name), _long_text(spoken)
            )
            _index(settings)
    finally:
        catalogue.close()


def make_sound(
    file: Path, seconds: float, source: str = NOISE, bitrate: str = "48k", part: float = A_PART
) -> None:
    """Sound as AAC, from a source of ffmpeg's: a part of it is encoded, and repeated without encoding it again."""
    with TemporaryDirectory(dir=file.parent) as folder:
        short = Path(folder) / "part.m4a"
        made = ["-f", "lavfi", "-i", f"{source}:duration={part:g}"]
        _ffmpeg(*made, "-c:a", "aac", "-b:a", bitrate, str(short))
        repeats = ["-stream_loop", str(int(seconds // part)), "-i", str(short), "-t", str(seconds)]
        _ffmpeg(*repeats, "-c", "copy", "-movflags", "+faststart", "-f", "mp4", str(file))


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([program(), "-nostdin", "-y", "-loglevel", "error", *arguments], check=True, timeout=300)


def _long_text(spoken: Sequence[str]) -> tuple[Segment, ...]:
    """15 words a sentence, six seconds each; somebody else speaks after every eight."""
    length, step = WORDS // SENTENCES, SECONDS / SENTENCES
    chance = random.Random(5)
    said = []
    for n in range(SENTENCES):
        start = n * step
        texts = _sentence(spoken, n * length, length).split()
        pace = (step - 0.2) / length
        words = tuple(
            Word(
                round(start + k * pace, 2),
                round(start + (k + 1) * pace, 2),
                f" {text}",
                round(chance.uniform(0.4, 1), 3),
            )
            for k, text in enumerate(texts)
        )
        said.append(Segment(start, start + step - 0.2, " ".join(texts), _speaker(n // 8), words))
    return tuple(said)


def _sentence(spoken: Sequence[str], at: int, length: int) -> str:
    words = [spoken[(at + k) % len(spoken)].strip('.,;:?!"»«') or "og" for k in range(length)]
    return f"{words[0].capitalize()} {' '.join(words[1:])}."


def _speaker(n: int) -> str:
    party = "ABCFIKLMOVØÅ"[n % 12]
    return (
        f"{('Anna', 'Bo', 'Clara', 'Dan', 'Eva')[n % 5]} {('Holm', 'Friis', 'Lund', 'Dam')[n % 4]} ({party})"
    )


def make_many(settings: Settings, spoken: Sequence[str], count: int) -> None:
    """`count` passages in meetings of 800 under items of 50, in the catalogue and in the index."""
    catalogue = Catalogue.open(settings.database)
    try:
        chance = random.Random(count)
        vocabulary = spoken[:: max(1, len(spoken) // 100_000)]
        there = set(catalogue.meeting_ids())
        for n in range(0, count, A_MEETING):
            number = n // A_MEETING
            day = date(2010, 1, 1) + timedelta(days=number * 3 % 5800)
            name = f"kommune-{number % 98:02}-{number:05}"
            rows = min(A_MEETING, count - n)
            said = tuple(
                Segment(
                    k * PASSAGE_SECONDS,
                    k * PASSAGE_SECONDS + PASSAGE_SECONDS - 1,
                    changed_text(
                        _sentence(spoken, chance.randrange(len(spoken)), PASSAGE_WORDS), vocabulary, chance
                    ),
                    _speaker(number + k),
                )
                for k in range(rows)
            )
            if name not in there:
                meeting = _meeting(name, day, -(-rows // AN_ITEM), rows * PASSAGE_SECONDS, None)
                _publish(
                    catalogue, replace(meeting, municipality=f"Kommune {number % 98:02}"), said, _titles(said)
                )
        _index(settings)
    finally:
        catalogue.close()


def _titles(said: Sequence[Segment]) -> list[str]:
    return [" ".join(s.text.split()[:6]) for s in said[::AN_ITEM]]


def _meeting(name: str, day: date, items: int, seconds: float, playable: str | None) -> Meeting:
    kind = RecordingKind.FILE if playable else RecordingKind.NONE
    one = Recording(
        id=f"{name}-1",
        ordinal=1,
        kind=kind,
        source="bench",
        offset=0.0,
        duration=seconds,
        playable=playable,
        has_video=False,
    )
    agenda = Agenda(tuple(AgendaItem(str(n + 1), f"Punkt om sag nummer {n + 1}") for n in range(items)))
    return Meeting(name, "Møde i byrådet", day, "Byrådet", "Kommune", (one,), agenda)


def _publish(
    catalogue: Catalogue, meeting: Meeting, said: tuple[Segment, ...], titles: Sequence[str] = ()
) -> None:
    if titles:
        items = zip(meeting.agenda.items, titles, strict=True)
        meeting = replace(meeting, agenda=Agenda(tuple(replace(item, title=title) for item, title in items)))
    one = meeting.recordings[0]
    assert one.duration
    transcript = make_transcript(one.id, "da", said, HEARD)
    catalogue.add_meeting(meeting, [(one.id, transcript)])
    count = len(meeting.agenda.items)
    bounds = [one.duration * n / count for n in range(count + 1)]
    spans = tuple(ItemSpan(n, SpanStatus.DISCUSSED, bounds[n], bounds[n + 1], 0.95) for n in range(count))
    catalogue.save_segmentation(
        meeting.id, Segmentation(agenda_key(meeting.agenda), (transcript.id,), spans, ())
    )
    if one.playable:
        catalogue.update_recording(replace(one, playable_without=withheld_digest((), one)))


def _index(settings: Settings) -> None:
    """As a user would: so the server finds on record what the index holds, and leaves it as it is."""
    with open_archive(settings) as archive, make_reporter() as reporter:
        print(f"{reindex_all(archive, reporter)} passages in {len(archive.catalogue.meeting_ids())} meetings")


if __name__ == "__main__":
    main()
