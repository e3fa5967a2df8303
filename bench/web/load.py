"""The web server under a load that does not wait for it: so many readers a second, whatever the answers take.

    python -m bench.web.load MATERIAL HOME --what results --rate 50 --seconds 60
    python -m bench.web.load MATERIAL HOME --what meeting --rate 50 --seconds 30
    python -m bench.web.load MATERIAL HOME --what players --players 500

`HOME` is an archive of `bench.web.archive`. Starts `talerstol serve` of its own and stops it. A time is counted from the
moment at which the request was *due*, so that a server which makes readers queue is seen to (no coordinated omission).
Runs on the same cores as the server and says how much of them it used itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench.searching.size import GIVEN, KINDS
from bench.web.archive import spoken_words
from catalogue import Catalogue, Settings

LATEST = 30.0  # seconds after which an answer is no answer
WARMING = 300  # requests that are not counted
A_SEEK = 262_144  # bytes that a player reads at a place before it is moved on
SEEKS = 4  # of each player


@dataclass(slots=True)
class Measured:
    """Milliseconds from when each request was due to its last byte, by kind; and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)

    def all(self) -> list[float]:
        return sorted(ms for found in self.times.values() for ms in found)


@dataclass(frozen=True, slots=True)
class Asking:
    kind: str
    path: str
    headers: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("material", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--what", choices=("results", "meeting", "players"), default="results")
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--players", type=int, default=500)
    parser.add_argument("--makers", type=int, help="TALERSTOL_PAGE_MAKERS of the server")
    parser.add_argument("--kinds", action="store_true", help="a line for each kind of query")
    asked = parser.parse_args()
    settings = Settings(home=asked.home, meili_url=None)  # type: ignore[call-arg]
    with running(asked.home, asked.makers) as (port, server):
        if asked.what == "players":
            found = asyncio.run(players(port, settings, asked.players))
        else:
            spoken = spoken_words(asked.material)
            make = results if asked.what == "results" else meeting_pages
            asyncio.run(open_loop(port, make(spoken, settings, WARMING, 11), asked.rate))
            before = _cpu(server)
            began, own = time.perf_counter(), time.process_time()
            count = round(asked.rate * asked.seconds)
            found = asyncio.run(open_loop(port, make(spoken, settings, count, 7), asked.rate))
            took = time.perf_counter() - began
            print(
                f"{count} requests at {asked.rate:g}/s in {took:.1f} s; of {os.cpu_count()} cores the server used "
                f"{(_cpu(server) - before) / took:.2f}, the generator {(time.process_time() - own) / took:.2f}; "
                f"others' load {os.getloadavg()[0]:.1f}; server {_memory(server):.0f} MB"
            )
    if asked.kinds:
        for kind, times in found.times.items():
            print_times(kind, sorted(times))
    print_times(asked.what, found.all())
    print(f"faults: {dict(found.faults) or 'none'}")
    sys.exit(1 if found.faults else 0)


def print_times(name: str, times: list[float]) -> None:
    if times:
        cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [times[0]] * 99
        print(
            f"| {name} | n {len(times)} | p50 {cuts[49]:.1f} | p95 {cuts[94]:.1f} | p99 {cuts[98]:.1f} | max {times[-1]:.0f} ms |"
        )


@contextmanager
def running(home: Path, makers: int | None) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """`talerstol serve` over an archive, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    # All readers come from one address here, which would be told to wait.
    env = {**os.environ, "TALERSTOL_HOME": str(home), "TALERSTOL_RATE_LIMITS": "false"}
    if makers is not None:
        env["TALERSTOL_PAGE_MAKERS"] = str(makers)
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        time.sleep(15)  # words and agendas are learned behind the first answers
        yield port, server
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            sys.exit(f"the server stopped with {server.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("the server did not come up within 30 seconds")


def _processes(server: subprocess.Popen[bytes]) -> list[int]:
    """The server and its workers."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return [server.pid, *map(int, children)]


def _cpu(server: subprocess.Popen[bytes]) -> float:
    """Seconds of work done so far."""
    ticks = 0
    for pid in _processes(server):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory(server: subprocess.Popen[bytes]) -> float:
    """Megabytes of memory of its own (PSS) of the server and its workers."""
    kilobytes = 0
    for pid in _processes(server):
        if not Path(f"/proc/{pid}/exe").exists():
            continue  # over
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        kilobytes += int(found[1]) if found else 0
    return kilobytes / 1024


def results(spoken: Sequence[str], settings: Settings, count: int, chance: int) -> list[Asking]:
    """Pages of results, ten kinds of queries in turn (as bench.searching.size), hardly any twice."""
    drawn = random.Random(chance)
    return [_query(KINDS[n % len(KINDS)], spoken, drawn) for n in range(count)]


def _query(kind: str, spoken: Sequence[str], drawn: random.Random) -> Asking:
    while True:
        at = drawn.randrange(len(spoken) - 30)
        near = [w.strip('.,;:?!"»«').lower() for w in spoken[at : at + 30]]
        words = [w for w in near if re.fullmatch(r"[a-zæøå]{4,}", w)]
        if len(words) >= 6:
            break
    one, two, three = drawn.sample(words, 3)
    typed = {
        "two words": f"{one} {two}",
        "three words": f"{one} {two} {three}",
        "beginning": one[:4],
        "phrase": f'"{near[3]} {near[4]}"',
        "typo": f"{one[:2]}x{one[2:]} {two}",
        **{given: drawn.choice(among) for given, among in GIVEN.items()},
    }
    pairs = [("q", typed.get(kind, one))]
    if kind == "filtered":
        pairs += [("municipality", "Kommune 07"), ("from", "2010-01-01")]
    if kind == "newest first":
        pairs.append(("sort", "newest"))
    return Asking(kind, "/soeg?" + urlencode(pairs))


def meeting_pages(spoken: Sequence[str], settings: Settings, count: int, chance: int) -> list[Asking]:
    """Ten meetings that are read again and again, at other seconds."""
    catalogue = Catalogue.open(settings.database)
    try:
        names = catalogue.meeting_ids()[:10]
    finally:
        catalogue.close()
    drawn = random.Random(chance)
    return [
        Asking("meeting", f"/moeder/{names[n % len(names)]}?t={drawn.randrange(15_000)}")
        for n in range(count)
    ]


class Connections:
    """Connections that are kept open and lent to one request at a time; a new one where none is free."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, asking: Asking) -> tuple[int, int]:
        """The status and how many bytes came."""
        fresh = not self._free
        wire = await asyncio.open_connection("127.0.0.1", self._port) if fresh else self._free.pop()
        try:
            status, size = await self._on(wire, asking)
        except (ConnectionError, asyncio.IncompleteReadError):
            wire[1].close()
            if fresh:
                raise
            return await self.ask(asking)  # the server had closed one that was idle
        self._free.append(wire)
        return status, size

    async def _on(
        self, wire: tuple[asyncio.StreamReader, asyncio.StreamWriter], asking: Asking
    ) -> tuple[int, int]:
        answers, asks = wire
        asks.write(
            f"GET {asking.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{asking.headers}\r\n".encode()
        )
        head = (await answers.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        if "transfer-encoding: chunked" in head:
            size = 0
            while chunk := int(await answers.readuntil(b"\r\n"), 16):
                await answers.readexactly(chunk + 2)
                size += chunk
            await answers.readexactly(2)
            return status, size
        length = re.search(r"content-length: (\d+)", head)
        size = int(length[1]) if length else 0
        await answers.readexactly(size)
        return status, size

    def close(self) -> None:
        for _, asks in self._free:
            asks.close()


async def open_loop(port: int, askings: Sequence[Asking], rate: float) -> Measured:
    """Each request at its time, whether those before it are answered or not."""
    connections, found = Connections(port), Measured()
    loop = asyncio.get_running_loop()
    start = loop.time() + 0.1

    async def one(asking: Asking, due: float) -> None:
        await asyncio.sleep(max(0.0, due - loop.time()))
        try:
            async with asyncio.timeout(LATEST):
                status, _ = await connections.ask(asking)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            found.faults[type(error).__name__] += 1
            return
        if status not in (200, 206):
            found.faults[f"status {status}"] += 1
        found.times.setdefault(asking.kind, []).append(1000 * (loop.time() - due))

    async with asyncio.TaskGroup() as tasks:
        for n, asking in enumerate(askings):
            tasks.create_task(one(asking, start + n / rate))
    connections.close()
    return found


async def players(port: int, settings: Settings, count: int) -> Measured:
    """So many players at once: each opens the file, and is moved to four places, a connection of its own."""
    catalogue = Catalogue.open(settings.database)
    try:
        found_playable = (
            (m.id, r.playable) for m in catalogue.meetings() for r in m.recordings if r.playable
        )
        meeting, playable = next(found_playable)
    finally:
        catalogue.close()
    size = (settings.media_folder / playable).stat().st_size
    found, drawn = Measured(), random.Random(3)
    loop = asyncio.get_running_loop()
    together = asyncio.Barrier(count)

    async def one(places: Sequence[int]) -> None:
        connections = Connections(port)
        await together.wait()
        for at in places:
            due = loop.time()
            asking = Asking(
                "seek", f"/medie/{meeting}/1", f"Range: bytes={at}-{min(size, at + A_SEEK) - 1}\r\n"
            )
            try:
                async with asyncio.timeout(LATEST):
                    status, got = await connections.ask(asking)
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                found.faults[type(error).__name__] += 1
                return
            if status != 206 or got != min(size, at + A_SEEK) - at:
                found.faults[f"status {status}, {got} bytes"] += 1
            found.times.setdefault("seek", []).append(1000 * (loop.time() - due))
        connections.close()

    began = loop.time()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(count):
            tasks.create_task(one([0, *(drawn.randrange(size - 1) for _ in range(SEEKS))]))
    print(f"{count} players, {SEEKS + 1} ranges of {A_SEEK // 1024} kB each, in {loop.time() - began:.1f} s")
    return found


if __name__ == "__main__":
    main()
