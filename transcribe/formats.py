"""A transcript as text that others read: Whisper JSON, WebVTT, SRT and plain text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from transcribe.captions import Cue, Line, Spoken, cues


def to_json(sentences: Iterable[Spoken], language: str = "da") -> str:
    """Whisper's own JSON; `speaker` and `words` only where they are known."""
    return json.dumps(
        {"language": language, "segments": [_segment(s) for s in sentences]}, ensure_ascii=False
    )


def _segment(sentence: Spoken) -> dict[str, Any]:
    row: dict[str, Any] = {"start": sentence.start, "end": sentence.end, "text": sentence.text}
    if sentence.speaker:
        row["speaker"] = sentence.speaker
    if sentence.doubt:
        row["doubtful"] = sentence.doubt
    if sentence.words:
        row["words"] = [
            {"start": w.start, "end": w.end, "word": w.word, "probability": w.probability}
            for w in sentence.words
        ]
    return row


def to_vtt(sentences: Iterable[Spoken]) -> str:
    """WebVTT (W3C): captions as `captions.cues` makes them, the speaker also as a voice where known."""
    return cues_vtt(cues(sentences))


def cues_vtt(captions: Iterable[Cue]) -> str:
    """The same of captions that are made already."""
    blocks = [f"{_times(cue, '.')}\n{_spoken(cue.lines)}\n" for cue in captions]
    return "\n".join(["WEBVTT\n", *blocks])


def chapters_vtt(chapters: Iterable[tuple[float, float, str]]) -> str:
    """WebVTT chapters from (start, end, title) in seconds: one cue each, its text on one line."""
    blocks = [
        f"{clock(start, '.')} --> {clock(end, '.')}\n{_vtt_text(' '.join(title.split()))}\n"
        for start, end, title in chapters
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _spoken(lines: tuple[Line, ...]) -> str:
    """The lines of a cue; two speakers are a voice each, with an end."""
    voices = {line.voice for line in lines}
    if len(voices) == 1:
        return _voice(lines[0].voice) + "\n".join(_vtt_text(line.text) for line in lines)
    return "\n".join(f"{_voice(line.voice)}{_vtt_text(line.text)}</v>" for line in lines)


def _voice(speaker: str | None) -> str:
    # A voice's name ends at ">" and may hold no line break.
    return f"<v {_vtt_text(speaker)}>" if speaker else ""


def _vtt_text(text: str) -> str:
    """Escaped as WebVTT asks, so that nothing in it can end the cue or pass for a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_srt(sentences: Iterable[Spoken]) -> str:
    """SubRip: the same captions."""
    return cues_srt(cues(sentences))


def cues_srt(captions: Iterable[Cue]) -> str:
    """The same of captions that are made already."""
    blocks = []
    for number, cue in enumerate(captions, start=1):
        text = "\n".join(line.text.replace("-->", "→") for line in cue.lines)
        blocks.append(f"{number}\n{_times(cue, ',')}\n{text}\n")
    return "\n".join(blocks)


def _times(cue: Cue, point: str) -> str:
    return f"{clock(cue.start, point)} --> {clock(cue.end, point)}"


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
