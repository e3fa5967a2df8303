"""What was used last is remembered; what was not is forgotten."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Counted(Protocol):
    """How often something was remembered, and how often it was not."""

    @property
    def hits(self) -> int: ...
    @property
    def misses(self) -> int: ...


class Lru(Generic[Key, Value]):
    """A small memory that threads may share."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()
        self.hits = 0
        self.misses = 0

    def known(self, key: Key) -> Value | None:
        """The value under `key` where it is remembered."""
        with self._lock:
            return self._kept.get(key)

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value under `key`, made now if it is not remembered."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                self.hits += 1
                return self._kept[key]
            self.misses += 1
        value = make()  # outside the lock: two threads may make the same, neither waits for another's
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return value
