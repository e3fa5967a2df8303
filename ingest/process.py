"""Running ffmpeg: one process, or several of which each hears the one before it.

Every file is named with `file:` and only that protocol is allowed, so neither a name like `-y.wav` nor an address
inside a hostile file is followed.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import ffmpeg
import imageio_ffmpeg

from catalogue import DiskFull, EngineError, SourceError, says_full
from ingest.progress import Progress, throttled

PROBE_SECONDS = 60.0  # a probe reads headers only
STALL_SECONDS = 300.0  # without any progress ffmpeg is given up
ASKED_EVERY = 0.5  # seconds between two questions whether work aside is given up
# Containers of recordings. What is not among them (playlists, subtitles, scripts) could name other files here.
CONTAINERS = (
    "aac", "ac3", "aiff", "amr", "asf", "avi", "caf", "eac3", "flac", "flv", "matroska", "mov", "mp3",
    "mpeg", "mpegts", "ogg", "w64", "wav",
)  # fmt: skip

GivenUp = Callable[[], bool]

_NOISE = re.compile(r"^(\[[^\]]*\]\s*)+|file:\S*/")
# What ffmpeg says in the words of its own house, and what it means.
_PLAIN = (
    (re.compile(r"invalid data found|invalid argument|error number|terminating thread|not implemented", re.IGNORECASE),
     "it is damaged, locked, or of a kind that is not known"),
    (re.compile(r"no space left", re.IGNORECASE), "the disk is full"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run of ffmpeg ended: what it complained of, and how many seconds it wrote."""

    complaints: str
    seconds: float


@cache
def program() -> str:
    """The machine's ffmpeg, else the one in the package imageio-ffmpeg."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise EngineError(
            "there is no ffmpeg on this machine", where="ffmpeg", remedy="Install ffmpeg."
        ) from error


def ffmpeg_version() -> str:
    """The version line, for `talerstol check`."""
    said = subprocess.run(
        [program(), "-version"], capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
    )
    return " ".join(said.stdout.split()[:3])


def local(path: Path) -> str:
    """A path that ffmpeg can take for nothing else."""
    return "file:" + os.fspath(path.resolve())


def only_files(containers: Sequence[str], encrypted: bool = False) -> dict[str, str]:
    """No addresses, and only these containers: a playlist among them could lead to any file here."""
    return {
        "protocol_whitelist": "file,crypto" if encrypted else "file",
        "format_whitelist": ",".join(containers),
    }


def recording(path: Path, start: float = 0.0) -> Any:
    """A recording as ffmpeg's input, from a second on."""
    seek = {"ss": f"{start:.6f}"} if start else {}
    return ffmpeg.input(local(path), **seek, **only_files(CONTAINERS))


def command(node: Any, level: str = "error") -> list[str]:
    quiet = node.global_args("-nostdin", "-hide_banner", "-loglevel", level)
    return list(ffmpeg.compile(quiet, cmd=program()))


def run(
    node: Any, name: str, progress: Progress, duration: float | None, given_up: GivenUp | None = None
) -> Ran:
    """Run ffmpeg to its end. Raises `SourceError` with its last words if it fails, or makes no progress.

    With `given_up` it is work aside: it gives way to all else on the machine, and ends when that says so.
    """
    return chain([node], name, progress, duration, given_up)


def chain(
    nodes: Sequence[Any],
    name: str,
    progress: Progress,
    duration: float | None,
    given_up: GivenUp | None = None,
) -> Ran:
    """The same for several, each writing what the next one reads (`pipe:`); the last one writes the file."""
    with contextlib.ExitStack() as files:
        said = [files.enter_context(tempfile.TemporaryFile()) for _ in nodes]
        with _running(nodes, said, aside=given_up is not None) as processes:
            reached = _follow(processes[-1], throttled(progress), duration, given_up)
            if reached is not None:
                codes = [process.wait() for process in processes]
        words = []
        for file in said:
            file.seek(0)
            words.append(file.read().decode("utf-8", "replace"))
    failed = "it made no progress" if reached is None else _failure(codes, words)
    if failed and says_full("".join(words)):
        raise DiskFull(f"the disk is full ({name} was at work)", where=name)
    if failed:
        raise SourceError(
            f"ffmpeg cannot read it ({failed})",
            where=name,
            remedy="Fetch it again whole, or give another file.",
        )
    return Ran("".join(words), reached or 0.0)


@contextlib.contextmanager
def _running(
    nodes: Sequence[Any], said: Sequence[Any], aside: bool
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes, each one's end of the pipe in its hands alone; none outlives the block."""
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for node, file in zip(nodes, said, strict=True):
            last = len(processes) == len(nodes) - 1
            before = processes[-1].stdout if processes else None
            process = subprocess.Popen(
                _mortal(command(node.global_args("-progress", "pipe:1") if last else node), aside),
                stdin=before or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=file, bufsize=0,
            )  # fmt: skip
            processes.append(process)
            if before:
                before.close()  # so that the one before learns when this one ends
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def _mortal(words: list[str], aside: bool = False) -> list[str]:
    """A command that ends with the thread which started it: a run that is killed leaves no ffmpeg behind.

    Work `aside` has the lowest priority, where there is a `nice`.
    """
    setpriv, nice = _setpriv(), shutil.which("nice")
    if aside and nice:
        words = [nice, "-n", "19", *words]
    return [setpriv, "--pdeathsig", "KILL", *words] if setpriv else words


@cache
def _setpriv() -> str | None:
    """util-linux's `setpriv`, where there is one that knows the option."""
    found = shutil.which("setpriv")
    if found is None:
        return None
    try:
        tried = subprocess.run(
            [found, "--pdeathsig", "KILL", program(), "-version"],
            capture_output=True, timeout=PROBE_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found if tried.returncode == 0 else None


def _failure(codes: Sequence[int], words: Sequence[str]) -> str | None:
    """Why the processes failed; one whose listener ended before it is not to blame while another failed too."""
    failed = [(code, said) for code, said in zip(codes, words, strict=True) if code != 0]
    if not failed:
        return None
    to_blame = [said for code, said in failed if code != -signal.SIGPIPE and "Broken pipe" not in said]
    return reason((to_blame or [failed[-1][1]])[0])


def _follow(
    process: subprocess.Popen[bytes], progress: Progress, duration: float | None, given_up: GivenUp | None
) -> float | None:
    """Pass on how far ffmpeg is until it ends; returns that in seconds, or None if it stalled."""
    assert process.stdout is not None
    lines, reached = b"", 0.0
    while _tells_more(process.stdout, given_up):
        read = process.stdout.read(65536)
        if not read:
            return reached
        *whole, lines = (lines + read).split(b"\n")
        times = [line[12:] for line in whole if line.startswith(b"out_time_us=")]
        if times and times[-1].isdigit():
            reached = max(reached, int(times[-1]) / 1e6)
            progress(reached, duration)
    return None


def _tells_more(said: IO[bytes], given_up: GivenUp | None) -> bool:
    """Whether ffmpeg says something within `STALL_SECONDS`. Raises `SourceError` where it is given up."""
    if given_up is None:
        return bool(select.select([said], [], [], STALL_SECONDS)[0])
    stalled = time.monotonic() + STALL_SECONDS
    while time.monotonic() < stalled:
        if given_up():
            raise SourceError("it was given up before it was done")
        if select.select([said], [], [], ASKED_EVERY)[0]:
            return True
    return False


@contextlib.contextmanager
def named(source: str) -> Iterator[None]:
    """What goes wrong within is said of the source, as a person knows it, and not of our copy."""
    try:
        yield
    except SourceError as error:
        raise SourceError(error.what, where=source, remedy=error.remedy) from error


def reason(said: str) -> str:
    """ffmpeg's last words that mean something, without paths of this machine."""
    lines = [_NOISE.sub("", line).strip() for line in said.splitlines()]
    telling = [
        line for line in lines if line and not line.startswith(("At least one output", "Conversion failed"))
    ]
    if not telling:
        return "it gives no reason"
    plain = (words for known, words in _PLAIN if known.search(telling[-1]))
    return next(plain, telling[-1].rpartition(": ")[2][:200])
