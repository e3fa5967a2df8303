"""What the disturbed archive is made of: short recordings at a source, files on the disk, meetings without recordings."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from catalogue import Edit, EditKind
from ingest.media import program
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive

ITEMS = [
    {"number": "1", "title": "Godkendelse af dagsorden"},
    {"number": "2", "title": "Ny cykelsti langs Strandvejen", "case": "25/26257"},
    {"number": "3", "title": "Køb af Granvænget 7", "open": False},
]
SECRET = "fire millioner"  # said behind closed doors: nobody may ever see it
TAKEN_BACK = "Ring til mig på 12345678"  # what is redacted in the middle of it all
SAID = (
    "Punkt 1, godkendelse af dagsorden.",
    "Så går vi til punkt 2, ny cykelsti langs Strandvejen.",
    "Møde nummer {n}: cykelstien skal bygges, og børnene skal kunne cykle til skolen.",
    TAKEN_BACK + ".",
    "Så lukker vi dørene.",
    f"Granvænget 7 koster {SECRET}.",
)
SECONDS = 2  # that each of them takes


@dataclass(frozen=True, slots=True)
class Material:
    """Files to be served, and what is registered: each a list of sources with its captions (empty: to be heard)."""

    served: Path
    meetings: tuple[tuple[tuple[str, ...], str], ...]


def make_material(folder: Path, meetings: int, speech: Path | None) -> Material:
    """So many meetings; `speech` is a short recording that is really heard."""
    served = folder / "served"
    served.mkdir(parents=True)
    made: list[tuple[tuple[str, ...], str]] = []
    for n in range(meetings):
        captions = _captions(folder / f"{n}.vtt", n)
        match n % 5:
            case 0 | 1:
                source = _video(served / f"{n}.mp4", n)
            case 2:
                source = _sound(served / f"{n}.mp3", n)
            case 3:
                source = _stream(served / f"{n}" / "index.m3u8", n)
            case _:
                source = "-"
        made.append(((source,), str(captions)))
    if speech is not None:
        made.append(((str(speech.resolve()),), ""))
    return Material(served, tuple(made))


def register(archive: Archive, material: Material, address: str, folder: Path) -> None:
    """All meetings, their recordings at this address."""
    for n, (sources, captions) in enumerate(material.meetings):
        agenda = folder / f"agenda-{n}.json"
        about = {
            "title": f"Byrådsmøde {n}",
            "date": f"2025-{n % 12 + 1:02}-{n % 27 + 1:02}",
            "body": "Byrådet",
        }
        agenda.write_text(json.dumps({**about, "municipality": "Tranevig", "items": ITEMS}), encoding="utf-8")
        there = tuple(
            s if s == "-" or Path(s).is_relative_to("/") and not Path(s).is_relative_to(material.served)
            else f"{address}/{Path(s).relative_to(material.served).as_posix()}"
            for s in sources
        )  # fmt: skip
        add_meeting(archive, Registration(there, str(agenda), (captions,) if captions else ()))


def edits_of(meeting_ids: list[str]) -> list[tuple[str, Edit]]:
    """What staff do while the run is at work: a redaction in every third meeting, a correction in others, so that each
    is either as it was or as it comes to be."""
    from datetime import UTC, datetime

    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    redactions = [
        (m, Edit(EditKind.REDACTION, "Anna", "persondata", at, 3.0 * SECONDS, 4.0 * SECONDS))
        for m in meeting_ids[::3]
    ]
    corrections = [
        (
            m,
            Edit(
                EditKind.CORRECTION, "Anna", "hørefejl", at, 0.0, 1.0 * SECONDS, text="Punkt 1, dagsordenen."
            ),
        )
        for m in meeting_ids[1::3]
    ]
    return redactions + corrections


def _captions(file: Path, n: int) -> Path:
    cues = [
        f"00:00:{k * SECONDS:02}.000 --> 00:00:{(k + 1) * SECONDS:02}.000\n<v Karen Holm (A)>{text.format(n=n)}\n"
        for k, text in enumerate(SAID)
    ]
    file.write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    return file


def _length() -> int:
    return SECONDS * len(SAID) + 1


def _ffmpeg(*words: str) -> None:
    subprocess.run(
        [program(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *words], check=True, timeout=120
    )


def _tone(n: int) -> list[str]:
    return ["-f", "lavfi", "-i", f"sine=frequency={300 + 20 * n}:duration={_length()}:sample_rate=44100"]


def _picture() -> list[str]:
    return ["-f", "lavfi", "-i", f"testsrc=duration={_length()}:size=160x90:rate=5"]


_H264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "aac")


def _video(file: Path, n: int) -> str:
    _ffmpeg(*_tone(n), *_picture(), *_H264, "-movflags", "+faststart", str(file))
    return str(file)


def _sound(file: Path, n: int) -> str:
    _ffmpeg(*_tone(n), "-c:a", "libmp3lame", "-b:a", "64k", str(file))
    return str(file)


def _stream(manifest: Path, n: int) -> str:
    manifest.parent.mkdir()
    vod = ("-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod")
    _ffmpeg(*_tone(n), *_picture(), *_H264, *vod, str(manifest))
    return str(manifest)
