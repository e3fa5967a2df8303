"""The Meilisearch server, in one place, through its official client: connections, patience, and errors as ours."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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

from catalogue import Settings
from search.contract import IndexUnavailable

__all__ = ["Index", "MeiliServer"]

Answer = TypeVar("Answer")

OLDEST_SERVER = (1, 36)  # knows the ranking rule attributeRank (search.md, section 3)
TASK_SECONDS = 3600.0  # the longest a batch may take to be indexed
ATTEMPTS = 3  # of a request that finds the server away or busy
MISSING = ("index_not_found", "document_not_found")


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
            client.http = client.task_handler.http = _Pooled(client.http, requests.Session())
            self._local.client = client
        return client

    def index(self, uid: str) -> Index:
        client = self.client()
        index = client.index(uid)
        index.http = client.http
        return index

    def asked(self, request: Callable[[], Answer]) -> Answer:
        """The answer to a request, tried again while the server is away or busy."""
        for attempt in stamina.retry_context(
            on=_is_passing, attempts=ATTEMPTS, wait_initial=0.1, wait_max=2.0
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

    def done(self, request: Callable[[], Any], forgiven: Sequence[str] = ()) -> None:
        """Ask for a task and wait for it; a failed one is an error with the server's own words."""
        task, patience = self.asked(request), int(TASK_SECONDS * 1000)
        finished = self.asked(lambda: self.client().wait_for_task(task.task_uid, timeout_in_ms=patience))
        if finished.status != "succeeded":
            error = finished.error or {}
            if error.get("code") not in forgiven:
                raise self.unavailable(f"a task failed: {error.get('message', finished.status)}")

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
            raise self.unavailable(f"it refuses: {error.code or error.status_code}") from error
        except (MeilisearchError, requests.RequestException) as error:
            raise self.unavailable(type(error).__name__) from error

    def unavailable(self, reason: str) -> IndexUnavailable:
        return IndexUnavailable(
            f"Meilisearch cannot be used ({reason})",
            where=self.url,
            remedy="Check that it runs, TALERSTOL_MEILI_URL and TALERSTOL_MEILI_KEY; `talerstol run` then catches up.",
        )


def _is_passing(error: Exception) -> bool:
    if isinstance(error, MeilisearchApiError):
        return error.status_code == 503
    return isinstance(error, MeilisearchCommunicationError)
