"""The picture of a quote: right size, small, and bounded whatever the text."""

from __future__ import annotations

from io import BytesIO
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from starlette.testclient import TestClient

from tests.web.conftest import Built
from tests.web.quotes.conftest import TIMED
from web.quotes import picture
from web.quotes.picture import Busy, Card, can_draw, draw

pytestmark = pytest.mark.skipif(
    not can_draw(), reason="the design system, whose letters are used, is not fetched"
)
PICTURE = f"/moeder/{TIMED}/citat.png?fra=10&til=15.6"


def test_a_picture_for_cards(reader: TestClient, timed: Built) -> None:
    answer = reader.get(PICTURE)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "no-cache"
    assert len(answer.content) < 100_000
    with Image.open(BytesIO(answer.content)) as drawn:
        assert drawn.size == (1200, 630)
    assert reader.get(f"{PICTURE}&v=ffffffff").content == answer.content


def test_it_is_drawn_once_for_a_revision(
    reader: TestClient, timed: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = reader.get(PICTURE)
    monkeypatch.setattr(picture, "_draw", lambda card: pytest.fail("drawn again"))
    assert reader.get(PICTURE).content == first.content
    assert reader.get(PICTURE, headers={"if-none-match": first.headers["etag"]}).status_code == 304


def test_one_that_would_wait_too_long_is_put_off(monkeypatch: pytest.MonkeyPatch, reader: TestClient) -> None:
    monkeypatch.setattr(picture, "WAITS", 0.01)
    began, go_on = Event(), Event()
    real = picture._draw

    def slow(card: Card) -> bytes:
        began.set()
        go_on.wait(20)
        return real(card)

    monkeypatch.setattr(picture, "_draw", slow)
    card = Card("Ja", "A", "", "M", "F", "S")
    other = Thread(target=draw, args=(card,))
    other.start()
    began.wait(20)
    with pytest.raises(Busy):
        draw(card)
    answer = reader.get(PICTURE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    go_on.set()
    other.join(20)


@settings(max_examples=15, deadline=2000)
@given(st.text(max_size=3000), st.text(max_size=500))
def test_any_text_can_be_drawn(quote: str, other: str) -> None:
    assert draw(Card(quote, other, other, other, other, other)).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "a" + "\u0301" * 100_000, "ord " * 50_000, "", "\u202e\x00漢"]
)
def test_what_is_made_to_be_slow_is_not(text: str) -> None:
    assert len(draw(Card(text, text, text, text, text, text))) < 200_000
