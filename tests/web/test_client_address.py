"""Who asks: believed only from proxies that are trusted, and an IPv6 household is one."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.client_address import TrustedProxies, client_address, client_network, from_this_machine

TRUSTED = TrustedProxies.read("127.0.0.0/8, ::1/128, 10.0.0.0/8")


def scope(client: str | None, *forwarded: str) -> dict[str, object]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"type": "http", "client": (client, 5) if client else None, "headers": headers}


@pytest.mark.parametrize(
    ("client", "forwarded", "found"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),  # says so of itself: not believed
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # the first is the visitor's own word
        ("127.0.0.1", ["1.1.1.1, 198.51.100.1", "10.2.3.4"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("::1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("127.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1, nonsense, 10.1.1.1"], "10.1.1.1"),
        ("127.0.0.1", ["10.1.1.1"], "10.1.1.1"),
        ("testclient", [], None),
        (None, ["198.51.100.1"], None),
    ],
)
def test_the_address_past_trusted_proxies(
    client: str | None, forwarded: list[str], found: str | None
) -> None:
    address = client_address(scope(client, *forwarded), TRUSTED)
    assert address == (ip_address(found) if found else None)


@given(st.lists(st.text(max_size=40), max_size=30), st.sampled_from(["127.0.0.1", "203.0.113.7", "::1", "x"]))
def test_whatever_is_said_there_is_an_address_or_none(said: list[str], client: str) -> None:
    headers = [(b"x-forwarded-for", text.encode("latin-1", "replace")) for text in said]
    client_address({"type": "http", "client": (client, 1), "headers": headers}, TRUSTED)


def test_what_is_counted_as_one() -> None:
    assert client_network(ip_address("2001:db8:1:2:3::4")) == client_network(ip_address("2001:db8:1:2::9"))
    assert client_network(ip_address("2001:db8:1:3::1")) != client_network(ip_address("2001:db8:1:2::1"))
    assert client_network(ip_address("203.0.113.7")) == "203.0.113.7"
    assert client_network(ip_address("127.0.0.1")) is None
    assert client_network(ip_address("::1")) is None


def test_a_proxy_on_this_machine_is_not_this_machine() -> None:
    assert from_this_machine(scope("127.0.0.1"))
    assert not from_this_machine(scope("127.0.0.1", "198.51.100.1"))
    assert not from_this_machine(scope("203.0.113.7"))
    assert not from_this_machine(scope(None))
