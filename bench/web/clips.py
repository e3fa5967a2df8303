"""How long a clip takes to cut, and how large it is.

    python -m bench.web.clips [FILM]

Without a FILM (a file of more than five minutes) a moving test picture of 1280x720 at 25 a second is made, which is
harder to encode than people on their chairs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ingest import Clip, ClipCaption, ClipForm, cut_clip
from ingest.process import program

LENGTHS = (60.0, 300.0)  # seconds
EVERY = 4.0  # seconds from caption to caption
START = 10.0


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="talerstol-") as name:
        folder = Path(name)
        film = Path(sys.argv[1]) if len(sys.argv) > 1 else made_up(folder / "film.mp4")
        sound = folder / "sound.m4a"
        ffmpeg("-i", str(film), "-vn", "-c:a", "copy", str(sound))
        print("| clip | seconds | took | times as fast as it plays | MB |\n|---|---|---|---|---|")
        for label, source, form in (
            ("video, captions in the picture", film, ClipForm.BURNED),
            ("video, captions as a track", film, ClipForm.TRACK),
            ("sound with a picture of captions", sound, ClipForm.BURNED),
            ("sound alone", sound, ClipForm.SOUND),
        ):
            for seconds in LENGTHS:
                row(label, source, form, seconds, folder)


def row(label: str, source: Path, form: ClipForm, seconds: float, folder: Path) -> None:
    begun = time.monotonic()
    file = cut_clip(source, folder, clip(form, seconds), lambda done, total: None, lambda: False)
    took = time.monotonic() - begun
    print(
        f"| {label} | {seconds:.0f} | {took:.1f} s | {seconds / took:.1f} | {file.stat().st_size / 1e6:.1f} |"
    )
    file.unlink()


def clip(form: ClipForm, seconds: float) -> Clip:
    said = ("Vi tager punkt to og tre sammen,", "for det er den samme sag.")
    times = [n * EVERY for n in range(int(seconds // EVERY))]
    captions = tuple(ClipCaption(start, start + EVERY - 0.1, said) for start in times)
    credit = ("Møde i byrådet, 8. oktober 2025, 0:10–5:10", "arkiv.example/moeder/byraadet?t=10")
    return Clip(START, seconds, form, captions, credit, *credit)


def made_up(target: Path) -> Path:
    seconds = str(START + max(LENGTHS) + 1)
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25", "-f", "lavfi", "-i", "sine=f=220:r=48000"),
        *("-t", seconds, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(target)),
    )
    return target


def ffmpeg(*words: str) -> None:
    subprocess.run([program(), "-nostdin", "-loglevel", "error", *words], check=True)


if __name__ == "__main__":
    main()
