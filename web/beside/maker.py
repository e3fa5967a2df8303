"""A process that makes answers for the server: `python -m web.beside.maker DESCRIPTOR`, the end of a socket to it.

It is told the settings first, then asked one thing at a time. It ends when the server does, however that ends.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys
from contextlib import suppress

import structlog
from starlette.applications import Starlette
from starlette.types import Message

from catalogue import Catalogue, EngineError, MediaStore, Settings
from search import open_engine, warm
from web.app import create_app
from web.beside.frames import Asking, Made, read, write

log = structlog.get_logger("talerstolen.web")


def main() -> None:
    # Ctrl-C goes to all processes of a terminal; this one ends with the server.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_make(socket.socket(fileno=int(sys.argv[1]))))


async def _make(end: socket.socket) -> None:
    asked, answers = await asyncio.open_connection(sock=end)
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        settings = await read(asked)
        assert isinstance(settings, Settings)
        app = _open(settings)
        await write(answers, True)
        while True:
            asking = await read(asked)
            assert isinstance(asking, Asking)
            await write(answers, await _answer(app, asking))


def _open(settings: Settings) -> Starlette:
    engine = open_engine(settings, only_search=True)
    app = create_app(
        settings, Catalogue.open(settings.database), MediaStore(settings.media_folder), engine, bare=True
    )
    warm()
    gc.collect()
    gc.freeze()
    with suppress(EngineError):
        engine.warm()
    return app


async def _answer(app: Starlette, asking: Asking) -> Made:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": asking.path,
        "raw_path": asking.raw_path,
        "query_string": asking.query,
        "root_path": "",
        "headers": list(asking.headers),
        "server": ("localhost", 80),
        "client": None,
        "state": {},
    }
    try:
        await app(scope, receive, send)
    except Exception:  # it is answered already: Starlette raises it again for the server's log
        log.exception("crashed", path=asking.path)
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Made(start["status"], list(start["headers"]), body)


if __name__ == "__main__":
    main()
