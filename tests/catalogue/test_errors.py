"""What is said of an error goes on record: it opens nothing, and is one or two lines."""

from __future__ import annotations

import pytest

from catalogue import SourceError


@pytest.mark.parametrize(
    ("what", "where", "said"),
    [
        ("gone", "https://x.dk/a?token=abc&b=c", "https://x.dk/a?token=…&b=…: gone"),
        ("gone", "https://anne:hemmelig@x.dk/a", "https://…@x.dk/a: gone"),
        ("names (http://a:b@x.dk/1.ts?sig=1: no)", "x.dk", "x.dk: names (http://…@x.dk/1.ts?sig=… no)"),
        ("is 5 = 6", "/optagelser/a.mp4", "/optagelser/a.mp4: is 5 = 6"),
    ],
)
def test_addresses_are_told_without_their_keys(what: str, where: str, said: str) -> None:
    assert SourceError(what, where=where).sentence == said == str(SourceError(what, where=where))
