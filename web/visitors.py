"""How often a visitor is given something that costs us: counted in memory, by a key that tells no address."""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from threading import Lock

MOST_VISITORS = 10_000  # those who were here longest ago are forgotten first


class Visitors:
    """Lets everybody through `at_most` times `within` so many seconds. Safe to share between threads.

    A visitor is kept as a keyed hash only, with a key that dies with the process.
    """

    def __init__(self, at_most: int, within: float, now: Callable[[], float] = time.monotonic) -> None:
        self._at_most = at_most
        self._within = within
        self._now = now
        self._key = secrets.token_bytes(32)
        self._given: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, visitor: str) -> int:
        """Seconds until this visitor may have one more; 0: now."""
        with self._lock:
            given = self._recent(self._number(visitor))
            return math.ceil(given[0] + self._within - self._now()) if len(given) >= self._at_most else 0

    def gave(self, visitor: str) -> None:
        """This visitor was given one."""
        with self._lock:
            number = self._number(visitor)
            self._keep(number, [*self._recent(number), self._now()])

    def may(self, visitor: str) -> bool:
        """Whether one more is let through; counts it if so."""
        with self._lock:
            number = self._number(visitor)
            given = self._recent(number)
            allowed = len(given) < self._at_most
            self._keep(number, [*given, self._now()] if allowed else given)
            return allowed

    def _recent(self, number: bytes) -> deque[float]:
        given = self._given.get(number) or deque()
        while given and given[0] <= self._now() - self._within:
            given.popleft()
        return given

    def _keep(self, number: bytes, given: Iterable[float]) -> None:
        self._given[number] = deque(given)
        self._given.move_to_end(number)
        while len(self._given) > MOST_VISITORS:
            self._given.popitem(last=False)

    def _number(self, visitor: str) -> bytes:
        return hashlib.blake2b(visitor.encode(), key=self._key, digest_size=16).digest()
