"""Answers that a browser need not fetch twice: ETag, and 304 where nothing has changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

# Kept, but asked about each time: what is withheld today must be gone from the next view.
ALWAYS_ASK = "no-cache"


def make_tag(*parts: object) -> str:
    """A weak ETag (the answer may be compressed or not) of what an answer is made from."""
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the browser has the answer with this tag already."""
    asked = request.headers.get("if-none-match", "")
    tags = [part.strip().removeprefix("W/") for part in asked.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags


def conditional(request: Request, tag: str, make: Callable[[], Response]) -> Response:
    """The answer with its tag, made only where the browser does not have it."""
    response = Response(status_code=304) if unchanged(request, tag) else make()
    if response.status_code in (200, 304):
        response.headers["etag"] = tag
        response.headers["cache-control"] = ALWAYS_ASK
    return response


def file_answer(
    request: Request, file: Path, status: os.stat_result, kind: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A file, a range at a time; nothing where the browser has all of it."""
    told = {"cache-control": ALWAYS_ASK, **(headers or {})}
    answer = FileResponse(file, media_type=kind, stat_result=status, headers=told)
    tag = answer.headers["etag"]
    if "range" not in request.headers and unchanged(request, tag):
        return Response(status_code=304, headers={"etag": tag, "cache-control": ALWAYS_ASK})
    return answer


def tagged(request: Request, response: Response) -> Response:
    """The same for an answer that is cheap to make: its tag is made from its bytes."""
    return conditional(request, make_tag(bytes(response.body)), lambda: response)
