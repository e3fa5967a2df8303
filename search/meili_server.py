"""The Meilisearch server, in one place, through its official client: connections, patience, and errors as ours."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import meilisearch
import requests
import stamina
from meilisearch._httprequests import HttpRequests
from meilisearch.errors import (
    MeilisearchApiError,
    MeilisearchCommunicationError,
    MeilisearchError,
    MeilisearchTimeoutError,
)
from meilisearch.index import Index
from meilisearch.models.task import Task
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.poolmanager import pool_classes_by_scheme
from urllib3.response import HTTPResponse

from catalogue import Settings
from search.contract import IndexStalled, IndexUnavailable

__all__ = ["Index", "MeiliServer"]

Answer = TypeVar("Answer")

OLDEST_SERVER = (1, 36)  # knows the ranking rule attributeRank (search.md, section 3)
LOOK_SECONDS = 10.0  # between looks whether the server gets on
# A server whose disk is full does not say so: it keeps its queue waiting, at the same point for minutes, and then
# begins the same batch again and again.
STALLED_SECONDS, BEGUN_AGAIN = 120.0, 3
ATTEMPTS = 3  # of a request that finds the server away or busy
MISSING = ("index_not_found", "document_not_found")


class _PromptConnection(HTTPConnection):
    """Meilisearch sends an answer's body only when its head has been acknowledged, and on a connection that has been
    used for a while Linux waits 40 ms with that. So each answer is acknowledged at once."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 has it
        if self.sock is not None and hasattr(socket, "TCP_QUICKACK"):
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return super().getresponse()


class _PromptPool(HTTPConnectionPool):
    ConnectionCls = _PromptConnection


class _Prompt(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = {**pool_classes_by_scheme, "http": _PromptPool}


class _Pooled(HttpRequests):
    """The client's own requests over connections that stay open: it would open one for each."""

    def __init__(self, made: HttpRequests, session: requests.Session) -> None:
        self.config, self.headers, self._session = made.config, dict(made.headers), session

    def send_request(self, http_method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return super().send_request(getattr(self._session, http_method.__name__), *arguments, **named)


class MeiliServer:
    """The server at `TALERSTOL_MEILI_URL`. Safe to share between threads: each has its own client."""

    def __init__(self, settings: Settings, only_search: bool = False) -> None:
        self.url = settings.meili_url or ""
        self._key = (settings.meili_search_key if only_search else None) or settings.meili_key
        self._timeout = settings.meili_timeout
        self._local = threading.local()

    def version(self) -> str:
        """Raises `IndexUnavailable` for one too old."""
        version = str(self.asked(lambda: self.client().get_version()["pkgVersion"]))
        major, minor = (int(part) for part in version.split(".")[:2])
        if (major, minor) < OLDEST_SERVER:
            oldest = ".".join(map(str, OLDEST_SERVER))
            raise self.unavailable(f"it is version {version}; {oldest} or newer is needed")
        return version

    def client(self) -> meilisearch.Client:
        """This thread's client: it changes its headers with every request."""
        client: meilisearch.Client | None = getattr(self._local, "client", None)
        if client is None:
            key = self._key.get_secret_value() if self._key else None
            client = meilisearch.Client(self.url, key, timeout=max(1, round(self._timeout)))
            session = requests.Session()
            session.mount("http://", _Prompt())
            client.http = client.task_handler.http = _Pooled(client.http, session)
            self._local.client = client
        return client

    def index(self, uid: str) -> Index:
        client = self.client()
        index = client.index(uid)
        index.http = client.http
        return index

    def asked(self, request: Callable[[], Answer], *, once: bool = False) -> Answer:
        """The answer to a request, tried again while the server is away or busy. `once`: one that must not be done
        twice, so only where the server itself says that it has not taken it."""
        for attempt in stamina.retry_context(
            on=_is_refused if once else _is_passing, attempts=ATTEMPTS, wait_initial=0.1, wait_max=2.0
        ):
            with attempt:
                return request()
        raise AssertionError("unreachable: the last attempt returns or raises")

    def asked_or(self, instead: Answer, request: Callable[[], Answer]) -> Answer:
        """As `asked`; `instead` where there is no such index or document."""
        try:
            return self.asked(request)
        except MeilisearchApiError as error:
            if error.code in MISSING:
                return instead
            raise

    def load(self, uid: str, documents: Sequence[Mapping[str, Any]]) -> None:
        """Documents into an index, and wait until they are there."""
        # Our own UTF-8 bytes: the client would write æøå as escapes, a third more.
        body = "\n".join(json.dumps(document, ensure_ascii=False) for document in documents).encode()
        self.done(lambda: self.index(uid).add_documents_ndjson(body, primary_key="id"))

    def drop(self, uid: str) -> None:
        self.done(lambda: self.index(uid).delete(), forgiven=MISSING)

    def done(self, request: Callable[[], Any], forgiven: Sequence[str] = (), *, once: bool = False) -> None:
        """Ask for a task (`once`: see `asked`) and wait for it; a failed one is an error with the server's own words."""
        finished = self._finished(self.asked(request, once=once).task_uid)
        if finished.status != "succeeded":
            error = finished.error or {}
            if error.get("code") not in forgiven:
                raise self.unavailable(f"a task failed: {error.get('message', finished.status)}")

    def _finished(self, task_uid: int) -> Task:
        """The task when it is through, however long that takes while the server gets on with its queue."""
        seen, begun, moved = "", set[str](), time.monotonic()
        patience = round(LOOK_SECONDS * 1000)
        while True:
            with suppress(MeilisearchTimeoutError):
                return self.asked(lambda: self.client().wait_for_task(task_uid, timeout_in_ms=patience))
            batches = self.asked(lambda: self.client().get_batches({"statuses": "processing"})).results
            progress = repr([(batch.uid, batch.progress) for batch in batches])
            if progress != seen:
                seen, moved = progress, time.monotonic()
            begun |= {f"{batch.uid} {batch.started_at}" for batch in batches}
            again = len(begun) - len({one.split()[0] for one in begun})
            if again >= BEGUN_AGAIN or time.monotonic() - moved > STALLED_SECONDS:
                raise self.unavailable("it makes no progress; its disk may be full", IndexStalled)

    @contextmanager
    def faults(self) -> Iterator[None]:
        """The client's errors as ours, without the key."""
        try:
            yield
        except MeilisearchCommunicationError as error:
            raise self.unavailable("it cannot be reached") from error
        except MeilisearchTimeoutError as error:
            raise self.unavailable("it does not answer in time") from error
        except MeilisearchApiError as error:
            raise self.unavailable(f"it refuses: {_why(error)}") from error
        except (MeilisearchError, requests.RequestException) as error:
            raise self.unavailable(type(error).__name__) from error

    def unavailable(self, reason: str, kind: type[IndexUnavailable] = IndexUnavailable) -> IndexUnavailable:
        return kind(
            f"Meilisearch cannot be used ({reason})",
            where=self.url,
            remedy="Check that it runs, TALERSTOL_MEILI_URL and TALERSTOL_MEILI_KEY; `talerstol run` then catches up.",
        )


def _why(error: MeilisearchApiError) -> str:
    """The server's code; of an error of its own, which all have one code, what it says."""
    own = error.code in ("internal", None)
    return f"{error.message}"[:200] if own else str(error.code)


def _is_refused(error: Exception) -> bool:
    return isinstance(error, MeilisearchApiError) and error.status_code == 503


def _is_passing(error: Exception) -> bool:
    return _is_refused(error) or isinstance(error, MeilisearchCommunicationError)
