"""How often somebody may write to us: counted for some minutes in memory, by a key that tells no address."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

REMEMBERED = 10_000  # visitors


class Visitors:
    """Lets everybody through `at_most` times `within` so many seconds. Safe to share between threads.

    An address is kept as its keyed hash only, with a key that dies with the process; of IPv6 the network counts.
    """

    def __init__(self, at_most: int, within: float, now: Callable[[], float] = time.monotonic) -> None:
        self._at_most = at_most
        self._within = within
        self._now = now
        self._key = secrets.token_bytes(32)
        self._seen: OrderedDict[bytes, list[float]] = OrderedDict()
        self._lock = Lock()

    def may(self, address: str) -> bool:
        """Whether one more is let through; counts it if so."""
        visitor = hashlib.blake2b(_network(address).encode(), key=self._key, digest_size=16).digest()
        now = self._now()
        with self._lock:
            times = [at for at in self._seen.pop(visitor, []) if now - at < self._within]
            allowed = len(times) < self._at_most
            self._seen[visitor] = [*times, now] if allowed else times
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            return allowed


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else str(known)
