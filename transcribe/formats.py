"""A transcript as text that others read: Whisper JSON, WebVTT, SRT and plain text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Protocol

from catalogue import Word


class Spoken(Protocol):
    """A sentence with its time: a transcript's `Segment` or a published `Sentence`."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def speaker(self) -> str | None: ...
    @property
    def words(self) -> tuple[Word, ...]: ...


def to_json(sentences: Iterable[Spoken], language: str = "da") -> str:
    """Whisper's own JSON; `speaker` and `words` only where they are known."""
    return json.dumps(
        {"language": language, "segments": [_segment(s) for s in sentences]}, ensure_ascii=False
    )


def _segment(sentence: Spoken) -> dict[str, Any]:
    row: dict[str, Any] = {"start": sentence.start, "end": sentence.end, "text": sentence.text}
    if sentence.speaker:
        row["speaker"] = sentence.speaker
    if sentence.words:
        row["words"] = [
            {"start": w.start, "end": w.end, "word": w.word, "probability": w.probability}
            for w in sentence.words
        ]
    return row


def to_vtt(sentences: Iterable[Spoken]) -> str:
    """WebVTT (W3C), with the speaker as a voice where known."""
    cues = [
        f"{clock(s.start, '.')} --> {clock(s.end, '.')}\n{_voice(s.speaker)}{_vtt_text(s.text)}\n"
        for s in sentences
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _voice(speaker: str | None) -> str:
    # A voice's name ends at ">" and may hold no line break.
    return f"<v {_vtt_text(' '.join(speaker.split()))}>" if speaker else ""


def _vtt_text(text: str) -> str:
    """Escaped as WebVTT asks, on one line, so that nothing in it can end the cue or pass for a tag."""
    one_line = " ".join(text.split())
    return one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_srt(sentences: Iterable[Spoken]) -> str:
    """SubRip; the speaker stands before the text where it changes."""
    cues, last = [], None
    for number, sentence in enumerate(sentences, start=1):
        name = f"{sentence.speaker}: " if sentence.speaker and sentence.speaker != last else ""
        last = sentence.speaker
        times = f"{clock(sentence.start, ',')} --> {clock(sentence.end, ',')}"
        text = " ".join(sentence.text.replace("-->", "→").split())
        cues.append(f"{number}\n{times}\n{name}{text}\n")
    return "\n".join(cues)


def to_txt(sentences: Sequence[Spoken]) -> str:
    """Reading text: a paragraph for each turn, with its time and the speaker where known."""
    paragraphs = []
    for speaker, turn in groupby(sentences, key=lambda s: s.speaker):
        said = list(turn)
        heading = f"[{clock(said[0].start, '.')[:-4]}]" + (f" {speaker}" if speaker else "")
        paragraphs.append(heading + "\n" + " ".join(" ".join(s.text.split()) for s in said) + "\n")
    return "\n".join(paragraphs)


def clock(seconds: float, point: str) -> str:
    """`HH:MM:SS.mmm`, with the decimal sign the format wants; hours grow as needed."""
    milliseconds = round(max(0.0, seconds) * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{point}{rest % 1000:03}"
