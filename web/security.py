"""The headers that keep a page to itself, on every answer of every route.

A view that needs another policy (a page that may be framed elsewhere) sets that header itself: what an answer
already says is kept.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY_HEADER = "content-security-policy"


def policy(ancestors: str = "'self'", *more: str) -> str:
    """A content security policy: only what this site serves, and shown in a frame only by `ancestors`."""
    kinds = ("script", "style", "font", "img", "media", "connect", "manifest")
    return "; ".join(
        [
            "default-src 'none'",
            *(f"{kind}-src 'self'" for kind in kinds),
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
            "base-uri 'none'",
            *more,
        ]
    )


POLICY = policy()
# What a page of ours never does, and so nothing that slips into one may do.
FEATURES = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer"),
    *("microphone", "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)

HEADERS = {
    POLICY_HEADER: POLICY,
    "x-content-type-options": "nosniff",
    # A link out of the archive does not tell what was searched for.
    "referrer-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "cross-origin-opener-policy": "same-origin",
}
FRAMES = "x-frame-options"  # for browsers that do not know frame-ancestors
SHARING = "cross-origin-resource-policy"
# Two years, as the lists of browsers ask; not for subdomains, of which we know nothing.
HSTS = {"strict-transport-security": "max-age=63072000"}


class SecurityHeaders:
    """ASGI middleware: adds what is missing of `HEADERS` to every HTTP answer."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self.app = app
        self._always = {**HEADERS, **(HSTS if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if POLICY_HEADER not in headers:
                    headers.setdefault(FRAMES, "SAMEORIGIN")
                headers.setdefault(SHARING, _sharing(scope, headers))
                for name, value in self._always.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _sharing(scope: Scope, headers: MutableHeaders) -> str:
    """Pages and what they are made of stay here; recordings, captions and data are for everybody to use."""
    ours = scope["path"].startswith("/static/") or headers.get("content-type", "").startswith("text/html")
    return "same-origin" if ours else "cross-origin"
