"""The only way out to the network: guarded, bounded, and able to go on where a transfer stopped."""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpcore2
import httpx2
import stamina

from catalogue import EngineError, InputError, Settings, SourceError
from ingest.progress import Progress, throttled

T = TypeVar("T")

REDIRECTS = 5
ATTEMPTS = 4  # of a transfer that is cut; each goes on where the one before stopped
SNIFFED = 4096  # bytes read of a source to see what it is
CHUNK = 1 << 18
SLOWEST = 10  # times the timeout that a small file may take as a whole
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
AGENT = "Talerstolen (open archive of council meetings)"


class PrivateAddress(InputError):
    """The address leads to this machine or a private network, and that is not allowed."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(
            "leads to a private address",
            where=host,
            remedy="If that is meant, set TALERSTOL_ALLOW_PRIVATE_ADDRESSES=1.",
        )


class TooLarge(SourceError):
    """A source holds more bytes than is allowed."""

    def __init__(self, url: str, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"larger than the {limit / 1024**2:,.0f} MB that are allowed",
            where=url,
            remedy="Raise TALERSTOL_MAX_DOWNLOAD_BYTES or TALERSTOL_MAX_DOCUMENT_BYTES if that is right.",
        )


class HttpFailure(SourceError):
    """The server answered with an error. `status` is HTTP's."""

    def __init__(self, url: str, status: int) -> None:
        self.status = status
        super().__init__(
            f"the server answers {status}",
            where=url,
            remedy="Check the address; then run the same command again.",
        )


class EndlessRedirects(SourceError):
    """One address leads to the next and never to an answer."""

    def __init__(self, url: str) -> None:
        super().__init__(f"more than {REDIRECTS} redirects", where=url)


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


class GuardedBackend(httpcore2.NetworkBackend):
    """Resolves every host itself, refuses private addresses, and connects to the address it has checked.

    So neither a redirect nor a name that resolves otherwise the second time leads inside.
    """

    def __init__(self, inner: httpcore2.NetworkBackend, allow_private: bool) -> None:
        self._inner, self._allow_private = inner, allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        *others, last = resolve(host, port, self._allow_private)
        for address in others:  # one of them may be IPv6 where this machine has none
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
        return self._inner.connect_tcp(last, port, timeout, local_address, socket_options)


def resolve(host: str, port: int, allow_private: bool) -> list[str]:
    """The host's addresses, at least one. Raises `PrivateAddress` if any of them is private."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(
            "this host is not known", where=host, remedy="Check the address and the network."
        ) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and not all(_is_public(address) for address in addresses):
        raise PrivateAddress(host)
    return addresses


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.split("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inside = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if parsed in _NAT64:
            inside = ipaddress.IPv4Address(int(parsed) & 0xFFFF_FFFF)
        if inside is not None:
            return inside.is_global and not inside.is_multicast
    return parsed.is_global and not parsed.is_multicast


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
        pool._network_backend = GuardedBackend(httpcore2.SyncBackend(), self._allow_private)
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
            raise InputError("only http:// and https:// addresses can be fetched", where=url)
        if parts.username or parts.password:
            raise InputError("an address may not hold a name and password", where=parts.hostname)
        resolve(parts.hostname, port, self._allow_private)

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
                raise TooLarge(url, limit)
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

    def download(self, url: str, target: Path, limit: int, progress: Progress) -> None:
        """A file, whole, at `target`. Cut off, it goes on from what arrived: at once, and at the next call."""
        told = throttled(progress)
        try:
            _again(lambda: self._download_on(url, target, limit, told))
        except OSError as error:
            raise EngineError(
                f"the recording cannot be written ({error.strerror})",
                where=str(target.parent),
                remedy="Make room on the disk, then run the same command again.",
            ) from error

    def _download_on(self, url: str, target: Path, limit: int, progress: Progress) -> None:
        part = target.with_name(target.name + ".part")
        tag_file = target.with_name(target.name + ".etag")
        have = part.stat().st_size if part.exists() and tag_file.exists() else 0
        headers = {"accept-encoding": "identity"}
        if have:
            headers |= {"range": f"bytes={have}-", "if-range": json.loads(tag_file.read_text())}
        with self._stream(url, headers) as response:
            total = _whole_length(response)
            if response.status_code == 416 and have and have == total:
                _finish(part, tag_file, target)  # all had arrived when the run was stopped
                return
            if response.status_code == 416 and have:
                part.unlink()  # the file at the source has changed and is shorter now
                raise CutTransfer(url, "the file has changed")
            _raise_for_status(response, url)
            if response.status_code != 206:
                have = 0
                part.unlink(missing_ok=True)  # before the new tag: a tag must never vouch for older bytes
            elif not response.headers.get("content-range", "").startswith(f"bytes {have}-"):
                part.unlink(missing_ok=True)
                raise CutTransfer(url, "the server sent another part than was asked for")
            if total is not None and total > limit:
                raise TooLarge(url, limit)
            _remember_tag(response, tag_file)
            with part.open("ab" if have else "wb") as file:
                for chunk in response.iter_bytes(CHUNK):
                    have += len(chunk)
                    if have > limit:
                        raise TooLarge(url, limit)
                    file.write(chunk)
                    progress(have, total)
        if total is not None and have < total:
            raise CutTransfer(url, f"{have:,} of {total:,} bytes")
        _finish(part, tag_file, target)

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
            raise SourceError("leads to something that is no web address", where=url) from error
        except httpx2.HTTPError as error:
            raise CutTransfer(url, str(error) or type(error).__name__) from error
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


def _remember_tag(response: httpx2.Response, tag_file: Path) -> None:
    """What the server calls this version of the file; without a strong name a cut transfer begins anew."""
    tag = response.headers.get("etag", "")
    name = tag if tag and not tag.startswith("W/") else response.headers.get("last-modified", "")
    if name:
        tag_file.write_text(json.dumps(name))
    else:
        tag_file.unlink(missing_ok=True)


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
