"""Serving the application over HTTP, quietly, until asked to stop."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn
from starlette.applications import Starlette

from catalogue import EngineError
from web.prompt_http import PromptHttp
from web.request_bounds import LARGEST_HEAD
from web.templating import design_fetched

STOP_SECONDS = 10  # how long answers under way may take when the server is asked to stop
KEEP_ALIVE_SECONDS = 15  # how long a connection may rest between two requests

_log = structlog.get_logger("talerstolen.web")


def serve(app: Starlette, host: str, port: int, *, max_connections: int = 1000) -> None:
    """Serve until SIGINT or SIGTERM; answers under way are finished first.

    Requests are not logged: an address holds what somebody searched for.
    """
    if not design_fetched():
        _log.warning(
            "design_missing", remedy="Run scripts/fetch_design.py for the full design; pages work without."
        )
    _log.info("serving", address=f"http://{host}:{port}/")
    with _stopping_is_no_failure(), _listen(host, port) as listening:
        uvicorn.Server(configuration(app, max_connections)).run(sockets=[listening])
    _log.info("stopped")


def configuration(app: Starlette, max_connections: int) -> uvicorn.Config:
    """How uvicorn serves here, wherever it listens."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        # Who asks is found by `client_address`, with the proxies of our own setting.
        proxy_headers=False,
        http=PromptHttp,
        ws="none",
        h11_max_incomplete_event_size=LARGEST_HEAD,
        limit_concurrency=max_connections,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


@contextmanager
def _stopping_is_no_failure() -> Iterator[None]:
    """uvicorn raises the signal that stopped it once more when it is done; let that one pass."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(host: str, port: int) -> socket.socket:
    """A socket at the address. Raises `EngineError` where it is taken or not this machine's."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise EngineError(
            f"cannot be listened on ({str(error.strerror or error).partition(' (')[0]})",
            where=f"{host}:{port}",
            remedy="Give another --port, or stop what listens there.",
        ) from error
