"""Make the demo archive's recordings and captions from its scripts.

Every folder of pipeline/demo_archive/ with a script.txt becomes the recordings and captions that its
meeting.json names. espeak-ng speaks each sentence alone, so that a caption's times are those of its own sound;
ffmpeg packs the sentences as Ogg Opus. Run it again after a change to a script.txt or to voices.json:

    python scripts/make_demo_speech.py                       all meetings
    python scripts/make_demo_speech.py byraad-2025-09-24     one of them

It needs the programs espeak-ng (with Danish) and ffmpeg (with libopus), and nothing outside Python's own library.

A script is plain text. A paragraph is "Speaker: what is said"; lines that begin with # are notes. Alone on a line,
in brackets: [pause 3], a silence of so many seconds; [between 0.8], the silence between sentences from here on;
[recording 2], where the second recording begins; [break 900], how long after the first one's end that is.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ARCHIVE = Path(__file__).resolve().parent.parent / "pipeline" / "demo_archive"

SAMPLE_RATE = 22_050  # Hz: what espeak-ng speaks at
SAMPLE_BYTES = 2  # mono, signed 16-bit
BIT_RATE = "14k"
BETWEEN_SENTENCES = 0.4  # seconds, unless the script says [between …]
BETWEEN_PARAGRAPHS = 0.8  # seconds at least
AT_BOTH_ENDS = 1.5  # seconds of silence before the first sentence and after the last

PARAGRAPHS = re.compile(r"\n\s*\n")
DIRECTIVE = re.compile(r"\[(?P<word>pause|between|recording|break) (?P<value>\d+(\.\d+)?)\]")
TURN = re.compile(r"(?P<speaker>[^:\[]+): (?P<text>.+)")
# A full stop followed by a small letter is a date: "den 15. oktober".
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-ZÆØÅ])")


class BadScript(Exception):
    """The script, the voices or meeting.json cannot be used as they are."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How espeak-ng speaks for one person."""

    variant: str
    pitch: int
    speed: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one person says, and the silence before it."""

    speaker: str
    text: str
    pause: float


@dataclass(slots=True)
class Part:
    """One recording of a meeting: what is said in it, and how long after the recording before it begins."""

    after: float = 0.0
    sentences: list[Sentence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption, in seconds on its recording's own clock."""

    start: float
    end: float
    speaker: str
    text: str


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    parser = argparse.ArgumentParser(
        description="Make the demo archive's recordings and captions from its scripts."
    )
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="meetings to make (default: all)")
    parser.add_argument("--archive", type=Path, default=ARCHIVE, help="default: %(default)s")
    arguments = parser.parse_args()
    try:
        voices = read_voices(arguments.archive / "voices.json")
        for folder in meeting_folders(arguments.archive, arguments.folders):
            make_meeting(folder, voices)
    except (BadScript, OSError) as error:
        logging.error("%s", error)
        return 1
    except subprocess.CalledProcessError as error:
        logging.error("%s failed: %s", error.cmd[0], error.stderr.decode(errors="replace").strip())
        return 1
    return 0


def meeting_folders(archive: Path, names: list[str]) -> list[Path]:
    if names:
        return [archive / name for name in names]
    return sorted(script.parent for script in archive.glob("*/script.txt"))


def read_voices(file: Path) -> dict[str, Voice]:
    raw = json.loads(file.read_text(encoding="utf-8"))
    return {speaker: Voice(**voice) for speaker, voice in raw.items()}


def make_meeting(folder: Path, voices: dict[str, Voice]) -> None:
    """All recordings and captions of one meeting; their offsets go into its meeting.json."""
    parts = read_script(folder / "script.txt")
    meeting = json.loads((folder / "meeting.json").read_text(encoding="utf-8"))
    recordings: list[dict[str, Any]] = meeting["recordings"]
    if len(recordings) != len(parts):
        raise BadScript(
            f"{folder.name}: the script has {len(parts)} recordings and meeting.json {len(recordings)}."
        )
    clock = 0.0
    for part, recording in zip(parts, recordings, strict=True):
        sound, cues = speak(part, voices)
        duration = seconds(sound)
        clock += part.after
        recording["offset"] = round(clock, 3)
        clock += duration
        encode(sound, folder / recording["file"])
        if recording["captions"]:
            write_captions(cues, folder / recording["captions"])
        logging.info("%s/%s: %.1f s, %d sentences", folder.name, recording["file"], duration, len(cues))
    text = json.dumps(meeting, ensure_ascii=False, indent=2)
    (folder / "meeting.json").write_text(text + "\n", encoding="utf-8")


# The script -------------------------------------------------------------------------------------------


def read_script(file: Path) -> list[Part]:
    """What is said in each recording, in order."""
    lines = file.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    text = re.sub(r"^\[.*\]$", r"\n\g<0>\n", text, flags=re.MULTILINE)
    parts = [Part()]
    between, pause, after = BETWEEN_SENTENCES, AT_BOTH_ENDS, 0.0
    for paragraph in filter(None, (" ".join(p.split()) for p in PARAGRAPHS.split(text))):
        directive = DIRECTIVE.fullmatch(paragraph)
        if directive is None:
            parts[-1].sentences += read_turn(paragraph, between, pause, file)
            pause = max(between, BETWEEN_PARAGRAPHS)
            continue
        value = float(directive["value"])
        match directive["word"]:
            case "pause":
                pause = value
            case "between":
                between = value
            case "break":
                after = value
            case "recording":
                parts.append(Part(after))
                pause, after = AT_BOTH_ENDS, 0.0
    return parts


def read_turn(paragraph: str, between: float, pause: float, file: Path) -> list[Sentence]:
    """A paragraph's sentences, the first of them after `pause`."""
    turn = TURN.fullmatch(paragraph)
    if turn is None:
        raise BadScript(f'{file}: a paragraph must begin with "Speaker: ": {paragraph[:60]}')
    sentences = [Sentence(turn["speaker"], text, between) for text in SENTENCE_END.split(turn["text"])]
    return [replace(sentences[0], pause=pause), *sentences[1:]]


# The sound --------------------------------------------------------------------------------------------


def speak(part: Part, voices: dict[str, Voice]) -> tuple[bytes, list[Cue]]:
    """One recording's samples, and when each sentence is said in them."""
    sound, cues = bytearray(), []
    for sentence in part.sentences:
        if sentence.speaker not in voices:
            raise BadScript(f"{sentence.speaker} has no voice: add one to voices.json.")
        sound += silence(sentence.pause)
        start = seconds(sound)
        sound += synthesise(sentence.text, voices[sentence.speaker])
        cues.append(Cue(start, seconds(sound), sentence.speaker, sentence.text))
    sound += silence(AT_BOTH_ENDS)
    return bytes(sound), cues


def synthesise(text: str, voice: Voice) -> bytes:
    """One sentence as samples, without the silence that espeak-ng leaves around it."""
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary, "sentence.wav")
        options = ["-v", f"da+{voice.variant}", "-p", str(voice.pitch), "-s", str(voice.speed)]
        command = ["espeak-ng", *options, "-b", "1", "-z", "-w", str(file), "--stdin"]
        subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=60)
        with wave.open(str(file), "rb") as speech:
            spoken = (speech.getframerate(), speech.getnchannels(), speech.getsampwidth())
            if spoken != (SAMPLE_RATE, 1, SAMPLE_BYTES):
                raise BadScript(f"espeak-ng speaks in another format than {SAMPLE_RATE} Hz mono 16-bit.")
            return without_silence(speech.readframes(speech.getnframes()))


def without_silence(sound: bytes) -> bytes:
    """The samples from the first that is not zero to the last."""
    ahead = len(sound) - len(sound.lstrip(b"\0"))
    behind = len(sound) - len(sound.rstrip(b"\0"))
    first = ahead - ahead % SAMPLE_BYTES
    last = len(sound) - (behind - behind % SAMPLE_BYTES)
    return sound[first:last]


def silence(duration: float) -> bytes:
    return bytes(round(duration * SAMPLE_RATE) * SAMPLE_BYTES)


def seconds(sound: bytes | bytearray) -> float:
    return len(sound) / (SAMPLE_RATE * SAMPLE_BYTES)


def encode(sound: bytes, file: Path) -> None:
    """Samples as Ogg Opus; the same samples give the same file."""
    source = ["-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", "pipe:0"]
    opus = ["-c:a", "libopus", "-b:a", BIT_RATE, "-application", "voip", "-ar", "24000"]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *source, *opus, *plain, str(file)]
    subprocess.run(command, input=sound, capture_output=True, check=True, timeout=600)


# The captions -----------------------------------------------------------------------------------------


def write_captions(cues: list[Cue], file: Path) -> None:
    """One cue a sentence: WebVTT with the speakers as voices, or SubRip, which has no place for them."""
    blocks = srt_cues(cues) if file.suffix == ".srt" else ["WEBVTT\n", *vtt_cues(cues)]
    file.write_text("\n".join(blocks), encoding="utf-8")


def vtt_cues(cues: list[Cue]) -> Iterator[str]:
    for cue in cues:
        times = f"{timestamp(cue.start, '.')} --> {timestamp(cue.end, '.')}"
        yield f"{times}\n<v {escaped(cue.speaker)}>{escaped(cue.text)}\n"


def srt_cues(cues: list[Cue]) -> Iterator[str]:
    for number, cue in enumerate(cues, start=1):
        yield f"{number}\n{timestamp(cue.start, ',')} --> {timestamp(cue.end, ',')}\n{cue.text}\n"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def timestamp(time: float, point: str) -> str:
    whole, milliseconds = divmod(round(time * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{milliseconds:03}"


if __name__ == "__main__":
    sys.exit(main())
