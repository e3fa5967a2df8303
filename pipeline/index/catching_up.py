"""While the web server runs, what changes reaches the search index within seconds, whoever changed it.

So a redaction leaves the index, an engine that was away catches up, and a lost index comes back, without a run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import structlog

from catalogue import EngineError, Settings
from pipeline.archive import Archive
from pipeline.beside import beside
from pipeline.index.outbox import Delivery
from pipeline.terminal.reporter import Silent, Work

EVERY = 3.0  # s between looks at the outbox
LOOK_EVERY = 60.0  # s between looks whether the index is still there
STOP_SECONDS = 10.0  # how long a delivery under way may take when the server stops

log = structlog.get_logger("talerstolen.index")


class Logged(Silent):
    """To the log only what a person should see to."""

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        log.warning("a meeting does not reach the search index", meeting=meeting_id, reason=message)

    def note(self, text: str) -> None:
        log.warning(text)


def may_write(settings: Settings) -> bool:
    """Whether this process may write to the index: with the key that only searches it may not."""
    return not settings.meili_url or settings.meili_key is not None or settings.meili_search_key is None


@contextmanager
def catching_up(archive: Archive) -> Iterator[None]:
    """While the block runs, a thread delivers what waits in the outbox, where this process may."""
    if not may_write(archive.settings):
        yield
        return
    with beside(lambda stop: _keep_in_step(archive, stop), "catching-up", STOP_SECONDS):
        yield


def _keep_in_step(archive: Archive, stop: Event) -> None:
    delivery, look_at, begun = Delivery(archive, Logged()), 0.0, False
    while not stop.is_set():
        pause = EVERY
        try:
            if time.monotonic() >= look_at:
                # One that another version made is mended by who starts, not by an old server that is still running.
                begun = delivery.mend(only_lost=begun) or begun
                look_at = time.monotonic() + LOOK_EVERY
            delivery.go_on(lambda _: not stop.is_set())
        except EngineError as error:  # the catalogue: pages say so too
            log.warning(error.sentence)
            pause = LOOK_EVERY
        except Exception:
            log.exception("delivering to the search index failed unexpectedly")
            pause = LOOK_EVERY
        stop.wait(pause)
