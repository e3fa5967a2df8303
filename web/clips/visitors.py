"""How much one visitor asks for. Kept in memory for an hour and never written: not even the address itself."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import os
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

from starlette.requests import Request

HOUR = 3600.0
MOST_VISITORS = 10_000  # those who were here longest ago are forgotten first


class Visitors:
    """Counts what each visitor was given in the last hour."""

    def __init__(self, an_hour: int, now: Callable[[], float] = time.monotonic) -> None:
        self._an_hour = an_hour
        self._now = now
        self._key = os.urandom(
            16
        )  # of this process alone: outside it nobody can tell whom a number stands for
        self._given: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, visitor: str) -> int:
        """Seconds until this visitor may have one more; 0: now."""
        with self._lock:
            given = self._recent(self._number(visitor))
            return math.ceil(given[0] + HOUR - self._now()) if len(given) >= self._an_hour else 0

    def gave(self, visitor: str) -> None:
        """This visitor was given one."""
        with self._lock:
            number = self._number(visitor)
            given = self._recent(number)
            given.append(self._now())
            self._given[number] = given
            self._given.move_to_end(number)
            while len(self._given) > MOST_VISITORS:
                self._given.popitem(last=False)

    def _recent(self, number: bytes) -> deque[float]:
        given = self._given.get(number) or deque()
        while given and given[0] <= self._now() - HOUR:
            given.popleft()
        return given

    def _number(self, visitor: str) -> bytes:
        return hashlib.blake2b(visitor.encode(), key=self._key, digest_size=16).digest()


def visitor(request: Request) -> str:
    """Where a request comes from: an address, of IPv6 the network that one household has.

    Behind a proxy on this machine it is the one that the proxy names: the server (uvicorn) sees to that, and
    believes no other.
    """
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
