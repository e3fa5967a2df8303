"""How much one visitor may ask for: a bucket of requests that fills again, for each kind of request.

Kept in memory only, under a key that changes with every start and cannot be turned back into an address, and
forgotten when the bucket would be full again anyway.
"""

from __future__ import annotations

import asyncio
import math
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.client_address import TrustedProxies, client_address, client_network
from web.errors import answer
from web.language import path_without_language

KEPT = 20_000  # buckets; the one that has rested longest goes first
FORGET_SECONDS = 120.0  # no bucket takes longer to fill
LOOK_SECONDS = 60.0  # between looks at what is to be forgotten


@dataclass(frozen=True, slots=True)
class Lane:
    """A kind of request: `burst` of them at once, `per_second` in the long run."""

    name: str
    per_second: float
    burst: float
    paths: re.Pattern[str]


# The first that fits. What costs the server most fills slowest; a school behind one address can still read.
WRITING = Lane("writing", 0.1, 10, re.compile(r""))
LANES = (
    Lane(
        "files",
        1.0,
        30,
        re.compile(r"/soeg\.(csv|json|atom)|/sag\.atom|/podcast\.xml|/data/|/moeder/[^/]+/citat\.png"),
    ),
    Lane("search", 10.0, 120, re.compile(r"/soeg|/api/v1/(search|suggest|frequency)")),
    Lane("media", 50.0, 600, re.compile(r"/medie/|/moeder/[^/]+/(undertekster|kapitler|lyd|klip)/")),
    Lane("pages", 20.0, 240, re.compile(r"")),
)
# Cheap, and asked for by pages and watchers rather than by people.
_FREE = re.compile(r"/static/|/sundhed$|/metrics$|/robots\.txt$|/favicon\.ico$|/manifest\.webmanifest$")


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


@dataclass(slots=True)
class Buckets:
    """The buckets of everybody, at most `KEPT`. `clock` gives seconds. Not for several threads."""

    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[bytes, _Bucket] = field(default_factory=OrderedDict)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, lane: Lane, network: str) -> float:
        """Take one request of this lane; 0 where there was one, else the seconds until there is."""
        key = blake2b(f"{lane.name} {network}".encode(), digest_size=12, key=self._secret).digest()
        now = self.clock()
        bucket = self._kept.setdefault(key, _Bucket(lane.burst, now))
        self._kept.move_to_end(key)
        bucket.tokens = min(lane.burst, bucket.tokens + max(0.0, now - bucket.at) * lane.per_second)
        bucket.at = now
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / lane.per_second
        bucket.tokens -= 1
        return 0.0

    def forget(self) -> None:
        """Let go of those who have not asked for a while."""
        until = self.clock() - FORGET_SECONDS
        while self._kept and next(iter(self._kept.values())).at <= until:
            self._kept.popitem(last=False)


def lane_of(method: str, path: str) -> Lane | None:
    """The lane of a request; None where it is not counted."""
    path = path_without_language(path)
    if method not in ("GET", "HEAD"):
        return WRITING
    if _FREE.match(path):
        return None
    return next(lane for lane in LANES if lane.paths.match(path))


class RateLimits:
    """ASGI middleware: answers 429 with `Retry-After` where a visitor asks for more than their share."""

    def __init__(self, app: ASGIApp, *, trusted: TrustedProxies, refused: Callable[[str], None]) -> None:
        self.app = app
        self.buckets = Buckets()
        self._trusted = trusted
        self._refused = refused  # told the lane
        self._forgetting = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = self._wait(scope) if scope["type"] == "http" else 0.0
        if not wait:
            await self.app(scope, receive, send)
            return
        headers = {"retry-after": str(math.ceil(wait)), "cache-control": "no-store"}
        refusal = answer(Request(scope), 429, "too many requests", "Try again in a moment.", headers)
        await refusal(scope, receive, send)

    def _wait(self, scope: Scope) -> float:
        lane = lane_of(scope["method"], scope["path"])
        address = client_address(scope, self._trusted) if lane else None
        network = client_network(address) if address else None
        if lane is None or network is None:
            return 0.0
        wait = self.buckets.take(lane, network)
        self._forget_later()
        if wait:
            self._refused(lane.name)
        return wait

    def _forget_later(self) -> None:
        """Also where nobody asks again, nothing is remembered for longer than it is needed."""
        if not self._forgetting:
            self._forgetting = True
            asyncio.get_running_loop().call_later(LOOK_SECONDS, self._forget)

    def _forget(self) -> None:
        self._forgetting = False
        self.buckets.forget()
        if len(self.buckets):
            self._forget_later()
