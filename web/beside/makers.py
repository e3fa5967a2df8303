"""The server's side: makers are started, asked in turn, and started anew where one is gone."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from catalogue import Settings
from web.beside.frames import Asking, Made, read, write

#: 50 searches a second in 200,000 passages on two cores (`python -m bench.web.load`, docs/benchmarks.md).
ENOUGH = 2
PATIENCE = 30.0  # seconds for one answer; a search that takes longer is given up by its engine before
START_SECONDS = 60.0  # a maker reads the words of the archive before it is ready
AGAIN_SECONDS = 5.0  # before one that is gone is started anew
STOP_SECONDS = 5.0
#: What only reads, and takes some 20 ms of work.
HANDED_OVER = re.compile(r"(/en)?/soeg(/over-tid)?|/soeg\.(atom|csv|json)|/api/v1/(search|frequency)")
DEPENDED_ON = frozenset({b"if-none-match", b"host"})
_GONE = (OSError, EOFError, TimeoutError)  # IncompleteReadError is an EOFError

_log = structlog.get_logger("talerstolen.web")


def makers_wanted(settings: Settings) -> int:
    """How many there are to be: as set, or so many as this machine has use for."""
    if settings.page_makers is not None:
        return settings.page_makers
    return ENOUGH if (os.cpu_count() or 1) > 1 else 0


@dataclass(eq=False, slots=True)
class _Maker:
    process: subprocess.Popen[bytes]
    answers: asyncio.StreamReader
    asked: asyncio.StreamWriter


class Makers:
    """So many processes. All belongs to the event loop in which it is started."""

    def __init__(self, settings: Settings, count: int) -> None:
        self._settings = settings
        self.wanted = count
        self._idle: asyncio.LifoQueue[_Maker] = asyncio.LifoQueue()  # who was asked last has all at hand
        self._all: set[_Maker] = set()
        self._keeping: set[asyncio.Task[None]] = set()
        self._stopping = False

    @property
    def ready(self) -> bool:
        """Whether there is one; it may be at work."""
        return bool(self._all)

    @property
    def processes(self) -> list[int]:
        return [maker.process.pid for maker in self._all]

    def start(self) -> None:
        for _ in range(self.wanted):
            self._keep(0.0)

    async def stop(self) -> None:
        self._stopping = True
        for task in self._keeping:
            task.cancel()
        for maker in list(self._all):
            self._end(maker)

    async def ask(self, asking: Asking) -> Made | None:
        """The answer; None where it could not be made here."""
        if not self._all:
            return None
        # A reader who leaves does not leave half an answer on the wire.
        return await asyncio.shield(asyncio.ensure_future(self._ask(asking)))

    async def _ask(self, asking: Asking) -> Made | None:
        try:
            maker = await asyncio.wait_for(self._idle.get(), PATIENCE)
        except TimeoutError:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                await write(maker.asked, asking)
                made = await read(maker.answers)
        except _GONE as error:
            _log.warning("maker_gone", error=type(error).__name__)
            self._end(maker)
            self._keep(AGAIN_SECONDS)
            return None
        self._idle.put_nowait(maker)
        return made if isinstance(made, Made) else None

    def _keep(self, after: float) -> None:
        if self._stopping:
            return
        task = asyncio.get_running_loop().create_task(self._start(after))
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def _start(self, after: float) -> None:
        """Until there is one more maker. Pages are made by the server itself as long as there is none."""
        await asyncio.sleep(after)
        ours, theirs = socket.socketpair()
        try:
            command = [sys.executable, "-m", "web.beside.maker", str(theirs.fileno())]
            # What it says is for the log; standard output is for whoever asked for JSON.
            process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=sys.stderr
            )
        finally:
            theirs.close()
        answers, asked = await asyncio.open_connection(sock=ours)
        maker = _Maker(process, answers, asked)
        try:
            async with asyncio.timeout(START_SECONDS):
                await write(asked, self._settings)
                await read(answers)
        except asyncio.CancelledError:
            self._end(maker)
            raise
        except _GONE as error:
            _log.warning("maker_not_started", error=type(error).__name__)
            self._end(maker)
            self._keep(AGAIN_SECONDS)
            return
        self._all.add(maker)
        self._idle.put_nowait(maker)

    def _end(self, maker: _Maker) -> None:
        self._all.discard(maker)
        maker.asked.close()
        maker.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            maker.process.wait(STOP_SECONDS)


class MadeBeside:
    """ASGI middleware: what can be handed over is, while there is a maker; all else goes its way."""

    def __init__(self, app: ASGIApp, makers: Makers) -> None:
        self.app = app
        self._makers = makers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        made = await self._made(scope) if scope["type"] == "http" else None
        if made is None:
            await self.app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": made.status, "headers": made.headers})
        await send({"type": "http.response.body", "body": made.body})

    async def _made(self, scope: Scope) -> Made | None:
        if not self._makers.ready or scope["method"] != "GET" or not HANDED_OVER.fullmatch(scope["path"]):
            return None
        headers = tuple((name, value) for name, value in scope["headers"] if name in DEPENDED_ON)
        path = scope["path"]
        raw_path = scope.get("raw_path") or path.encode()
        return await self._makers.ask(Asking(path, raw_path, scope["query_string"], headers))
