"""Connections to sources: only to public addresses, and none that a source can hold for ever."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore2

from catalogue import InputError, SourceError

SLOWEST = 10  # times the timeout for silence, over which the speed is taken
LEAST_SPEED = 1000  # bytes a second; the thinnest sound that anybody streams (16 kbit/s) is twice that
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What a network uses within itself, though Python may count it as public.
_WITHIN = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "64:ff9b:1::/48",  # RFC 8215: a network's own way to IPv4 addresses, at any place in these
        "fec0::/10",  # RFC 3879: site-local, no longer given out and still routed
        "::/96",  # RFC 4291, 2.5.5.1: IPv4-compatible
        "::ffff:0:0:0/96",  # RFC 2765, 2.1: IPv4-translated
    )
)


class PrivateAddress(InputError):
    """The address leads to this machine or a private network, and that is not allowed."""

    def __init__(self, host: str, url: str = "") -> None:
        self.host = host
        super().__init__(
            f"leads to a private address ({host})" if url else "leads to a private address",
            where=url or host,
            remedy="If that is meant, set TALERSTOL_ALLOW_PRIVATE_ADDRESSES=1.",
        )


class TooSlow(SourceError):
    """A source sends so little that it would never end."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"it sends less than {LEAST_SPEED / 1000:g} kB a second",
            where=where,
            remedy="Nothing to do if this is rare: the next run goes on where it stopped.",
        )


class GuardedBackend(httpcore2.NetworkBackend):
    """Resolves every host itself, refuses private addresses, and connects to the address it has checked.

    So neither a redirect nor a name that resolves otherwise the second time leads inside. `patience` are the seconds
    over which a source must send at `LEAST_SPEED`.
    """

    def __init__(self, inner: httpcore2.NetworkBackend, allow_private: bool, patience: float) -> None:
        self._inner, self._allow_private, self._patience = inner, allow_private, patience

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
                stream = self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
                return _PacedStream(stream, host, self._patience)
        stream = self._inner.connect_tcp(last, port, timeout, local_address, socket_options)
        return _PacedStream(stream, host, self._patience)


class _PacedStream(httpcore2.NetworkStream):
    """A connection on which the time spent waiting for the other side is measured, headers and all."""

    def __init__(self, inner: httpcore2.NetworkStream, host: str, patience: float) -> None:
        self._inner, self._host, self._patience = inner, host, patience
        self._waited, self._came = 0.0, 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        began = time.monotonic()
        data = self._inner.read(max_bytes, timeout)
        self._waited += time.monotonic() - began
        self._came += len(data)
        if self._waited > self._patience:
            if data and self._came < LEAST_SPEED * self._waited:
                raise TooSlow(self._host)
            self._waited, self._came = 0.0, 0
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._waited, self._came = 0.0, 0  # a new question
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, timeout)
        return _PacedStream(inner, self._host, self._patience)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


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
        if any(parsed in network for network in _WITHIN):
            return False
        inside = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if parsed in _NAT64:
            inside = ipaddress.IPv4Address(int(parsed) & 0xFFFF_FFFF)
        if inside is not None:
            return inside.is_global and not inside.is_multicast
    return parsed.is_global and not parsed.is_multicast
