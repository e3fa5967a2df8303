"""Scripts, styles and fonts. Under an address with their version they may be kept for ever.

The version is a step of the path (`/static/3f2a9c/js/meeting.js`), so that what a script or a style sheet names
beside itself (`./player.js`, `../fonts/x.woff2`) has it, too, without being written anew.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web.conditional import ALWAYS_ASK

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
_VERSIONED = re.compile(r"([0-9a-f]{10})/(.+)", re.DOTALL)


@cache
def _version(name: str) -> str:
    """Of a file of `static/`, or of all files of a folder: they name one another."""
    made_of = hashlib.sha256()
    for file in (STATIC / name, *sorted((STATIC / name).rglob("*"))):
        if file.is_file():
            made_of.update(file.relative_to(STATIC).as_posix().encode() + b"\0" + file.read_bytes())
    return made_of.hexdigest()[:10]


def static(path: str) -> str:
    """The address of a file of ours that changes when the file does: `static("js/meeting.js")`."""
    return f"/static/{_version(path.partition('/')[0])}/{path}"


class Static(StaticFiles):
    """The files, with or without their version in the address."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    def get_path(self, scope: Scope) -> str:
        """The file that an address means: a version before it, even an older one, is left out."""
        found = _VERSIONED.fullmatch(super().get_path(scope).replace(os.sep, "/"))
        return os.path.normpath(found[2]) if found else super().get_path(scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        file = Path(full_path).resolve().relative_to(STATIC.resolve()).as_posix()
        # A page from before a release asks by the old version, and gets what is there, but not to keep.
        current = scope["path"] == static(file)
        answer.headers["cache-control"] = FOR_EVER if current else ALWAYS_ASK
        return answer
