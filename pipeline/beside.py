"""Work that goes on beside something else: in a thread that ends with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def beside(work: Callable[[Event], None], name: str, patience: float) -> Iterator[None]:
    """While the block runs, so does `work`, which ends when the event is set.

    What has not ended `patience` seconds after that is killed with the process: it must lose nothing by it.
    """
    stop = Event()
    thread = Thread(target=work, args=(stop,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(patience)
