"""Records to JSON and back, for what the catalogue keeps whole: segments and segmentations."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from catalogue.records import (
    Agenda,
    Attachment,
    Chapter,
    ClosedDoors,
    Evidence,
    Gap,
    GapReason,
    ItemSpan,
    Part,
    Segment,
    Segmentation,
    SetBy,
    SpanStatus,
    TranscriptQuality,
    Word,
)


def digest(value: object) -> str:
    """sha256 of the canonical JSON of a value: the one way fingerprints and content ids are made."""
    return hashlib.sha256(_canonical(value).encode()).hexdigest()


def file_sha256(file: Path) -> str:
    """Of what a file holds, in hexadecimal; read piece by piece."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)


def agenda_key(agenda: Agenda) -> str:
    """A fingerprint of what an item is found by. Whether it is open is no part: closing takes effect at once."""
    return digest([(item.number, item.title) for item in agenda.items])


def pack_segments(segments: tuple[Segment, ...]) -> bytes:
    rows = [
        [s.start, s.end, s.text, s.speaker, [[w.start, w.end, w.word, w.probability] for w in s.words]]
        + ([s.doubt] if s.doubt else [])
        for s in segments
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def unpack_segments(packed: bytes, words: bool = True) -> tuple[Segment, ...]:
    """The segments; without their `words` it takes a fraction of the time."""
    rows: list[list[Any]] = json.loads(zlib.decompress(packed))
    return tuple(
        Segment(a, b, text, who, tuple(Word(*w) for w in timed) if words else (), *doubt)
        for a, b, text, who, timed, *doubt in rows
    )


def dump_attachments(attachments: tuple[Attachment, ...]) -> str:
    return _canonical([[a.name, a.url] for a in attachments])


def load_attachments(text: str) -> tuple[Attachment, ...]:
    return tuple(Attachment(name, url) for name, url in json.loads(text))


def dump_chapters(chapters: tuple[Chapter, ...]) -> str:
    return _canonical([[c.start, c.title] for c in chapters])


def load_chapters(text: str) -> tuple[Chapter, ...]:
    return tuple(Chapter(start, title) for start, title in json.loads(text))


def dump_gaps(gaps: tuple[Gap, ...]) -> str:
    return _canonical([[g.at, g.lost, g.reason] for g in gaps])


def load_gaps(text: str) -> tuple[Gap, ...]:
    return tuple(Gap(at, lost, GapReason(reason)) for at, lost, reason in json.loads(text))


def dump_quality(quality: TranscriptQuality) -> str:
    return _canonical(asdict(quality))


def load_quality(text: str) -> TranscriptQuality:
    raw: dict[str, Any] = json.loads(text)
    return TranscriptQuality(
        **raw
        | {
            "gaps": tuple(Part(**p) for p in raw["gaps"]),
            "doubtful": tuple(Part(**p) for p in raw["doubtful"]),
            "decoded_again": tuple((reason, count) for reason, count in raw["decoded_again"]),
        }
    )


def dump_segmentation(segmentation: Segmentation) -> str:
    return _canonical(asdict(segmentation))


def load_segmentation(text: str) -> Segmentation:
    raw: dict[str, Any] = json.loads(text)
    return Segmentation(
        agenda=raw["agenda"],
        transcripts=tuple(raw["transcripts"]),
        spans=tuple(
            ItemSpan(
                item=s["item"],
                status=SpanStatus(s["status"]),
                start=s["start"],
                end=s["end"],
                confidence=s["confidence"],
                evidence=Evidence(**s["evidence"]) if s["evidence"] else None,
                set_by=SetBy(s["set_by"]),
            )
            for s in raw["spans"]
        ),
        closed_doors=tuple(
            ClosedDoors(c["start"], c["end"], Evidence(**c["evidence"])) for c in raw["closed_doors"]
        ),
    )
