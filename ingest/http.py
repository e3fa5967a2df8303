"""The only way out to the network: guarded, bounded, and able to go on where a transfer stopped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpcore2
import httpx2
import stamina

from catalogue import EngineError, InputError, Settings, SourceError, Version
from ingest.connections import SLOWEST, GuardedBackend, PrivateAddress, TooSlow, resolve
from ingest.plain_words import MEANINGS, in_plain_words
from ingest.progress import Progress, throttled

T = TypeVar("T")

REDIRECTS = 5
EXPIRED = (401, 403, 410)  # what a link answers whose time is over; it can be had anew
ATTEMPTS = 4  # of a transfer that is cut; each goes on where the one before stopped
WORTH = 1 << 20  # bytes: a transfer that brought so many more before it was cut has not used up its attempts
MOST_CUTS = 200  # of one transfer in one run, however much each of them brings
SNIFFED = 4096  # bytes read of a source to see what it is
CHUNK = 1 << 18
AGENT = "Talerstolen (open archive of council meetings)"


LONGEST_NAME = 500  # characters that a server may use to name a version


class TooLarge(SourceError):
    """A source holds more bytes than is allowed."""

    def __init__(self, url: str, limit: int, setting: str = "TALERSTOL_MAX_DOWNLOAD_BYTES") -> None:
        self.limit = limit
        super().__init__(
            f"larger than the {limit / 1024**2:,.0f} MB that are allowed",
            where=url,
            remedy=f"Raise {setting} if that is right.",
        )


class HttpFailure(SourceError):
    """The server answered with an error. `status` is HTTP's."""

    def __init__(self, url: str, status: int) -> None:
        self.status = status
        meaning = MEANINGS.get(status)
        super().__init__(
            f"the server answers {status}" + (f": {meaning}" if meaning else ""),
            where=url,
            remedy="Check the address; then run the same command again.",
        )


class EndlessRedirects(SourceError):
    """One address leads to the next and never to an answer."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"leads from one address to the next and never to an answer (more than {REDIRECTS} redirects)",
            where=url,
            remedy="Open it in a browser, and give the address of the recording itself.",
        )


class CutTransfer(SourceError):
    """A transfer broke off; what arrived is kept."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"the transfer broke off ({reason})",
            where=url,
            remedy="Run it again: it goes on where it stopped.",
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A small file, whole."""

    data: bytes
    content_type: str
    url: str  # after redirects


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer whatever its status, for a program that speaks HTTP itself."""

    status: int
    headers: tuple[tuple[str, str], ...]
    data: bytes
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a source is, as far as its first bytes tell. `length` in bytes, None if not told."""

    content_type: str
    length: int | None
    url: str
    start: bytes


class Web:
    """Requests to sources. One client, no proxies or credentials from the environment.

    `before_request` is told the host before each request, also those of redirects. Cookies last for one request
    unless `keep_cookies`: then as long as this object.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        before_request: Callable[[str], None] | None = None,
        keep_cookies: bool = False,
    ) -> None:
        self._keep_cookies = keep_cookies
        self._allow_private = settings.allow_private_addresses
        self._timeout = settings.http_timeout
        transport = httpx2.HTTPTransport(trust_env=False)
        # The pool is where connections are made; httpx2 has no public way to hand it a backend.
        pool = transport._pool
        pool._network_backend = GuardedBackend(
            httpcore2.SyncBackend(), self._allow_private, SLOWEST * settings.http_timeout
        )
        self._client = httpx2.Client(
            transport=transport,
            timeout=httpx2.Timeout(settings.http_timeout),
            follow_redirects=True,
            max_redirects=REDIRECTS,
            trust_env=False,
            headers={"user-agent": AGENT},
        )
        if before_request is not None:
            tell = before_request
            self._client.event_hooks = {"request": [lambda request: tell(request.url.host)]}

    def close(self) -> None:
        """Let go of the connections that are kept open."""
        self._client.close()

    def check(self, url: str) -> None:
        """Refuse what is no web address, and what leads to a private one."""
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise InputError("not a web address", where=url) from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(
                "only http:// and https:// addresses can be fetched",
                where=url,
                remedy="Give the address that a browser shows.",
            )
        if parts.username or parts.password:
            raise InputError(
                "an address may not hold a name and password",
                where=parts.hostname,
                remedy="Leave them out; what needs a login has to be fetched by hand.",
            )
        try:
            resolve(parts.hostname, port, self._allow_private)
        except PrivateAddress as error:
            raise PrivateAddress(error.host, url) from error

    def read(self, url: str, limit: int) -> Document:
        """A small file, whole; at most `limit` bytes after decompression."""
        return _again(lambda: self._read(url, limit))

    def head(self, url: str) -> Head:
        """The first bytes of a source and what the server says of it."""
        return _again(lambda: self._head(url))

    def _read(self, url: str, limit: int) -> Document:
        with self._stream(url, {}) as response:
            _raise_for_status(response, url)
            return Document(self._body(response, url, limit), _content_type(response), str(response.url))

    def _body(self, response: httpx2.Response, url: str, limit: int) -> bytes:
        data, began = bytearray(), time.monotonic()
        for chunk in response.iter_bytes(CHUNK):
            data += chunk
            if len(data) > limit:
                raise TooLarge(url, limit, "TALERSTOL_MAX_DOCUMENT_BYTES")
            if time.monotonic() - began > SLOWEST * self._timeout:
                raise CutTransfer(url, "it came too slowly")
        return bytes(data)

    def _head(self, url: str) -> Head:
        with self._stream(
            url, {"range": f"bytes=0-{SNIFFED - 1}", "accept-encoding": "identity"}
        ) as response:
            _raise_for_status(response, url)
            start = bytearray()
            for chunk in response.iter_bytes(SNIFFED):
                start += chunk
                if len(start) >= SNIFFED:
                    break
            return Head(
                _content_type(response), _whole_length(response), str(response.url), bytes(start[:SNIFFED])
            )

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None, limit: int
    ) -> Answer:
        """One request as a program asks for it, over the same guarded connections; any status is an answer."""
        with self._stream(url, dict(headers), method, data) as response:
            body = self._body(response, url, limit)
            coded = ("content-encoding", "content-length", "transfer-encoding", "set-cookie")
            kept = tuple((n, v) for n, v in response.headers.multi_items() if n.lower() not in coded)
            return Answer(response.status_code, kept, body, str(response.url))

    def download(self, url: str, target: Path, limit: int, progress: Progress) -> Version:
        """A file, whole, at `target`. Cut off, it goes on from what arrived: at once, and at the next call.

        Returns what the server calls it.
        """
        told, part = throttled(progress), _part(target)
        most, cuts = 0, 0
        try:
            while True:
                try:
                    return _again(lambda: self._download_on(url, target, limit, told))
                except CutTransfer:
                    came, cuts = part.stat().st_size if part.exists() else 0, cuts + 1
                    if came < most + WORTH or cuts * ATTEMPTS > MOST_CUTS:
                        raise
                    most = came
        except OSError as error:
            raise EngineError(
                f"the recording cannot be written ({error.strerror})",
                where=str(target.parent),
                remedy="Make room on the disk, then run the same command again.",
            ) from error

    def _download_on(self, url: str, target: Path, limit: int, progress: Progress) -> Version:
        part, tag_file = _part(target), target.with_name(target.name + ".etag")
        have = part.stat().st_size if part.exists() and tag_file.exists() else 0
        headers = {"accept-encoding": "identity"}
        if have:
            headers |= {"range": f"bytes={have}-", "if-range": json.loads(tag_file.read_text())}
        with self._stream(url, headers) as response:
            version = version_of(response)
            total = version.length
            if response.status_code == 416 and have and have == total:
                _finish(part, tag_file, target)  # all had arrived when the run was stopped
                return version
            if wrong := _wrong_part(response, have, headers.get("if-range", "")):
                part.unlink(missing_ok=True)
                raise CutTransfer(url, wrong)
            _raise_for_status(response, url)
            if response.status_code != 206:
                have = 0
                part.unlink(missing_ok=True)  # before the new tag: a tag must never vouch for older bytes
            if total is not None and total > limit:
                raise TooLarge(url, limit)
            _remember_tag(version, tag_file)
            with part.open("ab" if have else "wb") as file:
                for chunk in response.iter_bytes(CHUNK):
                    have += len(chunk)
                    if have > limit:
                        raise TooLarge(url, limit)
                    file.write(chunk)
                    progress(have, total)
        if total is not None and have < total:
            raise CutTransfer(url, f"{have:,} of {total:,} bytes came")
        _finish(part, tag_file, target)
        return replace(version, length=have)

    def version(self, url: str) -> Version:
        """What the server calls the file that it has now, without fetching it."""
        return _again(lambda: self._version(url))

    def _version(self, url: str) -> Version:
        asked = {"accept-encoding": "identity"}
        with self._stream(url, asked, "HEAD") as response:
            if response.is_success:
                return version_of(response)
        # Some servers answer no HEAD, and some signed addresses are signed for GET alone.
        with self._stream(url, asked | {"range": "bytes=0-0"}) as response:
            _raise_for_status(response, url)
            return version_of(response)

    @contextmanager
    def _stream(
        self, url: str, headers: dict[str, str], method: str = "GET", data: bytes | None = None
    ) -> Iterator[httpx2.Response]:
        self.check(url)
        try:
            with self._client.stream(method, url, headers=headers, content=data) as response:
                yield response
        except httpx2.TooManyRedirects as error:
            raise EndlessRedirects(url) from error
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise SourceError(
                "leads to something that is no web address",
                where=url,
                remedy="Open it in a browser, and give the address of the recording itself.",
            ) from error
        except TooSlow as error:
            raise TooSlow(url) from error
        except PrivateAddress as error:
            raise PrivateAddress(error.host, url) from error
        except httpx2.HTTPError as error:
            raise CutTransfer(url, in_plain_words(error)) from error
        finally:
            if not self._keep_cookies:  # those of one source are no business of the next
                self._client.cookies.clear()


def _again(ask: Callable[[], T]) -> T:
    """Ask until it works, a few times: what is cut or busy is tried again, what is refused is not."""
    for attempt in stamina.retry_context(
        on=CutTransfer, attempts=ATTEMPTS, wait_initial=0.2, wait_max=5, timeout=None
    ):
        with attempt:
            return ask()
    raise AssertionError("unreachable: the last attempt raises")


def _finish(part: Path, tag_file: Path, target: Path) -> None:
    part.replace(target)
    tag_file.unlink(missing_ok=True)


def _part(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _remember_tag(version: Version, tag_file: Path) -> None:
    """What the server calls this version of the file; without a strong name a cut transfer begins anew."""
    name = version.tag if version.tag and not version.tag.startswith("W/") else version.modified
    if name:
        tag_file.write_text(json.dumps(name))
    else:
        tag_file.unlink(missing_ok=True)


def _wrong_part(response: httpx2.Response, have: int, name: str) -> str:
    """Why what is sent cannot be put behind what is there; empty where it can, or where all is sent anew."""
    if response.status_code == 416 and have:
        return "the file has changed"  # it is shorter now
    if response.status_code != 206:
        return ""
    if not response.headers.get("content-range", "").startswith(f"bytes {have}-"):
        return "the server sent another part than was asked for"
    return "" if not have or _same_file(name, version_of(response)) else "the file has changed"


def _same_file(name: str, version: Version) -> bool:
    """Whether the rest that is sent is of the file that `name` stood for; some servers send it of any."""
    said = version.tag if name.startswith('"') else version.modified
    return not said or said == name


def version_of(response: httpx2.Response) -> Version:
    """What the headers of an answer say of the file behind it."""
    tag, modified = (response.headers.get(name, "")[:LONGEST_NAME] for name in ("etag", "last-modified"))
    coded = response.headers.get("content-encoding", "identity").lower() != "identity"
    return Version(tag, modified, None if coded else _whole_length(response))


def _raise_for_status(response: httpx2.Response, url: str) -> None:
    if response.status_code >= 500 or response.status_code == 429:
        raise CutTransfer(url, f"the server answers {response.status_code}")
    if response.status_code >= 400 or response.status_code < 200:
        raise HttpFailure(url, response.status_code)


def _content_type(response: httpx2.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _whole_length(response: httpx2.Response) -> int | None:
    """The length of the whole file in bytes, also of an answer that holds a part."""
    text = response.headers.get("content-range", "").rpartition("/")[2] or (
        response.headers.get("content-length", "") if response.status_code != 206 else ""
    )
    return int(text) if text.isascii() and text.isdecimal() else None
