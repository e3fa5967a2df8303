"""What waits to leave the index is in no hit, count, facet, group or title, on whatever page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from catalogue import Agenda, AgendaItem, Catalogue, EditKind, ItemSpan, Meeting, Segment, SpanStatus
from search import SearchRequest
from tests.web.conftest import CAPTIONS, Built, edit, filled, publish, recording
from web import create_app
from web.search_query import pairs, search_request

FIRST, SECOND = "ry-byraadet-2025-11-05", "ry-byraadet-2025-12-03"
EACH = 25  # passages of each meeting, more than a page


@pytest.fixture
def client(own: Built) -> TestClient:
    """Two meetings that say one word in every passage, the first of them also in its titles."""
    for one, title, day in ((FIRST, "Møde om fjernvarmen", 5), (SECOND, "Byrådsmøde", 3)):
        said = tuple(
            Segment(60.0 * n, 60.0 * n + 5, "Fjernvarmen er dyr.", f"Taler {one[-2:]}") for n in range(EACH)
        )
        meeting = Meeting(
            one, title, date(2025, 11 + (one == SECOND), day), "Byrådet", "Ry", (recording(one, 1, 0.0),),
            Agenda((AgendaItem("1", "Varmen"),)),
        )  # fmt: skip
        publish(
            own.catalogue, meeting, (said,), CAPTIONS, (ItemSpan(0, SpanStatus.DISCUSSED, 0.0, 9e3, 0.9),)
        )
    return TestClient(create_app(own.settings, own.catalogue, own.store, filled(own.settings, own.catalogue)))


def found(client: TestClient, **asked: object) -> dict[str, Any]:
    answer = client.get("/api/v1/search", params={"q": "fjernvarmen", **asked})  # type: ignore[dict-item]
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def redacted(catalogue: Catalogue) -> None:
    catalogue.add_edit(FIRST, edit(EditKind.REDACTION, 600.0, 601.0))


def corrected(catalogue: Catalogue) -> None:
    catalogue.add_edit(FIRST, edit(EditKind.CORRECTION, 0.0, 4.9, "Varmen er dyr."))


def entitled(catalogue: Catalogue) -> None:
    catalogue.follow_source(replace(catalogue.meeting(FIRST), title="Møde om noget andet"), ())


def opened(catalogue: Catalogue) -> None:
    catalogue.add_edit(FIRST, edit(EditKind.OPEN, 600.0, 601.0))


def moved(catalogue: Catalogue) -> None:
    """What is redacted stays where it is on the meeting's clock, and other sentences come there."""
    [one] = catalogue.meeting(FIRST).recordings
    catalogue.update_recording(replace(one, offset=3.0))


@pytest.mark.parametrize("change", [redacted, corrected, entitled, opened, moved])
def test_until_it_is_delivered_nothing_tells_of_the_meeting(
    client: TestClient, own: Built, change: Callable[[Catalogue], None]
) -> None:
    first, second = found(client), found(client, page=2)
    assert first["total"] == second["total"] == 2 * EACH
    change(own.catalogue)
    assert own.catalogue.outbox.withdrawing() == (FIRST,)

    for page, hits in ((1, 20), (2, EACH - 20), (3, 0)):
        now = found(client, page=page)
        assert (now["total"], len(now["hits"])) == (EACH, hits)
        assert {hit["meeting"]["id"] for hit in now["hits"]} <= {SECOND}
        assert now["facets"]["speaker"] == [{"value": "Taler 03", "count": EACH}]
        assert now["facets"]["municipality"] == [{"value": "Ry", "count": EACH}]
    grouped = found(client, grouped="true")
    assert [(g["meeting"]["id"], g["total"]) for g in grouped["groups"]] == [(SECOND, EACH)]
    assert (grouped["total"], grouped["group_total"]) == (EACH, 1)
    assert found(client, meeting=FIRST)["total"] == 0
    shown = client.get("/soeg", params={"q": "fjernvarmen"}).text
    assert FIRST not in shown and "Møde om" not in shown


def test_what_only_adds_is_found_meanwhile(client: TestClient, own: Built) -> None:
    [one] = own.catalogue.meeting(FIRST).recordings
    own.catalogue.update_recording(replace(one, has_video=True))
    assert own.catalogue.outbox.waits(FIRST)
    assert found(client)["total"] == 2 * EACH


def test_another_spelling_is_not_offered_for_what_waits_to_leave(client: TestClient, own: Built) -> None:
    assert found(client, q="fjernvarnen ")["total"] == 2 * EACH  # a slip that nobody said
    for one in (FIRST, SECOND):
        own.catalogue.add_edit(one, edit(EditKind.REDACTION, 600.0, 601.0))
    none = found(client, q="fjernvarnen ")
    assert (none["total"], none["hits"], none["also"], none["did_you_mean"]) == (0, [], [], None)
    assert not any(none["facets"].values())


def test_an_address_cannot_ask_for_it(client: TestClient) -> None:
    assert search_request(QueryParams(f"q=x&without={FIRST}")) == SearchRequest(q="x")
    assert found(client, without=FIRST)["total"] == 2 * EACH
    assert pairs(SearchRequest(q="x", without=(FIRST,))) == [("q", "x")]
