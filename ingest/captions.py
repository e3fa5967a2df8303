"""Captions and transcripts that a publisher already has: WebVTT, SRT and Whisper JSON."""

from __future__ import annotations

import html
import io
import json
import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import pysubs2
import webvtt

from catalogue import InputError, Segment, Settings, Word
from ingest.documents import decode_text, read_document
from ingest.http import Web

MOST_CUES = 200_000  # a word a cue for 20 hours
MEND = "Check that it is the right file, or save it again."
LONGEST_TEXT = 5_000  # characters of one cue
LATEST = 1e6  # seconds, 11 days: no meeting lasts longer
_TAG = re.compile(r"</?[a-zA-Z0-9.:_ \"'=\-ÆØÅæøå()&;/]*>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_SRT_TIMING = re.compile(r"^\s*\d{1,3}:\d{1,2}:\d{1,2}[,.]\d{1,3}\s*-->", re.MULTILINE)


def read_captions(source: str, web: Web, settings: Settings) -> tuple[Segment, ...]:
    """The captions in a file or at an address. Raises `InputError` for what cannot be used."""
    data, name = read_document(source, web, settings)
    return parse_captions(data, name)


def parse_captions(data: bytes, name: str) -> tuple[Segment, ...]:
    """Segments in the order of their times, which never run backwards. The format is known by its content."""
    text = decode_text(data)
    start = text.lstrip()
    if not start:
        raise InputError("the file is empty", where=name, remedy="Give the captions themselves, or none.")
    if start.startswith(("{", "[")):
        raw = _from_json(text, name)
    elif start.startswith("WEBVTT"):
        raw = _from_vtt(start, name)
    elif _SRT_TIMING.search(text):
        raw = _from_srt(text, name)
    else:
        raise InputError(
            "neither WebVTT, SRT nor Whisper JSON", where=name, remedy="Give one of these formats."
        )
    if len(raw) > MOST_CUES:
        raise InputError(
            f"more than {MOST_CUES:,} cues",
            where=name,
            remedy="Check that it is the captions of one meeting.",
        )
    segments = _in_order(raw)
    if not segments:
        raise InputError(
            "there is not one usable caption in it", where=name, remedy="Check that it has times and text."
        )
    return segments


def clean(text: str) -> str:
    """One line of plain text: no tags, no control characters, entities decoded."""
    untagged = html.unescape(_TAG.sub("", text))
    return " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", untagged)).split())[:LONGEST_TEXT]


def _from_vtt(text: str, name: str) -> list[Segment]:
    try:
        cues = webvtt.from_buffer(io.StringIO(text)).captions
        return [_cue(c.start_in_seconds, c.end_in_seconds, c.raw_text, c) for c in cues]
    except (
        webvtt.errors.MalformedFileError,
        webvtt.errors.MalformedCaptionError,
        ValueError,
        IndexError,
    ) as error:
        raise InputError(f"the WebVTT is malformed ({_short(error)})", where=name, remedy=MEND) from error


def _cue(start: float, end: float, text: str, cue: Any) -> Segment:
    milliseconds = (getattr(cue.start_time, "milliseconds", 0), getattr(cue.end_time, "milliseconds", 0))
    speaker = clean(cue.voice) if cue.voice else None
    said = clean(text).removeprefix("-").lstrip()
    if speaker:  # captions show the name as well, for players show no voices
        said = said.removeprefix(f"{speaker}:").lstrip()
    return Segment(
        int(start) + milliseconds[0] / 1000, int(end) + milliseconds[1] / 1000, said, speaker or None
    )


def _from_srt(text: str, name: str) -> list[Segment]:
    try:
        lines = pysubs2.SSAFile.from_string(text, format_="srt")
        return [Segment(line.start / 1000, line.end / 1000, clean(line.plaintext)) for line in lines]
    except (pysubs2.exceptions.Pysubs2Error, ValueError, IndexError) as error:
        raise InputError(f"the SRT is malformed ({_short(error)})", where=name, remedy=MEND) from error


def _from_json(text: str, name: str) -> list[Segment]:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:  # also a number with thousands of digits
        raise InputError(
            f"the JSON is malformed ({_short(error)})", where=name, remedy="Check that it is the right file."
        ) from error
    rows = raw.get("segments") if isinstance(raw, dict) else raw
    if not isinstance(rows, list):
        raise InputError(
            'the JSON has no list "segments"', where=name, remedy="Whisper's own JSON is expected."
        )
    return [segment for row in rows if (segment := _segment(row)) is not None]


def _segment(row: Any) -> Segment | None:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return None
    start, end = _number(row.get("start")), _number(row.get("end"))
    if start is None or end is None:
        return None
    speaker = clean(row["speaker"]) if isinstance(row.get("speaker"), str) else None
    words = row.get("words")
    parsed = [word for each in words if (word := _word(each)) is not None] if isinstance(words, list) else []
    return Segment(start, end, clean(row["text"]), speaker or None, tuple(parsed))


def _word(row: Any) -> Word | None:
    if not isinstance(row, dict) or not isinstance(row.get("word"), str):
        return None
    start, end, probability = (_number(row.get(key)) for key in ("start", "end", "probability"))
    if start is None or end is None or probability is None or not 0 <= probability <= 1:
        return None
    return Word(start, end, clean(row["word"]), probability)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= LATEST and math.isfinite(value) else None


def _in_order(raw: Iterable[Segment]) -> tuple[Segment, ...]:
    """Usable segments by time: no empty text, no backward or impossible times, no rolling repeats."""
    usable = [s for s in raw if s.text and 0 <= s.start <= s.end <= LATEST]
    ordered: list[Segment] = []
    for segment in sorted(usable, key=lambda s: (s.start, s.end)):
        words = tuple(w for w in segment.words if segment.start - 1 <= w.start <= w.end <= segment.end + 1)
        ascending = all(a.end <= b.start + 1e-6 for a, b in zip(words, words[1:], strict=False))
        kept = Segment(segment.start, segment.end, segment.text, segment.speaker, words if ascending else ())
        if ordered and _rolls_on(ordered[-1], kept):
            kept = Segment(kept.start, kept.end, kept.text[len(ordered[-1].text) :].strip(), kept.speaker)
        if kept.text:
            ordered.append(kept)
    return tuple(ordered)


def _rolls_on(before: Segment, after: Segment) -> bool:
    """Whether a cue shows the one before it again with more behind it, as rolling live captions do."""
    close = after.start - before.end < 0.1
    return (
        close
        and before.speaker == after.speaker
        and after.text.startswith(before.text)
        and before.text.count(" ") >= 2
    )


def _short(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, character {error.colno}"
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
