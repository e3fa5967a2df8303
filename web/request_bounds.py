"""What a request may be: how long its address, how large its body, how slow it comes; and one address for a page."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import answer
from web.language import ENGLISH

LONGEST_ADDRESS = 8_000  # bytes of path and query; the longest search that the page can make is shorter
LARGEST_HEAD = 32_000  # bytes of headers; uvicorn counts only those that it has to wait for
LARGEST_BODY = 64_000  # bytes; the only bodies are short forms
BODY_SECONDS = 20.0  # for all of it


class RequestBounds:
    """ASGI middleware: refuses what is too long, too large or too slow, before anything is made of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        reads = scope["method"] in ("GET", "HEAD")
        await self.app(scope, receive if reads else _Body(receive), send)


def _refusal(scope: Scope) -> Response | None:
    if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        # The page about it leads to its translation, and so must not hold the address.
        short = Request({**scope, "query_string": b"", "path": "/api/" if _for_machines(scope) else "/"})
        return answer(short, 414, "the address is too long", f"At most {LONGEST_ADDRESS} bytes.")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
        return answer(Request(scope), 431, "too many headers", f"At most {LARGEST_HEAD} bytes.")
    length = Headers(scope=scope).get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:12]) > LARGEST_BODY:
        closing = {"connection": "close"}  # what is on its way is not waited for
        return answer(Request(scope), 413, "too much at once", f"At most {LARGEST_BODY} bytes.", closing)
    return _moved(scope)


def _for_machines(scope: Scope) -> bool:
    return bool(scope["path"].startswith("/api/"))


def _moved(scope: Scope) -> Response | None:
    """`/moeder/` is `/moeder`. The way there names no host: what a visitor says that ours is, is not repeated."""
    path: str = scope["path"]
    if path == ENGLISH.prefix:
        there = f"{ENGLISH.prefix}/"
    elif path.endswith("/") and path not in ("/", f"{ENGLISH.prefix}/") and _plain(path):
        there = quote(path.rstrip("/"))
    else:
        return None
    query = scope["query_string"].decode("ascii", "replace")
    where = f"{there}?{query}" if query else there
    return Response(status_code=308, headers={"location": where, "cache-control": "public, max-age=3600"})


def _plain(path: str) -> bool:
    """A path that no browser takes for another site's, and no program for another than it asked for."""
    return "//" not in path and "\\" not in path and path.isprintable() and not path.startswith("/api/")


class _Body:
    """The body of a request, as far as it may come, in the time that it may take."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = LARGEST_BODY
        self._whole = False
        self._until = asyncio.get_running_loop().time() + BODY_SECONDS

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(408, "the request came too slowly", {"connection": "close"}) from error
        self._left -= len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._left < 0:
            raise HTTPException(413, "too much at once", {"connection": "close"})
        return message
