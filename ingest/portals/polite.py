"""Talking to one portal politely: one request at a time, pauses between them, and only for what has changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlsplit

from catalogue import Settings, SourceError, TalerstolError
from ingest.http import Answer, CutTransfer, HttpFailure, Web
from ingest.portals.kept import Kept, KeptDocuments

T = TypeVar("T")

TRIES = 4  # of one request, with pauses that double: a server that restarts is back within some seconds
LEAST_BACKOFF = 0.25  # s before a second try, where the pause between requests is shorter
LONGEST_WAIT = 120.0  # s that a server may ask us to wait (Retry-After); one that asks for more is left alone
LEFT_ALONE_AFTER = 5  # requests in a row that failed in all their tries: the server has enough to do
BUSY = 429


class ServerBusy(SourceError):
    """The server has failed or asks for patience, in all tries. `status` is HTTP's."""

    def __init__(self, url: str, status: int, wait: float) -> None:
        self.status, self.wait = status, wait
        asks = f" and asks for a pause of {wait:,.0f} s" if wait else ""
        super().__init__(
            f"the server answers {status}{asks}", where=url, remedy="Run the same command again later."
        )


class LeftAlone(SourceError):
    """The portal failed so often in a row that it is not asked any more in this pass."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"not asked for: the {LEFT_ALONE_AFTER} requests before it failed",
            where=url,
            remedy="Run the same command again later.",
        )


class Pauses:
    """When each host was last asked; shared by all sessions of one pass."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def wait(self, host: str, seconds: float) -> None:
        """Sleep until that many seconds have gone since the host was last heard."""
        left = self._last.get(host, 0.0) + seconds - time.monotonic()
        if left > 0:
            time.sleep(left)
        self.heard(host)

    def heard(self, host: str) -> None:
        self._last[host] = time.monotonic()


class PortalSession:
    """One conversation with one portal: its cookies, its pauses (seconds), and what it said before."""

    def __init__(self, settings: Settings, pause: float, kept: KeptDocuments, pauses: Pauses) -> None:
        self._pause, self._kept, self._pauses = pause, kept, pauses
        self._limit = settings.max_document_bytes
        self._failed = 0
        self.web = Web(settings, before_request=lambda host: pauses.wait(host, pause), keep_cookies=True)

    def read(self, url: str, accept: Callable[[bytes], T]) -> T:
        """What `accept` makes of the document at an address; it is only kept once that succeeds.

        Raises what `accept` raises, `HttpFailure` for a refusal, `SourceError` for what does not come.
        """
        kept = self._kept.get(url)
        if kept is not None and kept.fresh:
            return accept(kept.data)
        answer = self._ask(url, kept)
        if answer.status == 304 and kept is not None:
            try:
                made = accept(kept.data)
            except TalerstolError:  # read otherwise than when it was kept: ask for it whole
                answer = self._ask(url, None)
            else:
                self._kept.confirm(url)
                return made
        made = accept(answer.data)
        self._kept.keep(url, answer.data, _header(answer, "etag"), _header(answer, "last-modified"))
        return made

    def visit(self, url: str) -> None:
        """Ask for a page for the sake of the cookies it gives."""
        self._ask(url, None)

    def close(self) -> None:
        self.web.close()

    def _ask(self, url: str, kept: Kept | None) -> Answer:
        """The answer, once it is one: tried again while the server is busy or breaks off."""
        if self._failed >= LEFT_ALONE_AFTER:
            raise LeftAlone(url)
        for attempt in range(TRIES):
            fault, wait = self._try(url, kept)
            if isinstance(fault, Answer):
                self._failed = 0
                return _refuse_errors(fault, url)
            if wait > LONGEST_WAIT or attempt == TRIES - 1:
                self._failed += 1
                raise fault
            time.sleep(max(wait, max(self._pause, LEAST_BACKOFF) * 2**attempt))
        raise AssertionError("unreachable: the last attempt raises")

    def _try(self, url: str, kept: Kept | None) -> tuple[Answer | SourceError, float]:
        """An answer, or what went wrong and the seconds that the server asks us to wait."""
        headers = {"accept": "application/json, */*;q=0.5", **(kept.conditions if kept else {})}
        try:
            answer = self.web.exchange("GET", url, headers, None, self._limit)
        except CutTransfer as fault:
            return fault, 0.0
        finally:
            self._pauses.heard(urlsplit(url).hostname or "")
        if answer.status == BUSY or answer.status >= 500:
            wait = asked_wait(_header(answer, "retry-after"))
            return ServerBusy(url, answer.status, wait), wait
        return answer, 0.0


def asked_wait(text: str) -> float:
    """The seconds in a Retry-After (a number or a date, RFC 9110, section 10.2.3); 0 where it says none."""
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _refuse_errors(answer: Answer, url: str) -> Answer:
    if not (200 <= answer.status < 300 or answer.status == 304):
        raise HttpFailure(url, answer.status)
    return answer


def _header(answer: Answer, name: str) -> str:
    return next((value for key, value in answer.headers if key.lower() == name), "")
