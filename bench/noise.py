"""Words invented over twenty minutes in which nobody speaks: silence, room noise, applause-like noise, hum and music.

    python -m bench.noise --home talerstol-data            # needs sox (Debian: apt-get install sox)

Two ways: as a meeting is heard, and with every ten seconds shown to the model as if the voice detector had found
speech there, so that the gate is measured alone.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from catalogue import Settings
from ingest import decode_audio
from transcribe import Failed, Finished, Job, load_transcriber, silent
from transcribe.gate import plain
from transcribe.hearing import hear
from transcribe.names import Names
from transcribe.stretches import Prepared, _padded
from transcribe.whisper import SAMPLE_RATE
from transcribe.windows import Speech, Window

NOTES = "C3 E3 G3 C4 A3 F3 D4 B3 E4 G4".split()
SOUNDS = {
    "silence": "trim 0 {s}",
    "room, brown noise": "synth {s} brownnoise vol 0.02",
    "room, pink noise with hum": "synth {s} pinknoise synth {s} sine mix 50 vol 0.05",
    "white noise": "synth {s} whitenoise vol 0.1",
    "applause-like": "synth {s} whitenoise synth {s} square amod 9 40 synth {s} sine amod 0.2 60 lowpass 6000 vol 0.4",
    "applause-like, bursts": "synth {s} pinknoise tremolo 13 90 tremolo 0.1 80 vol 0.5",
    "plucked strings": "synth {s} pluck C3 pluck E3 pluck G3 remix - tremolo 0.4 60 vol 0.5",
    "chords": "synth {s} sin 220 sin 277 sin 330 sin 440 remix - tremolo 2 70 vol 0.4",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=Path("talerstol-data"))
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--show", action="store_true", help="print what the model said to the gate")
    arguments = parser.parse_args()
    transcriber = load_transcriber(Settings(home=arguments.home))  # type: ignore[call-arg]
    seconds = arguments.minutes * 60 / (len(SOUNDS) + 1)
    print(
        "| sound | minutes | with speech (s) | invented words | words past the gate alone |\n|---|---|---|---|---|"
    )
    total = forced_total = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, file in _files(Path(folder), seconds):
            transcriber.submit(Job(name, file, name, seconds, file.with_suffix(".jsonl")), silent)
            results: list[Finished | Failed] = []
            while not results:
                results = transcriber.collect(seconds=5.0)
            heard = results[0]
            if isinstance(heard, Failed):
                raise heard.error
            invented = sum(len(plain(s.text)) for s in heard.segments)
            forced = _past_the_gate(transcriber._decoder, file, arguments.show)
            total, forced_total = total + invented, forced_total + forced
            print(
                f"| {name} | {seconds / 60:.1f} | {heard.quality.speech:.1f} | {invented} | {forced} |",
                flush=True,
            )
    print(
        f"invented words an hour: {total * 60 / arguments.minutes:.1f}; gate alone: {forced_total * 60 / arguments.minutes:.1f}"
    )
    transcriber.close()


def _files(folder: Path, seconds: float) -> list[tuple[str, Path]]:
    made = []
    for n, (name, effects) in enumerate(SOUNDS.items()):
        file = folder / f"{n}.flac"
        _sox(file, effects.format(s=seconds))
        made.append((name, file))
    tones = []
    for n, note in enumerate(NOTES):
        tones.append(folder / f"tone-{n}.wav")
        kind = ("pluck", "sawtooth", "triangle", "sine")[n % 4]
        _sox(tones[-1], f"synth {0.25 * (n % 4 + 1)} {kind} {note} fade 0.01 0 0.05 vol 0.5")
    melody = folder / "melody.flac"
    often = round(seconds / 6.25)
    subprocess.run(["sox", *map(str, tones * often), str(melody)], check=True)
    return [*made, ("melody", melody)]


def _sox(file: Path, effects: str) -> None:
    subprocess.run(
        ["sox", "-n", "-r", "16000", "-c", "1", "-b", "16", str(file), *effects.split()], check=True
    )


def _past_the_gate(decoder: object, file: Path, show: bool) -> int:
    """The words that are kept if each ten seconds are taken for speech from end to end."""
    samples = np.frombuffer(b"".join(decode_audio(file)), dtype=np.int16)
    kept = 0
    for start in range(0, len(samples) - 10 * SAMPLE_RATE, 40 * SAMPLE_RATE):
        sound = samples[start : start + 10 * SAMPLE_RATE]
        window = Window(0.0, 10.0, (Speech(0.0, 10.0),))
        bins = decoder.mel_bins  # type: ignore[attr-defined]
        asking = hear(Prepared(window, sound, _padded(sound, bins), 1.0), bins, 5, Names(()))
        question = next(asking)
        while True:
            said = decoder.decode([question.features], (), question.way)[0]  # type: ignore[attr-defined]
            try:
                question = asking.send(said)
            except StopIteration as answered:
                answers = answered.value
                break
        for answer in answers:
            kept += len(plain(answer.text))
            if show:
                print(
                    f"    {said.text[:70]!r} {said.log_probability:.2f} {said.no_speech:.2f} -> {answer.text[:70]!r} {answer.doubts}"
                )
    return kept


if __name__ == "__main__":
    main()
