"""How far what can be read of whole recordings is from what they announce: what `ingest.wholeness` was chosen by.

    python -m bench.lengths --minutes 20

A recording is made in every container that councils publish, and each is announced, walked and decoded.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import m3u8

from ingest.manifests import read_pieces, told_by
from ingest.media import extract_audio, probe, program, walk

PICTURED = ["a.mp4", "a.mov", "a.mkv", "a.ts", "a.flv"]
SOUNDS = {
    "a.m4a": ["-c", "copy"],
    "a.aac": ["-c", "copy"],
    "cbr.mp3": ["-c:a", "libmp3lame", "-b:a", "48k"],
    "vbr.mp3": ["-c:a", "libmp3lame", "-q:a", "8"],
    "bare.mp3": ["-c:a", "libmp3lame", "-q:a", "8", "-write_xing", "0"],
    "a.opus": ["-ar", "48000", "-c:a", "libopus", "-b:a", "24k"],
    "a.ogg": ["-c:a", "libvorbis"],
    "a.wav": ["-ar", "16000"],
    "a.flac": ["-ar", "16000"],
}
STREAMS: dict[str, list[str]] = {"exact.m3u8": [], "rounded.m3u8": ["-hls_flags", "round_durations"]}


def ffmpeg(*words: str) -> None:
    subprocess.run([program(), "-hide_banner", "-loglevel", "error", "-y", *words], check=True)


def make(folder: Path, seconds: float) -> list[Path]:
    sound = ["-f", "lavfi", "-i", f"anoisesrc=d={seconds}:r=44100:a=0.05:c=pink"]
    picture = ["-f", "lavfi", "-i", f"testsrc=d={seconds}:s=64x48:r=25"]
    first = folder / PICTURED[0]
    ffmpeg(
        *sound, *picture, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-b:a", "48k", str(first)
    )
    for name in PICTURED[1:]:
        ffmpeg("-i", str(first), "-c", "copy", str(folder / name))
    for name, how in SOUNDS.items():
        ffmpeg("-i", str(first), "-vn", *how, str(folder / name))
    return [folder / name for name in (*PICTURED, *SOUNDS)]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=20.0)
    seconds = asked.parse_args().minutes * 60 + 1.37
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in make(folder, seconds):
            info, audio = probe(file), folder / "heard.flac"
            told = info.duration
            read = walk(file, info, file.name, lambda _, __: None).seconds
            heard = extract_audio(file, audio, lambda _, __: None, 24.0)
            off = "announces nothing" if told is None else f"short by {told - max(read, heard):+.3f} s"
            sys.stdout.write(
                f"{file.name:10} {told or 0:10.2f} announced {read:10.2f} walked {heard:10.2f} heard  {off}\n"
            )
        for playlist, flags in STREAMS.items():
            ffmpeg("-i", str(folder / PICTURED[0]), "-c", "copy", "-f", "hls", "-hls_time", "6", "-hls_list_size", "0",
                   *flags, str(folder / playlist))  # fmt: skip
            said = m3u8.loads((folder / playlist).read_text(), uri=playlist)
            stream = told_by(said, read_pieces(said, playlist))
            sys.stdout.write(
                f"{playlist:14} announces {stream.seconds - seconds:+.3f} s; may be off by {stream.slack:.0f} s\n"
            )


if __name__ == "__main__":
    main()
