"""Who may see how the server and its runs are doing: a program on this machine, or whoever knows the token."""

from __future__ import annotations

import base64
import binascii
import hmac

from starlette.requests import Request

from web.client_address import from_this_machine
from web.site import site_of


def may_watch(request: Request) -> bool:
    """Whether this request comes from this machine, or, where a token is set, shows it.

    A watcher shows it as `Bearer`; a browser asks a person for it as a password (`Basic`, whatever the name).
    """
    token = site_of(request).settings.metrics_token
    if token is None:
        return from_this_machine(request.scope)
    return hmac.compare_digest(_shown(request), token.get_secret_value().encode())


def _shown(request: Request) -> bytes:
    kind, _, said = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return said.encode("latin-1")  # the bytes as they came
    if kind.lower() == "basic":
        try:
            return base64.b64decode(said, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return b""
    return b""
