"""A small archive's material: short recordings with captions, made here, and the command line as a process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import imageio_ffmpeg
import pytest
import stamina

from catalogue import Settings
from ingest.portals import Municipality
from pipeline.archive import open_archive
from tests.pipeline.sources import Source, files_of, one_recording
from tests.pipeline.syncing.town import Town
from tests.portal_server import PortalSite, portal_site

ROOT = Path(__file__).parents[2]

AGENDA = {
    "title": "Byrådsmøde",
    "body": "Byrådet",
    "municipality": "Tranevig",
    "items": [
        {"number": "1", "title": "Godkendelse af dagsorden"},
        {"number": "2", "title": "Ny cykelsti langs Strandvejen", "case": "25/26257"},
        {"number": "3", "title": "Køb af Granvænget 7", "open": False},
    ],
}
CAPTIONS = """WEBVTT

00:00:00.000 --> 00:00:02.000
<v Karen Holm (A)>Punkt 1, godkendelse af dagsorden.

00:00:02.000 --> 00:00:04.000
<v Karen Holm (A)>Så går vi til punkt 2, ny cykelsti langs Strandvejen.

00:00:04.000 --> 00:00:06.000
<v Jens Bro (V)>Cykelstien skal bygges, og børnene skal kunne cykle til folkeskolen.

00:00:06.000 --> 00:00:08.000
<v Karen Holm (A)>Så lukker vi dørene.

00:00:08.000 --> 00:00:10.000
<v Karen Holm (A)>Granvænget 7 koster fire millioner.
"""


def ffmpeg(*arguments: str) -> None:
    program = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-hide_banner", "-loglevel", "error", "-y", *arguments], check=True, timeout=120)


def sound(folder: Path, seconds: float, pitch: int = 440) -> bytes:
    """A recording of so long a tone."""
    file = folder / f"{seconds:g}-{pitch}.mp3"
    ffmpeg("-f", "lavfi", "-i", f"sine={pitch}:duration={seconds}", "-b:a", "64k", str(file))
    return file.read_bytes()


def as_hls(recording: Path, playlist: Path) -> None:
    """The recording as a stream in segments of two seconds, beside its playlist."""
    ffmpeg(
        "-i", str(recording), "-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_list_size", "0", str(playlist)
    )  # fmt: skip


@dataclass(frozen=True)
class Material:
    folder: Path
    video: Path
    sound: Path
    captions: Path

    def agenda(self, day: str) -> Path:
        file = self.folder / f"agenda-{day}.json"
        file.write_text(json.dumps(AGENDA | {"date": day}), encoding="utf-8")
        return file


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("material")
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=12:sample_rate=44100"]
    picture = ["-f", "lavfi", "-i", "testsrc=duration=12:size=320x180:rate=10"]
    made = Material(folder, folder / "moede.mp4", folder / "moede.mp3", folder / "moede.vtt")
    ffmpeg(
        *tone, *picture, "-c:v", "libx264", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "aac", str(made.video)
    )
    ffmpeg(*tone, "-c:a", "libmp3lame", "-b:a", "64k", str(made.sound))
    made.captions.write_text(CAPTIONS, encoding="utf-8")
    return made


@dataclass(frozen=True)
class Said:
    """What a command said and left with."""

    code: int
    out: str
    err: str


class Talerstol:
    """The command line, run as a process of its own on one home."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TALERSTOL_")},
            "TALERSTOL_HOME": str(home),
            "TALERSTOL_ALLOW_PRIVATE_ADDRESSES": "1",
            "PYTHONWARNINGS": "error::ResourceWarning",
            **settings,
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "pipeline", *words]

    def __call__(self, *words: str) -> Said:
        done = subprocess.run(
            self.command(*words),
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert "Traceback" not in done.stderr and "unexpectedly" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*words), env=self.environment, cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            # A suite that was started in the background ignores Ctrl-C, and what it starts would do so, too.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip


@pytest.fixture
def talerstol(tmp_path: Path) -> Talerstol:
    return Talerstol(tmp_path / "home")


@pytest.fixture
def another(tmp_path: Path) -> Callable[..., Talerstol]:
    """A second archive, or the same with other settings."""
    return lambda name="home", **settings: Talerstol(tmp_path / name, **settings)


@pytest.fixture
def source() -> Iterator[Source]:
    """A recording that a test changes at its source; what fails there is not tried again."""
    with one_recording() as started:
        stamina.set_testing(True, attempts=1)
        yield started
        stamina.set_testing(False)


@pytest.fixture
def hls(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a playlist, and the folder in which a test makes it and its segments."""
    folder = tmp_path / "hls"
    folder.mkdir()
    with files_of(folder) as address:
        yield f"{address}/a.m3u8", folder


@pytest.fixture
def site() -> Iterator[PortalSite]:
    with portal_site() as started:
        yield started


@pytest.fixture
def town(site: PortalSite, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr("ingest.portals.polite.LEAST_BACKOFF", 0.01)
    municipality = Municipality(
        "Tranevig Kommune", "firstagenda", site.address, ("Byrådet",), date(2026, 1, 1), pause=0.0
    )
    with open_archive(settings.model_copy(update={"http_timeout": 0.4})) as archive:
        yield Town(archive, site, municipality)


@pytest.fixture(scope="session")
def tone(material: Material) -> bytes:
    """Twelve seconds of a recording."""
    return material.sound.read_bytes()
