"""Who asks: the network that a request comes from, past the proxies that are trusted to say so.

Used to share what the server can do between those who ask, and to tell this machine from others. Never logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

FORWARDED = "x-forwarded-for"
HOPS = 10  # proxies in a row; more is somebody playing
HOUSE_BITS = 64  # of an IPv6 address: what one household or phone shares
# Any of these says that a proxy passed the request on.
_SIGNS = (FORWARDED, "forwarded", "x-real-ip", "via", "x-forwarded-host")


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The networks whose word about where a request comes from is taken."""

    networks: tuple[Network, ...]

    @classmethod
    def read(cls, text: str) -> TrustedProxies:
        """From networks with commas between. Raises `ValueError` for what is none."""
        return cls(tuple(ip_network(part.strip()) for part in text.split(",") if part.strip()))

    def __contains__(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self.networks)


def client_address(scope: Scope, trusted: TrustedProxies) -> Address | None:
    """The address that asks; None where there is none (a socket in the file system, a test)."""
    client = scope.get("client")
    address = _read(client[0]) if client else None
    if address is None or address not in trusted:
        return address
    # Each proxy adds whom it heard it from at the end: read backwards as long as they are believed.
    said = [hop for value in Headers(scope=scope).getlist(FORWARDED) for hop in value.split(",")]
    for hop in reversed(said[-HOPS:]):
        heard = _read(hop)
        if heard is None:
            return address
        address = heard
        if address not in trusted:
            return address
    return address


def client_network(address: Address) -> str | None:
    """What is counted as one: an IPv4 address, the /64 of an IPv6 one; None for this machine itself."""
    if address.is_loopback:
        return None
    return household(address)


def household(address: Address) -> str:
    """An IPv4 address, or of an IPv6 one the network that a household or a phone has."""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address) >> HOUSE_BITS << HOUSE_BITS, HOUSE_BITS)))
    return str(address)


def from_this_machine(scope: Scope) -> bool:
    """Whether a program on this machine asks directly, and no proxy for somebody else."""
    client = scope.get("client")
    address = _read(client[0]) if client else None
    headers = Headers(scope=scope)
    return address is not None and address.is_loopback and not any(sign in headers for sign in _SIGNS)


def _read(text: str) -> Address | None:
    """An address as it stands in a socket or a header: perhaps with a port, perhaps IPv4 written as IPv6."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
